// SPDX-License-Identifier: Apache-2.0
package org.tepui.launcher;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** All keys that one container knows. */
final class OptionCatalog {
    private final Map<String, List<Option>> byKey = new TreeMap<>();

    OptionCatalog(Collection<Option> options) {
        options.forEach(option ->
                byKey.computeIfAbsent(option.key(), key -> new ArrayList<>()).add(option));
    }

    /** In alphabetical order of their keys. Several configurations may share a key. */
    List<Option> options() {
        return byKey.values().stream().flatMap(List::stream).toList();
    }

    Collection<String> keys() {
        return byKey.keySet();
    }

    /** All options with this key; none if the key is not known. */
    List<Option> withKey(String key) {
        return byKey.getOrDefault(key, List.of());
    }

    /** The first option of a key. */
    Optional<Option> first(String key) {
        return withKey(key).stream().findFirst();
    }

    /** The names of the configurations. */
    Collection<String> pids() {
        Collection<String> pids = new TreeSet<>();
        options().forEach(option -> pids.add(option.pid()));
        return pids;
    }

    /** The options of one configuration. */
    OptionCatalog ofPid(String pid) {
        return new OptionCatalog(
                options().stream().filter(option -> option.pid().equals(pid)).toList());
    }

    /** The options of both. */
    OptionCatalog and(OptionCatalog other) {
        List<Option> all = new ArrayList<>(options());
        all.addAll(other.options());
        return new OptionCatalog(all);
    }
}
