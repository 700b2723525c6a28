// SPDX-License-Identifier: Apache-2.0
package org.tepui.examples.wordcount;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Words and how often each occurs. A word is kept as ISO 8859-1 text, one character a byte, so that any bytes are a
 * key; it is decoded as UTF-8 only to be shown.
 */
final class WordTable {
    /** One word with its count. */
    record Entry(String word, long count) {}

    private static final class Count {
        private long value;
    }

    private static final Comparator<Entry> MOST_FREQUENT_FIRST =
            Comparator.comparingLong(Entry::count).reversed().thenComparing(Entry::word);

    private final Map<String, Count> counts = new HashMap<>();
    private long total;

    void add(String word, long count) {
        counts.computeIfAbsent(word, w -> new Count()).value += count;
        total += count;
    }

    /** The sum of all counts. */
    long total() {
        return total;
    }

    int distinct() {
        return counts.size();
    }

    /** The most frequent words, the most frequent first, equal ones in the order of their bytes. */
    List<Entry> top(int limit) {
        return counts.entrySet().stream()
                .map(entry -> new Entry(entry.getKey(), entry.getValue().value))
                .sorted(MOST_FREQUENT_FIRST)
                .limit(limit)
                .toList();
    }

    /** The word as people read it. */
    static String shown(String word) {
        return new String(word.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** Writes one file per part; a word is always in the same part. Files appear whole or not at all. */
    void writeParts(List<Path> parts) throws IOException {
        List<BufferedWriter> writers = new ArrayList<>();
        try {
            for (Path part : parts) {
                writers.add(Files.newBufferedWriter(temporary(part), StandardCharsets.ISO_8859_1));
            }
            for (Map.Entry<String, Count> entry : counts.entrySet()) {
                BufferedWriter writer = writers.get(Math.floorMod(entry.getKey().hashCode(), parts.size()));
                writer.write(entry.getKey());
                writer.write('\t');
                writer.write(Long.toString(entry.getValue().value));
                writer.write('\n');
            }
        } finally {
            for (BufferedWriter writer : writers) {
                writer.close();
            }
        }
        for (Path part : parts) {
            Files.move(temporary(part), part, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Adds what {@link #writeParts} wrote. */
    void addFrom(Path part) throws IOException {
        try (BufferedReader reader = Files.newBufferedReader(part, StandardCharsets.ISO_8859_1)) {
            String line;
            while ((line = reader.readLine()) != null) {
                int tab = line.lastIndexOf('\t');
                if (tab <= 0) {
                    throw new IOException(part + " is damaged: a line has no tab");
                }
                add(line.substring(0, tab), Long.parseLong(line.substring(tab + 1)));
            }
        }
    }

    private static Path temporary(Path file) {
        return file.resolveSibling(
                file.getFileName() + ".tmp." + ProcessHandle.current().pid());
    }
}
