// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuntimeDirectoryTest {
    private static final Path MEMORY = Path.of("/dev/shm");

    @TempDir
    private Path disk;

    @Test
    void liesInMemoryWhereThatCanBe() throws IOException {
        assumeThat(MEMORY).isWritable();
        assumeThat(Files.getFileStore(disk).type()).isNotEqualTo("tmpfs");
        assertThat(RuntimeDirectory.of(Path.of("/work"), List.of(disk, MEMORY))).startsWithRaw(MEMORY);
    }

    @Test
    void liesOnDiskWhereNothingElseCanBeWritten() {
        assertThat(RuntimeDirectory.of(Path.of("/work"), List.of(Path.of("/proc/none"), disk)))
                .startsWithRaw(disk);
    }

    @Test
    void liesInTheWorkDirectoryAsTheLastResort() {
        assertThat(RuntimeDirectory.of(disk, List.of(Path.of("/proc/none")))).isEqualTo(disk.resolve("run"));
    }

    @Test
    void liesInADirectoryOfTheAgentsUser() throws IOException {
        Path directory = RuntimeDirectory.of(Path.of("/work"), List.of(disk));
        Object user = Files.getAttribute(disk, "unix:uid");
        assertThat(disk.relativize(directory)).startsWithRaw(Path.of(user.equals(0) ? "tepui" : "tepui-" + user));
    }

    @Test
    void isTheSameForTheSameWorkDirectoryAndAnotherForAnother() {
        Path first = RuntimeDirectory.of(Path.of("/data/a"), List.of(disk));
        assertThat(RuntimeDirectory.of(Path.of("/data/b/../a"), List.of(disk))).isEqualTo(first);
        assertThat(RuntimeDirectory.of(Path.of("/data/b"), List.of(disk))).isNotEqualTo(first);
    }
}
