// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
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
    private static final List<String> IN_MEMORY = List.of("tmpfs", "ramfs");
    private static final List<Path> PARENTS = List.of(Path.of("/run"), Path.of("/dev/shm"));

    private RuntimeDirectory() {}

    /** The directory for an agent with this work directory. */
    static Path of(Path workDirectory) {
        return of(workDirectory, PARENTS);
    }

    /** Below the first parent that is in memory and can be written, else below the first that can be written. */
    static Path of(Path workDirectory, List<Path> parents) {
        List<Path> writable = parents.stream().filter(Files::isWritable).toList();
        return writable.stream()
                .filter(RuntimeDirectory::isInMemory)
                .findFirst()
                .or(() -> writable.stream().findFirst())
                .map(parent -> parent.resolve(ofUser()).resolve("agent-" + name(workDirectory)))
                .orElse(workDirectory.resolve("run"));
    }

    /** Each user has a directory of his own, since the parent may be one that all may write to. */
    private static String ofUser() {
        try {
            int user = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            return user == 0 ? "tepui" : "tepui-" + user;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot tell who runs this agent", e);
        }
    }

    /** In some containers {@code /run} is a directory on disk. */
    private static boolean isInMemory(Path directory) {
        try {
            return IN_MEMORY.contains(Files.getFileStore(directory).type());
        } catch (IOException e) {
            return false;
        }
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
