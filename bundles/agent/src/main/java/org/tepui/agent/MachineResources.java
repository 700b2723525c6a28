// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.api.resources.Ranges;
import org.tepui.api.resources.Resource;
import org.tepui.api.resources.ResourceValue;
import org.tepui.api.resources.Resources;
import org.tepui.api.resources.Scalar;
import org.tepui.runtime.Disk;

/**
 * What the machine has to offer, by the rules of Mesos.
 *
 * <p>{@code cpus}: as many as there are. {@code mem}, in MiB: what is there without 1 GiB, or half of it if there
 * is no more than 2 GiB; within a container what its cgroup allows counts. {@code disk}, in MiB: what is free where
 * the work directory lies without 5 GiB, or half of it if no more than 10 GiB are. {@code ports}: 31000 to 32000.
 * Where the machine does not say: 1 cpu, 1 GiB of memory, 10 GiB of disk.
 */
final class MachineResources {
    private static final Logger LOG = LoggerFactory.getLogger(MachineResources.class);
    private static final long MIB = 1 << 20;
    private static final long KIB = 1 << 10;
    private static final long GIB = 1 << 30;
    private static final long DEFAULT_MEMORY = GIB;
    private static final long DEFAULT_DISK = 10 * GIB;
    private static final int FIRST_PORT = 31000;
    private static final int LAST_PORT = 32000;
    private static final int MAXIMUM_FILE_BYTES = 1 << 20;
    private static final Path MEMORY_INFO = Path.of("/proc/meminfo");
    private static final Path CGROUP_LIMIT = Path.of("/sys/fs/cgroup/memory.max");
    private static final Path CGROUP_V1_LIMIT = Path.of("/sys/fs/cgroup/memory/memory.limit_in_bytes");

    private final Disk disk;
    private final Path workDirectory;
    private final int processors;

    /** @param processors how many there are */
    MachineResources(Disk disk, Path workDirectory, int processors) {
        this.disk = disk;
        this.workDirectory = workDirectory;
        this.processors = processors;
    }

    /**
     * What is configured; and of cpus, mem, disk and ports those that are not: as they were found earlier, else as
     * they are found now. Blocks.
     *
     * @param earlier what the same agent offered before, so that a disk that fills up does not make it another agent
     * @throws IllegalArgumentException if the text is not one of resources, saying where and why
     */
    Resources of(Optional<String> configured, Resources earlier) {
        Resources all = configured.map(Resources::parse).orElseGet(Resources::empty);
        for (String name : List.of("cpus", "mem", "disk", "ports")) {
            if (named(all, name).isEmpty()) {
                Resources before = named(earlier, name);
                all = all.add(before.isEmpty() ? Resources.of(found(name)) : before);
            }
        }
        return all;
    }

    private static Resources named(Resources resources, String name) {
        return resources.filter(resource -> resource.name().equals(name));
    }

    private Resource found(String name) {
        ResourceValue value = switch (name) {
            case "cpus" -> new Scalar(Math.max(1, processors) * 1000L);
            case "mem" -> mebibytes(memory());
            case "disk" -> mebibytes(space());
            case "ports" -> Ranges.of(FIRST_PORT, LAST_PORT);
            default -> throw new IllegalArgumentException(name + " is not found by looking at the machine");
        };
        return Resource.of(name, value);
    }

    private static Scalar mebibytes(long bytes) {
        return new Scalar(bytes / MIB * 1000);
    }

    private long memory() {
        OptionalLong installed = installedMemory();
        if (installed.isEmpty()) {
            return DEFAULT_MEMORY;
        }
        long bytes = Math.min(installed.getAsLong(), Math.min(limit(CGROUP_LIMIT), limit(CGROUP_V1_LIMIT)));
        return bytes > 2 * GIB ? bytes - GIB : bytes / 2;
    }

    private OptionalLong installedMemory() {
        return read(MEMORY_INFO)
                .lines()
                .filter(line -> line.startsWith("MemTotal:"))
                .map(line -> line.replaceAll("[^0-9]", ""))
                .filter(digits -> !digits.isEmpty())
                .mapToLong(digits -> Long.parseLong(digits) * KIB)
                .findFirst();
    }

    private long limit(Path file) {
        String text = read(file).strip();
        try {
            return text.isEmpty() ? Long.MAX_VALUE : Long.parseLong(text);
        } catch (NumberFormatException e) {
            // "max": there is none
            return Long.MAX_VALUE;
        }
    }

    private String read(Path file) {
        try {
            return disk.exists(file) ? new String(disk.read(file, MAXIMUM_FILE_BYTES), StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            LOG.warn("Cannot read {}: {}", file, e.getMessage());
            return "";
        }
    }

    private long space() {
        try {
            long usable = disk.usableBytes(workDirectory);
            return usable > 10 * GIB ? usable - 5 * GIB : usable / 2;
        } catch (IOException e) {
            LOG.warn("Cannot tell the free space at {}: {}", workDirectory, e.getMessage());
            return DEFAULT_DISK;
        }
    }
}
