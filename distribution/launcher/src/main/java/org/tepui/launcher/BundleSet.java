// SPDX-License-Identifier: Apache-2.0
package org.tepui.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The bundles of one container by start level. A directory of bundles has one directory per level, its name the
 * number and a word: {@code 30-libraries}. A container takes what is shared and what is its own.
 */
final class BundleSet {
    /** The directory that every container takes. */
    static final String SHARED = "shared";

    private static final Pattern LEVEL = Pattern.compile("(\\d{1,3})-[a-z-]+");

    private final SortedMap<Integer, List<Path>> jarsByLevel;

    private BundleSet(SortedMap<Integer, List<Path>> jarsByLevel) {
        this.jarsByLevel = jarsByLevel;
    }

    /**
     * Lists the jars of some directories together.
     *
     * @throws IOException if one does not exist, or holds a directory that is not named as a level
     */
    static BundleSet of(Collection<Path> directories) throws IOException {
        SortedMap<Integer, List<Path>> jarsByLevel = new TreeMap<>();
        for (Path directory : directories) {
            for (Path level : list(directory)) {
                Matcher matcher = LEVEL.matcher(String.valueOf(level.getFileName()));
                if (!matcher.matches()) {
                    throw new IOException(level + " is not named NUMBER-WORD, as a start level is");
                }
                List<Path> jars = list(level).stream()
                        .filter(file -> file.toString().endsWith(".jar"))
                        .toList();
                jarsByLevel
                        .computeIfAbsent(Integer.valueOf(matcher.group(1)), number -> new ArrayList<>())
                        .addAll(jars);
            }
        }
        return new BundleSet(jarsByLevel);
    }

    /** In the order in which they start: level to jars. */
    SortedMap<Integer, List<Path>> jarsByLevel() {
        return jarsByLevel;
    }

    List<Path> jars() {
        return jarsByLevel.values().stream().flatMap(List::stream).toList();
    }

    int highestLevel() {
        return jarsByLevel.isEmpty() ? 1 : jarsByLevel.lastKey();
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(entry -> !String.valueOf(entry.getFileName()).startsWith("."))
                    .sorted()
                    .toList();
        }
    }
}
