// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Where the records of an agent's processes lie unless somebody chose: in memory, since no process outlives a
 * restart of the machine, and under a name that follows from the work directory, so that the next start finds them.
 */
final class RuntimeDirectory {
    private static final int NAME_BYTES = 8;
    private static final List<Path> PARENTS = List.of(Path.of("/run"), Path.of("/dev/shm"));

    private RuntimeDirectory() {}

    /** The directory for an agent with this work directory. */
    static Path of(Path workDirectory) {
        String name = name(workDirectory);
        for (Path parent : PARENTS) {
            if (Files.isWritable(parent)) {
                return parent.resolve("tepui").resolve("agent-" + name);
            }
        }
        return workDirectory.resolve("run");
    }

    private static String name(Path workDirectory) {
        try {
            byte[] path = workDirectory.toAbsolutePath().normalize().toString().getBytes(StandardCharsets.UTF_8);
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(path);
            return HexFormat.of().formatHex(digest, 0, NAME_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
