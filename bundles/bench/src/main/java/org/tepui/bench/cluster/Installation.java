// SPDX-License-Identifier: Apache-2.0
package org.tepui.bench.cluster;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tepui.bench.report.BenchException;

/**
 * The installation that this command belongs to, with a directory of its own for what its services keep. Closing
 * deletes that directory.
 */
final class Installation implements AutoCloseable {
    /** Set by the tepui script. */
    private static final String HOME = "tepui.home";

    private final Path home;
    private final Path workDirectory;

    private Installation(Path home, Path workDirectory) {
        this.home = home;
        this.workDirectory = workDirectory;
    }

    /** Finds it, and makes the directory. */
    static Installation open() throws BenchException {
        String home = System.getProperty(HOME);
        if (home == null || !Files.isExecutable(Path.of(home, "bin", "tepui"))) {
            throw new BenchException("no installation: run this as 'tepui bench'");
        }
        try {
            return new Installation(Path.of(home), Files.createTempDirectory("tepui-bench-"));
        } catch (IOException e) {
            throw new BenchException("cannot make a temporary directory: " + e.getMessage(), e);
        }
    }

    /** The tepui script. */
    Path program() {
        return home.resolve("bin/tepui");
    }

    /** The C program that spawns /bin/true in a loop. */
    Path spawnProgram() {
        return home.resolve("libexec/tepui-spawn-bench");
    }

    /** For the services and whatever else is kept. */
    Path workDirectory() {
        return workDirectory;
    }

    /** What the services of this run get as environment beside that of this process. */
    Map<String, String> environment() {
        return Map.of("TEPUI_VAR", workDirectory.toString());
    }

    @Override
    public void close() throws BenchException {
        try {
            Files.walkFileTree(workDirectory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                        throws IOException {
                    Files.delete(directory);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new BenchException("cannot delete " + workDirectory + ": " + e.getMessage(), e);
        }
    }
}
