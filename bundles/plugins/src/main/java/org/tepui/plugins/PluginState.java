// SPDX-License-Identifier: Apache-2.0
package org.tepui.plugins;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is remembered of plug-ins over restarts. A mutable value, owned by one thread. */
final class PluginState {
    /** How many versions of a plug-in a rollback can return to. */
    static final int MOST_EARLIER = 3;

    private static final int MOST_ENTRIES = 1000;

    private final Map<String, PluginRecord> current = new LinkedHashMap<>();
    private final Map<String, List<PluginRecord>> earlier = new TreeMap<>();
    private final Map<String, DeployedFile> deployed = new TreeMap<>();
    private final List<JournalEntry> journal = new ArrayList<>();

    /** A copy that may be changed and thrown away. */
    PluginState copy() {
        PluginState copy = new PluginState();
        copy.current.putAll(current);
        earlier.forEach((name, records) -> copy.earlier.put(name, new ArrayList<>(records)));
        copy.deployed.putAll(deployed);
        copy.journal.addAll(journal);
        return copy;
    }

    /** The plug-ins that are installed, in the order in which they were. */
    List<PluginRecord> current() {
        return List.copyOf(current.values());
    }

    Optional<PluginRecord> current(String name) {
        return Optional.ofNullable(current.get(name));
    }

    /** The versions before, the latest first. */
    List<PluginRecord> earlier(String name) {
        List<PluginRecord> records = new ArrayList<>(earlier.getOrDefault(name, List.of()));
        Collections.reverse(records);
        return records;
    }

    /** All versions before, of all plug-ins, those of one plug-in from the oldest on. */
    List<PluginRecord> earlier() {
        return earlier.values().stream().flatMap(List::stream).toList();
    }

    /** Installs a version; the last one installed is the last in order. */
    void install(PluginRecord record) {
        current.remove(record.name());
        current.put(record.name(), record);
    }

    /** Takes the present version out. */
    void remove(String name) {
        current.remove(name);
    }

    /** Keeps a version for a rollback. */
    void keep(PluginRecord record) {
        List<PluginRecord> records = earlier.computeIfAbsent(record.name(), name -> new ArrayList<>());
        records.removeIf(kept -> kept.version().equals(record.version()));
        records.add(record);
        while (records.size() > MOST_EARLIER) {
            records.remove(0);
        }
    }

    /** Takes the latest version before out of those that are kept. */
    Optional<PluginRecord> takeEarlier(String name) {
        List<PluginRecord> records = earlier.getOrDefault(name, List.of());
        if (records.isEmpty()) {
            return Optional.empty();
        }
        PluginRecord latest = records.remove(records.size() - 1);
        if (records.isEmpty()) {
            earlier.remove(name);
        }
        return Optional.of(latest);
    }

    @Nullable
    DeployedFile deployed(String file) {
        return deployed.get(file);
    }

    List<DeployedFile> deployed() {
        return List.copyOf(deployed.values());
    }

    void addDeployed(DeployedFile file) {
        deployed.put(file.file(), file);
    }

    void removeDeployed(String file) {
        deployed.remove(file);
    }

    /** The changes made last, the oldest first. */
    List<JournalEntry> journal() {
        return List.copyOf(journal);
    }

    long nextEntryNumber() {
        return journal.isEmpty() ? 1 : journal.get(journal.size() - 1).number() + 1;
    }

    void addEntry(JournalEntry entry) {
        journal.add(entry);
        if (journal.size() > MOST_ENTRIES) {
            journal.remove(0);
        }
    }
}
