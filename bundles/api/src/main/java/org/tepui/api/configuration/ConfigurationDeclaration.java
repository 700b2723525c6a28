// SPDX-License-Identifier: Apache-2.0
package org.tepui.api.configuration;

import java.lang.annotation.Annotation;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The keys that an annotation type declares, with their defaults. Keys follow from method names as Declarative Services
 * defines it.
 */
final class ConfigurationDeclaration {
    private final Map<String, String> defaults;

    private ConfigurationDeclaration(Map<String, String> defaults) {
        this.defaults = Collections.unmodifiableMap(defaults);
    }

    static ConfigurationDeclaration of(Class<? extends Annotation> declaration) {
        Map<String, String> defaults = new TreeMap<>();
        for (Method method : declaration.getDeclaredMethods()) {
            Object value = method.getDefaultValue();
            defaults.put(keyOf(method.getName()), value == null ? "" : textOf(value));
        }
        return new ConfigurationDeclaration(defaults);
    }

    /** Key to default; the default of a key that has none is empty. In alphabetical order. */
    Map<String, String> defaults() {
        return defaults;
    }

    /** A value as the text that a file would hold; the elements of an array or a list with commas. */
    static String textOf(Object value) {
        List<String> elements = new ArrayList<>();
        if (value.getClass().isArray()) {
            for (int i = 0; i < Array.getLength(value); i++) {
                elements.add(String.valueOf(Array.get(value, i)));
            }
        } else if (value instanceof Iterable<?> several) {
            several.forEach(element -> elements.add(String.valueOf(element)));
        } else {
            return String.valueOf(value).trim();
        }
        return String.join(",", elements);
    }

    /** {@code agent_ping_timeout} is {@code agent.ping.timeout}; two underscores are one, {@code $_$} is a hyphen. */
    private static String keyOf(String method) {
        return method.replace("$_$", "-")
                .replace("__", "\u0000")
                .replace('_', '.')
                .replace('\u0000', '_')
                .replace("$", "");
    }
}
