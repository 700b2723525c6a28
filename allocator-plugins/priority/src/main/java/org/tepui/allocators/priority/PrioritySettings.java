// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.priority;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.tepui.allocator.support.HierarchicalOptions;
import org.tepui.api.Role;
import org.tepui.api.configuration.ConfigurationReader;
import org.tepui.api.resources.Quantities;

/**
 * The settings of this policy, as {@link PriorityConfiguration} declares them.
 *
 * @param options those of the allocator that it is built on
 * @param classes of roles
 * @param guarantees by role
 * @param agingInterval after which a role that waits is served one class higher
 * @param mode what becomes of planned preemptions
 * @param preemption bounds of preemption
 */
record PrioritySettings(
        HierarchicalOptions options,
        PriorityClasses classes,
        SortedMap<Role, Quantities> guarantees,
        Duration agingInterval,
        PreemptionMode mode,
        PreemptionLimits preemption) {
    private static final Duration LONGEST = Duration.ofHours(1);

    /**
     * Bounds of preemption.
     *
     * @param patience how long a framework waits before others are preempted for it
     * @param grace between being asked to end and being killed
     * @param budget tasks of one role in a minute
     * @param interval between two plans
     * @param minimum bundles, one of which a framework needs that did not say what it needs
     */
    record PreemptionLimits(
            Duration patience, Duration grace, int budget, Duration interval, List<Quantities> minimum) {
        /** Copies the list. */
        PreemptionLimits {
            minimum = List.copyOf(minimum);
        }
    }

    /**
     * Reads the settings.
     *
     * @throws org.tepui.api.configuration.ConfigurationException naming every key that is not known or has a wrong
     *     value, and what is allowed
     */
    static PrioritySettings read(Map<String, String> configuration) {
        ConfigurationReader reader = ConfigurationReader.of(PriorityConfiguration.class, configuration);
        PrioritySettings settings = new PrioritySettings(
                HierarchicalOptions.read(reader),
                new PriorityClasses(classes(reader)),
                guarantees(reader),
                reader.duration("aging.interval", Duration.ofSeconds(1), Duration.ofDays(7)),
                reader.choice("preemption", PreemptionMode.class),
                new PreemptionLimits(
                        reader.duration("preemption.wait", Duration.ZERO, Duration.ofDays(1)),
                        reader.duration("preemption.grace", Duration.ZERO, LONGEST),
                        reader.integer("preemption.budget", 1, 10_000),
                        reader.duration("preemption.interval", Duration.ofMillis(100), LONGEST),
                        HierarchicalOptions.bundles(reader, "preemption.minimum")));
        reader.finish();
        return settings;
    }

    private static SortedMap<Role, Integer> classes(ConfigurationReader reader) {
        SortedMap<Role, Integer> classes = new TreeMap<>();
        for (String entry : reader.list("classes")) {
            int colon = entry.lastIndexOf(':');
            Role role = role(entry.substring(0, Math.max(0, colon)));
            Integer number = number(entry.substring(colon + 1));
            if (role == null || number == null) {
                reader.reject(
                        "classes",
                        "ROLE:CLASS with a whole number from " + -PriorityClasses.HIGHEST + " to "
                                + PriorityClasses.HIGHEST + " is allowed, such as prod:1000; '" + entry + "' is not");
            } else if (classes.put(role, number) != null) {
                reader.reject("classes", "one class for a role is allowed; '" + role + "' has several");
            }
        }
        return classes;
    }

    private static @Nullable Integer number(String text) {
        try {
            int number = Integer.parseInt(text.trim());
            return Math.abs((long) number) <= PriorityClasses.HIGHEST ? number : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static @Nullable Role role(String name) {
        try {
            return new Role(name.trim());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static SortedMap<Role, Quantities> guarantees(ConfigurationReader reader) {
        SortedMap<Role, Quantities> guarantees = new TreeMap<>();
        for (String entry : reader.list("guarantees")) {
            int equals = entry.indexOf('=');
            Role role = role(entry.substring(0, Math.max(0, equals)));
            Quantities amounts = amounts(entry.substring(equals + 1));
            if (role == null || amounts == null) {
                reader.reject(
                        "guarantees",
                        "ROLE=RESOURCES is allowed, such as batch=cpus:10;mem:4096; '" + entry + "' is not");
            } else if (role.parent() != null) {
                reader.reject(
                        "guarantees",
                        "roles without a role above them are allowed, and quotas are for others; '" + role
                                + "' is below another");
            } else if (guarantees.put(role, amounts) != null) {
                reader.reject("guarantees", "one guarantee for a role is allowed; '" + role + "' has several");
            }
        }
        return guarantees;
    }

    private static @Nullable Quantities amounts(String text) {
        try {
            Quantities amounts = Quantities.parse(text);
            return amounts.isEmpty() ? null : amounts;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
