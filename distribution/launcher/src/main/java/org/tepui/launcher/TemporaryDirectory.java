// SPDX-License-Identifier: Apache-2.0
package org.tepui.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A directory that lasts as long as the process. */
final class TemporaryDirectory {
    private TemporaryDirectory() {}

    /** Makes one under the system's directory for such. */
    static Path create() throws LaunchException {
        try {
            return Files.createTempDirectory("tepui-");
        } catch (IOException e) {
            throw LaunchException.failure(
                    "no temporary directory can be made: " + e.getMessage() + ": name a directory with --work-dir");
        }
    }

    /** Deletes it with all it has; what cannot be deleted stays. */
    static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            System.err.println("tepui local: " + directory + " is not deleted as a whole: " + e.getMessage());
        }
    }
}
