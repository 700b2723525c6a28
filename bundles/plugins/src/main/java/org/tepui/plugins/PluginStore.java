// SPDX-License-Identifier: Apache-2.0
package org.tepui.plugins;

import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.api.service.PluginService;
import org.tepui.runtime.Disk;

/**
 * Keeps plug-ins over restarts: the jars by their digests in {@code jars}, and what is installed in {@code state},
 * which is replaced as a whole at each change. The container's own cache of bundles is made anew at every start.
 */
final class PluginStore {
    private static final Logger log = LoggerFactory.getLogger(PluginStore.class);
    private static final int MAXIMUM_STATE_BYTES = 4 << 20;

    private final Disk disk;
    private final Path stateFile;
    private final Path jars;
    private PluginState state = new PluginState();

    /** @param directory made if missing */
    PluginStore(Disk disk, Path directory) {
        this.disk = disk;
        this.stateFile = directory.resolve("state");
        this.jars = directory.resolve("jars");
    }

    /**
     * Reads what was kept. Damaged lines are left out, and the damaged file is kept beside.
     *
     * @throws IOException if the file cannot be read, or is of a form that is not known: nothing is changed then
     */
    void load() throws IOException {
        if (!disk.exists(stateFile)) {
            return;
        }
        byte[] bytes = disk.read(stateFile, MAXIMUM_STATE_BYTES);
        try {
            PluginStateFile.Content content = PluginStateFile.read(bytes);
            state = content.state();
            if (!content.damaged().isEmpty()) {
                Path beside = stateFile.resolveSibling("state.damaged");
                disk.writeAtomically(beside, bytes);
                log.error(
                        "{} is damaged in lines {}: what these said is lost, a copy is kept as {}",
                        stateFile,
                        content.damaged(),
                        beside);
            }
        } catch (PluginStateFile.UnknownFormException e) {
            throw new IOException(stateFile + " is no list of plug-ins that this version knows: " + e.getMessage()
                    + ". Start the version that wrote it, or move it away to go on without its plug-ins");
        }
    }

    /** What is kept. To be changed by {@link #save} only. */
    PluginState state() {
        return state;
    }

    /** Makes a state durable and the present one, then forgets jars that it does not name. */
    void save(PluginState changed) throws IOException {
        disk.writeAtomically(stateFile, PluginStateFile.write(changed));
        state = changed;
        sweep();
    }

    /** Keeps a jar and returns where; it goes at the next {@link #save} or {@link #sweep} if no state names it. */
    Path add(byte[] jar) throws IOException {
        Path path = path(digest(jar));
        disk.writeAtomically(path, jar);
        return path;
    }

    Path path(String digest) {
        return jars.resolve(digest + ".jar");
    }

    /**
     * Reads a jar that is kept.
     *
     * @throws IOException if it is not there or not what it was
     */
    byte[] read(String digest) throws IOException {
        byte[] jar = disk.read(path(digest), PluginService.MAXIMUM_JAR_BYTES);
        if (!digest(jar).equals(digest)) {
            throw new IOException(path(digest) + " is damaged: its SHA-256 is not its name any more");
        }
        return jar;
    }

    /** Forgets jars that the state does not name. */
    void sweep() {
        Set<String> named = Stream.concat(state.current().stream(), state.earlier().stream())
                .map(record -> record.digest() + ".jar")
                .collect(Collectors.toCollection(TreeSet::new));
        try {
            for (String file : disk.list(jars)) {
                if (!named.contains(file)) {
                    disk.delete(jars.resolve(file));
                }
            }
        } catch (IOException e) {
            log.warn("Jars of plug-ins that went cannot be deleted under {}: {}", jars, e.getMessage());
        }
    }

    /** SHA-256 in hexadecimal digits. */
    static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
