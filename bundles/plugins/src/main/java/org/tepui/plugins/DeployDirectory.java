// SPDX-License-Identifier: Apache-2.0
package org.tepui.plugins;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.api.service.PluginException;
import org.tepui.api.service.PluginException.Kind;
import org.tepui.api.service.PluginRefusal;
import org.tepui.api.service.PluginService;

/**
 * A directory whose jars are plug-ins: a jar that comes is installed, one that changes is installed beside what it was
 * if its version is another, and the plug-in of one that goes is removed. A file counts as soon as it was the same at
 * two looks, so that one which is still being copied is left alone.
 *
 * <p>A jar that is refused is not tried again until it changes, or the container starts again. Owned by one thread.
 */
final class DeployDirectory {
    private static final Logger log = LoggerFactory.getLogger(DeployDirectory.class);
    private static final int MOST_FILES = 1000;

    private final Path directory;
    private final PluginManager manager;
    private final Map<String, DeploySource> lastSeen = new TreeMap<>();
    private final Set<String> lastMissing = new HashSet<>();
    private final Map<String, Refused> refused = new TreeMap<>();
    private boolean tooManyLogged;

    private record Refused(DeploySource source, String reason) {}

    DeployDirectory(Path directory, PluginManager manager) {
        this.directory = directory;
        this.manager = manager;
    }

    /** The files that were not installed. */
    List<PluginRefusal> refused() {
        return refused.entrySet().stream()
                .map(entry -> new PluginRefusal(entry.getKey(), entry.getValue().reason()))
                .toList();
    }

    /** Looks once and does what follows. */
    void look() throws InterruptedException {
        Map<String, DeploySource> present;
        try {
            present = list();
        } catch (IOException e) {
            // a directory that cannot be listed says nothing about what is in it
            log.warn("{} cannot be listed: {}", directory, e.getMessage());
            return;
        }
        for (DeploySource source : present.values()) {
            boolean stable = source.equals(lastSeen.put(source.file(), source));
            if (stable && isNew(source)) {
                install(source);
            }
        }
        lastSeen.keySet().retainAll(present.keySet());
        refused.keySet().retainAll(present.keySet());
        for (DeployedFile deployed : manager.state().deployed()) {
            if (present.containsKey(deployed.file())) {
                lastMissing.remove(deployed.file());
            } else if (!lastMissing.add(deployed.file())) {
                lastMissing.remove(deployed.file());
                retire(deployed);
            }
        }
    }

    private boolean isNew(DeploySource source) {
        @Nullable DeployedFile deployed = manager.state().deployed(source.file());
        @Nullable Refused before = refused.get(source.file());
        return (deployed == null || !source.isSame(deployed))
                && (before == null || !before.source().equals(source));
    }

    private void install(DeploySource source) throws InterruptedException {
        Path path = directory.resolve(source.file());
        try {
            if (source.size() > PluginService.MAXIMUM_JAR_BYTES) {
                throw new PluginException(
                        Kind.INVALID,
                        source.file() + " is refused: it has " + source.size() + " bytes; "
                                + PluginService.MAXIMUM_JAR_BYTES + " are allowed");
            }
            byte[] content = Files.readAllBytes(path);
            if (isInstalled(source, content)) {
                return;
            }
            manager.install(content, source.file(), Optional.of(source), false);
            refused.remove(source.file());
        } catch (PluginException e) {
            refused.put(source.file(), new Refused(source, String.valueOf(e.getMessage())));
            if (e.kind() == Kind.ELSEWHERE) {
                log.info("{}: {}", path, e.getMessage());
            } else {
                log.error("{}: {}", path, e.getMessage());
            }
        } catch (IOException e) {
            // it may have gone; if it is still there at the next look, it is tried again
            log.warn("{} cannot be read: {}", path, e.getMessage());
        }
    }

    /** Whether this very jar is installed: its file was copied or touched, or it came by a call before. */
    private boolean isInstalled(DeploySource source, byte[] content) {
        String digest = PluginStore.digest(content);
        Optional<PluginRecord> same = manager.state().current().stream()
                .filter(record -> record.digest().equals(digest))
                .findFirst();
        same.ifPresent(record -> {
            PluginState changed = manager.state().copy();
            changed.addDeployed(source.installed(record));
            manager.updateDeployed(changed);
        });
        return same.isPresent();
    }

    /** The file went: so does its plug-in, if that is still the version that the file had. */
    private void retire(DeployedFile deployed) throws InterruptedException {
        Optional<PluginRecord> present = manager.state()
                .current(deployed.name())
                .filter(record -> record.file().equals(deployed.file())
                        && record.version().toString().equals(deployed.version()));
        if (present.isPresent()) {
            try {
                manager.remove(deployed.name(), Optional.of(deployed.version()), deployed.file());
            } catch (PluginException e) {
                log.error(
                        "{} went, but its plug-in stays: {}. 'tepui plugin remove {}' removes it later",
                        directory.resolve(deployed.file()),
                        e.getMessage(),
                        deployed.name());
            }
        }
        PluginState changed = manager.state().copy();
        changed.removeDeployed(deployed.file());
        manager.updateDeployed(changed);
    }

    private Map<String, DeploySource> list() throws IOException {
        Map<String, DeploySource> found = new TreeMap<>();
        if (!Files.isDirectory(directory)) {
            return found;
        }
        try (Stream<Path> paths = Files.list(directory)) {
            List<Path> jars = paths.filter(path -> {
                        String name = String.valueOf(path.getFileName());
                        return name.endsWith(".jar") && !name.startsWith(".");
                    })
                    .sorted()
                    .toList();
            if (jars.size() > MOST_FILES && !tooManyLogged) {
                tooManyLogged = true;
                log.error("{} has {} jars: only the first {} are looked at", directory, jars.size(), MOST_FILES);
            }
            for (Path jar : jars.subList(0, Math.min(MOST_FILES, jars.size()))) {
                read(jar).ifPresent(source -> found.put(source.file(), source));
            }
        }
        return found;
    }

    private static Optional<DeploySource> read(Path jar) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(jar, BasicFileAttributes.class);
            return attributes.isRegularFile()
                    ? Optional.of(new DeploySource(
                            String.valueOf(jar.getFileName()),
                            attributes.size(),
                            attributes.lastModifiedTime().toMillis()))
                    : Optional.empty();
        } catch (IOException e) {
            // it went between the two calls
            return Optional.empty();
        }
    }
}
