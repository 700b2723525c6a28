// SPDX-License-Identifier: Apache-2.0
package org.tepui.examples.wordcount;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * The text files under a directory, in the order of their paths, as they were when the job began.
 *
 * @param files path and length of each
 * @param bytes sum of the lengths
 * @param skipped files that were left out: binary (a zero byte near the start), unreadable, or with a line break in
 *     the name
 */
record InputFiles(List<Piece> files, long bytes, int skipped) {
    private static final int LOOK_BYTES = 8192;
    private static final Set<String> LEFT_OUT = Set.of(".git", "target", "node_modules", "var");

    /** @throws IOException if the directory cannot be read */
    static InputFiles under(Path directory) throws IOException {
        Collector collector = new Collector();
        Files.walkFileTree(directory, collector);
        collector.found.sort(Comparator.comparing(Piece::file));
        long bytes = collector.found.stream().mapToLong(Piece::length).sum();
        return new InputFiles(List.copyOf(collector.found), bytes, collector.skipped);
    }

    /** Cuts the files into chunks of about a size: small files share a chunk, large ones are spread over several. */
    List<List<Piece>> chunks(long chunkBytes) {
        List<List<Piece>> chunks = new ArrayList<>();
        List<Piece> current = new ArrayList<>();
        long room = chunkBytes;
        for (Piece file : files) {
            long offset = 0;
            while (offset < file.length()) {
                long length = Math.min(room, file.length() - offset);
                current.add(new Piece(file.file(), offset, length, file.length()));
                offset += length;
                room -= length;
                if (room == 0) {
                    chunks.add(current);
                    current = new ArrayList<>();
                    room = chunkBytes;
                }
            }
        }
        if (!current.isEmpty()) {
            chunks.add(current);
        }
        return chunks;
    }

    private static final class Collector extends SimpleFileVisitor<Path> {
        private final List<Piece> found = new ArrayList<>();
        private int skipped;

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            Path name = directory.getFileName();
            return name != null && LEFT_OUT.contains(name.toString())
                    ? FileVisitResult.SKIP_SUBTREE
                    : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile() && attributes.size() > 0) {
                Path absolute = file.toAbsolutePath().normalize();
                if (isText(absolute)) {
                    found.add(new Piece(absolute, 0, attributes.size(), attributes.size()));
                } else {
                    skipped++;
                }
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) {
            skipped++;
            return FileVisitResult.CONTINUE;
        }

        private static boolean isText(Path file) {
            if (file.toString().indexOf('\n') >= 0) {
                return false;
            }
            try (InputStream in = Files.newInputStream(file)) {
                for (byte b : in.readNBytes(LOOK_BYTES)) {
                    if (b == 0) {
                        return false;
                    }
                }
                return true;
            } catch (IOException e) {
                return false;
            }
        }
    }
}
