// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.fairshare;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a unit of each resource counts towards usage. Immutable.
 *
 * @param byName by the resource's name, per unit of it, zero or more; empty if the dominant share counts instead
 */
record UsageWeights(Map<String, Double> byName) {
    private static final UsageWeights NONE = new UsageWeights(new TreeMap<>());
    private static final double LARGEST = 1e9;
    private static final double KILO = 1024;

    /** Copies the map. */
    UsageWeights {
        byName = Collections.unmodifiableMap(new TreeMap<>(byName));
    }

    /** The dominant share counts. */
    static UsageWeights none() {
        return NONE;
    }

    /**
     * Reads entries such as {@code cpus:1} and {@code mem:0.25/GB}.
     *
     * @throws IllegalArgumentException naming the entry
     */
    static UsageWeights parse(List<String> entries) {
        Map<String, Double> byName = new TreeMap<>();
        for (String entry : entries) {
            int colon = entry.lastIndexOf(':');
            String name = entry.substring(0, Math.max(0, colon)).trim();
            double weight = weight(entry.substring(colon + 1).trim());
            if (name.isEmpty() || !(weight >= 0 && weight <= LARGEST)) {
                throw new IllegalArgumentException(
                        "'" + entry + "' is none: a number is 0 to 1000000000, its unit MB, GB or TB");
            }
            if (byName.put(name, weight) != null) {
                throw new IllegalArgumentException(name + " is named twice");
            }
        }
        if (!byName.isEmpty() && byName.values().stream().allMatch(weight -> weight == 0)) {
            throw new IllegalArgumentException("one at least has to count more than zero");
        }
        return new UsageWeights(byName);
    }

    /** NaN if it is not a weight. */
    private static double weight(String text) {
        int slash = text.indexOf('/');
        try {
            double number = Double.parseDouble(slash < 0 ? text : text.substring(0, slash));
            return slash < 0 ? number : number / size(text.substring(slash + 1).trim());
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    /** Of a unit, in megabytes, because amounts of memory and disk are in these; NaN if it is none. */
    private static double size(String unit) {
        return switch (unit) {
            case "MB" -> 1;
            case "GB" -> KILO;
            case "TB" -> KILO * KILO;
            default -> Double.NaN;
        };
    }

    /** Whether the dominant share counts, and not a sum. */
    boolean isEmpty() {
        return byName.isEmpty();
    }

    /** What a unit counts; 1 for every resource if none has a weight. */
    double of(String resource) {
        return byName.isEmpty() ? 1 : byName.getOrDefault(resource, 0.0);
    }
}
