// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The settings of a policy, as its service carries them. */
final class PolicyConfiguration {
    /** Keys that a container adds to every service. */
    private static final List<String> CONTAINER_KEYS =
            List.of("component.", "service.", "objectClass", "felix.", "osgi.", ".");

    private PolicyConfiguration() {}

    /** What the operator set, as text; lists have commas between their items. */
    static Map<String, String> of(Map<String, Object> properties) {
        Map<String, String> settings = new TreeMap<>();
        properties.forEach((key, value) -> {
            if (CONTAINER_KEYS.stream().noneMatch(key::startsWith)) {
                settings.put(key, text(value));
            }
        });
        return settings;
    }

    private static String text(Object value) {
        if (value instanceof Object[] items) {
            return Arrays.stream(items).map(String::valueOf).collect(Collectors.joining(","));
        }
        if (value instanceof Collection<?> items) {
            return items.stream().map(String::valueOf).collect(Collectors.joining(","));
        }
        return String.valueOf(value);
    }
}
