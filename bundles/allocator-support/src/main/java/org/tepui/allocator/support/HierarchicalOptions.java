// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator.support;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tepui.api.resources.Quantities;

/**
 * The settings of the hierarchical allocator. Keys and defaults are those of the Mesos master where it has them.
 *
 * @param allocationInterval the least time for which a decline holds, and the most that a declined agent waits before
 *     it is offered to others; 10
 *     ms to 1 h, key {@code allocation_interval}, such as {@code 1secs}
 * @param minimumAllocatable bundles of which an offer has to hold at least one, key
 *     {@code min_allocatable_resources}, such as {@code cpus:0.01|mem:32}
 * @param keepGpus whether agents with GPUs are kept for frameworks that can use them, key
 *     {@code filter_gpu_resources}
 * @param reoffersPerSecond how many declined offers are made to others in a second, so that frameworks that decline
 *     everything do not keep the
 *     master busy; 1 to 1,000,000, key {@code reoffers_per_second}
 */
public record HierarchicalOptions(
        Duration allocationInterval, List<Quantities> minimumAllocatable, boolean keepGpus, int reoffersPerSecond) {
    /** The key of the least time for which a decline holds. */
    public static final String ALLOCATION_INTERVAL = "allocation_interval";

    /** The key of the bundles of which an offer has to hold one. */
    public static final String MIN_ALLOCATABLE_RESOURCES = "min_allocatable_resources";

    /** The key of whether GPUs are kept for frameworks that can use them. */
    public static final String FILTER_GPU_RESOURCES = "filter_gpu_resources";

    /** The key of how many declined offers are made to others in a second. */
    public static final String REOFFERS_PER_SECOND = "reoffers_per_second";

    private static final Map<String, String> DEFAULTS = Map.of(
            ALLOCATION_INTERVAL, "1secs",
            MIN_ALLOCATABLE_RESOURCES, "cpus:0.01|mem:32",
            FILTER_GPU_RESOURCES, "true",
            REOFFERS_PER_SECOND, "10000");

    private static final Map<String, Long> NANOS = Map.of(
            "ns", 1L,
            "us", 1_000L,
            "ms", 1_000_000L,
            "secs", 1_000_000_000L,
            "mins", 60_000_000_000L,
            "hrs", 3_600_000_000_000L);

    /** Copies the list. */
    public HierarchicalOptions {
        minimumAllocatable = List.copyOf(minimumAllocatable);
    }

    /** Every setting at its default. */
    public static HierarchicalOptions defaults() {
        return parse(Map.of(), new ArrayList<>());
    }

    /**
     * Reads the settings, and removes nothing: keys of others are passed over.
     *
     * @param problems where each setting at fault is described, with key, value and what is allowed; its default is
     *     used then
     */
    public static HierarchicalOptions parse(Map<String, String> configuration, List<String> problems) {
        Map<String, String> values = new TreeMap<>(DEFAULTS);
        configuration.forEach(values::replace);
        return new HierarchicalOptions(
                interval(values, problems),
                minimum(values, problems),
                keepGpus(values, problems),
                rate(values, problems));
    }

    /** Whether a key is one of these settings. */
    public static boolean isKey(String key) {
        return DEFAULTS.containsKey(key);
    }

    /** The keys of these settings. */
    public static SortedSet<String> keys() {
        return new TreeSet<>(DEFAULTS.keySet());
    }

    private static Duration interval(Map<String, String> values, List<String> problems) {
        String text = values.getOrDefault(ALLOCATION_INTERVAL, "");
        String unit = text.replaceFirst("^[0-9]+", "");
        String number = text.substring(0, text.length() - unit.length());
        Long nanos = NANOS.get(unit);
        if (nanos != null && !number.isEmpty() && number.length() <= 9) {
            long total = Long.parseLong(number) * (nanos / 1000) / 1000;
            if (total >= 10 && total <= 3_600_000) {
                return Duration.ofMillis(total);
            }
        }
        problems.add(ALLOCATION_INTERVAL + " = '" + text + "' is not allowed: 10ms to 1hrs, in ms, secs, mins or hrs");
        return Duration.ofSeconds(1);
    }

    private static List<Quantities> minimum(Map<String, String> values, List<String> problems) {
        String text = values.getOrDefault(MIN_ALLOCATABLE_RESOURCES, "");
        List<Quantities> bundles = new ArrayList<>();
        try {
            for (String part : text.split("\\|", -1)) {
                if (!text.isBlank()) {
                    bundles.add(Quantities.parse(part));
                }
            }
        } catch (IllegalArgumentException e) {
            problems.add(MIN_ALLOCATABLE_RESOURCES + " = '" + text + "' is not allowed, bundles such as"
                    + " cpus:0.01|mem:32 are: " + e.getMessage());
        }
        return bundles;
    }

    private static boolean keepGpus(Map<String, String> values, List<String> problems) {
        String text = values.getOrDefault(FILTER_GPU_RESOURCES, "");
        if (!text.equals("true") && !text.equals("false")) {
            problems.add(FILTER_GPU_RESOURCES + " = '" + text + "' is not allowed: true or false");
        }
        return !text.equals("false");
    }

    private static int rate(Map<String, String> values, List<String> problems) {
        String text = values.getOrDefault(REOFFERS_PER_SECOND, "");
        if (text.matches("[1-9][0-9]{0,6}") && Integer.parseInt(text) <= 1_000_000) {
            return Integer.parseInt(text);
        }
        problems.add(REOFFERS_PER_SECOND + " = '" + text + "' is not allowed: 1 to 1000000");
        return 10_000;
    }
}
