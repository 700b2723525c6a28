// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.drf;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.tepui.allocator.support.HierarchicalOptions;

/**
 * The settings of this policy.
 *
 * @param options those of the allocator that it is built on
 * @param excluded names of resources that do not count for fairness, key
 *     {@code fair_sharing_excluded_resource_names}: separated by commas, none by default
 */
record DrfConfiguration(HierarchicalOptions options, SortedSet<String> excluded) {
    static final String EXCLUDED = "fair_sharing_excluded_resource_names";

    /**
     * Reads the settings.
     *
     * @throws IllegalArgumentException naming every key that is not known or has a wrong value, and what is allowed
     */
    static DrfConfiguration parse(Map<String, String> configuration) {
        List<String> problems = new ArrayList<>();
        for (String key : new TreeSet<>(configuration.keySet())) {
            if (!key.equals(EXCLUDED) && !HierarchicalOptions.isKey(key)) {
                problems.add(key + " is not a setting: " + EXCLUDED + " and " + HierarchicalOptions.keys() + " are");
            }
        }
        HierarchicalOptions options = HierarchicalOptions.parse(configuration, problems);
        SortedSet<String> excluded = excluded(configuration.getOrDefault(EXCLUDED, ""), problems);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("allocator drf: " + String.join("; ", problems));
        }
        return new DrfConfiguration(options, excluded);
    }

    private static SortedSet<String> excluded(String text, List<String> problems) {
        SortedSet<String> names = new TreeSet<>();
        for (String part : text.split(",", -1)) {
            String name = part.strip();
            if (name.isEmpty() && !text.isBlank()) {
                problems.add(
                        EXCLUDED + " = '" + text + "' is not allowed: names with commas between them, such as gpus");
            } else if (!name.isEmpty()) {
                names.add(name);
            }
        }
        return names;
    }
}
