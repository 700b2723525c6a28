// SPDX-License-Identifier: Apache-2.0
package org.tepui.examples.wordcount;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The directory through which the tasks of a job pass files to each other. It has to be the same for all agents: on
 * one machine any directory is.
 *
 * @param path absolute
 */
record JobDirectory(Path path) {
    /** The description of a map task's chunk. */
    Path chunk(int map) {
        return path.resolve("chunk-" + map);
    }

    /** What a map task found for a reduce task. */
    Path mapped(int map, int reduce) {
        return path.resolve("map-" + map + "-" + reduce);
    }

    /** What a reduce task added up. */
    Path reduced(int reduce) {
        return path.resolve("reduce-" + reduce);
    }

    void writeChunks(List<List<Piece>> chunks) throws IOException {
        Files.createDirectories(path);
        for (int i = 0; i < chunks.size(); i++) {
            Files.write(chunk(i), chunks.get(i).stream().map(Piece::toLine).toList(), StandardCharsets.UTF_8);
        }
    }

    /** Counts one chunk and writes a part for each reduce task. */
    void map(int map, int reduces) throws IOException {
        WordTable table = new WordTable();
        ChunkCounter counter = new ChunkCounter(table);
        for (String line : Files.readAllLines(chunk(map), StandardCharsets.UTF_8)) {
            counter.count(Piece.parse(line));
        }
        List<Path> parts = new ArrayList<>();
        for (int reduce = 0; reduce < reduces; reduce++) {
            parts.add(mapped(map, reduce));
        }
        table.writeParts(parts);
    }

    /** Adds up one part of all map tasks. */
    void reduce(int reduce, int maps) throws IOException {
        WordTable table = new WordTable();
        for (int map = 0; map < maps; map++) {
            table.addFrom(mapped(map, reduce));
        }
        table.writeParts(List.of(reduced(reduce)));
    }

    /** All parts together. */
    WordTable result(int reduces) throws IOException {
        WordTable table = new WordTable();
        for (int reduce = 0; reduce < reduces; reduce++) {
            table.addFrom(reduced(reduce));
        }
        return table;
    }
}
