// SPDX-License-Identifier: Apache-2.0
package org.tepui.launcher;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What was set for one container, and what is wrong with it. Keys that nobody set have their defaults. */
final class Settings {
    private final OptionCatalog catalog;
    private final Map<String, Map<String, String>> valuesByPid;
    private final List<String> problems;

    Settings(OptionCatalog catalog, Map<String, Map<String, String>> valuesByPid, List<String> problems) {
        this.catalog = catalog;
        this.valuesByPid = valuesByPid;
        this.problems = List.copyOf(problems);
    }

    /** A sentence per problem; none if the settings can be used. */
    List<String> problems() {
        return problems;
    }

    OptionCatalog catalog() {
        return catalog;
    }

    /**
     * The text that a key was set to, in any configuration that knows it, or else its default; none if it is empty.
     */
    Optional<String> text(String key) {
        return Stream.concat(
                        catalog.withKey(key).stream()
                                .map(option -> values(option.pid()).getOrDefault(key, "")),
                        catalog.withKey(key).stream().map(Option::defaultText))
                .filter(text -> !text.isEmpty())
                .findFirst();
    }

    /** What was set of one configuration, by key. */
    Map<String, String> values(String pid) {
        return valuesByPid.getOrDefault(pid, Map.of());
    }

    /** What was set of one configuration as ConfigAdmin takes it: a text, or several for a list. */
    Map<String, Object> properties(String pid) {
        Map<String, Object> properties = new TreeMap<>();
        OptionCatalog options = catalog.ofPid(pid);
        values(pid).forEach((key, text) -> {
            boolean multiple = options.first(key).map(Option::multiple).orElse(false);
            properties.put(key, multiple ? text.split("\\s*,\\s*", -1) : text);
        });
        return properties;
    }

    /** The same settings with some set otherwise, in every configuration that knows the key. */
    Settings with(Map<String, String> others) {
        Map<String, Map<String, String>> changed = new TreeMap<>();
        catalog.pids().forEach(pid -> changed.put(pid, new TreeMap<>(values(pid))));
        others.forEach((key, text) -> catalog.withKey(key)
                .forEach(option -> changed.computeIfAbsent(option.pid(), pid -> new TreeMap<>())
                        .put(key, text)));
        return new Settings(catalog, Collections.unmodifiableMap(changed), problems);
    }

    /** The same settings with other defaults: they hold where nobody set anything. */
    Settings withDefaults(Map<String, String> defaults) {
        Map<String, String> missing = new TreeMap<>();
        defaults.forEach((key, text) -> {
            boolean set = catalog.withKey(key).stream()
                    .anyMatch(option -> values(option.pid()).containsKey(key));
            if (!set) {
                missing.put(key, text);
            }
        });
        return with(missing);
    }
}
