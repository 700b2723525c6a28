// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What runs on this machine, as Linux shows it. */
public final class ProcessTable {
    private static final long INTERRUPT_BIT = 1L << 1;

    private ProcessTable() {}

    /**
     * The processes that belong to a directory: that run in it, or name it in their command or environment. Services,
     * shims and tasks all do. A task of a process that ended but was not yet waited for does not count.
     *
     * @return a line for each: process id and command
     */
    public static List<String> of(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            return entries.filter(entry -> String.valueOf(entry.getFileName()).matches("\\d+"))
                    .filter(entry -> !String.valueOf(entry.getFileName())
                            .equals(String.valueOf(ProcessHandle.current().pid())))
                    .filter(entry -> belongs(entry, directory.toString()))
                    .map(entry -> entry.getFileName() + " "
                            + read(entry.resolve("cmdline")).orElse(""))
                    .toList();
        }
    }

    private static boolean belongs(Path process, String directory) {
        return read(process.resolve("cmdline"))
                        .filter(text -> text.contains(directory))
                        .isPresent()
                || read(process.resolve("environ"))
                        .filter(text -> text.contains(directory))
                        .isPresent()
                || workingDirectory(process)
                        .filter(text -> text.startsWith(directory))
                        .isPresent();
    }

    private static Optional<String> workingDirectory(Path process) {
        try {
            return Optional.of(Files.readSymbolicLink(process.resolve("cwd")).toString());
        } catch (IOException e) {
            // it ended meanwhile
            return Optional.empty();
        }
    }

    private static Optional<String> read(Path file) {
        try {
            return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).replace('\0', ' '));
        } catch (IOException e) {
            // it ended meanwhile
            return Optional.empty();
        }
    }

    /**
     * The name of the signal that Ctrl-C sends, or that of the one that a service takes alike where this process was
     * started with interrupts ignored: then the processes that it starts ignore them too.
     */
    public static String interrupt() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("SigIgn:")) {
                long ignored = Long.parseUnsignedLong(
                        line.substring(line.indexOf(':') + 1).strip(), 16);
                return (ignored & INTERRUPT_BIT) == 0 ? "INT" : "TERM";
            }
        }
        throw new IOException("/proc/self/status names no ignored signals");
    }
}
