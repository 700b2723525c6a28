// SPDX-License-Identifier: Apache-2.0
package org.tepui.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tepui.api.metrics.MetricRegistry;

class SystemFiguresTest {
    @TempDir
    Path proc;

    private final MetricRegistry metrics = new MetricRegistry();

    @Test
    void hasTheMachineUnderTheNamesOfMesos() throws IOException {
        Files.writeString(proc.resolve("loadavg"), "0.50 1.25 2.00 3/400 12345\n");
        Files.writeString(proc.resolve("meminfo"), "MemTotal:       24576 kB\nMemFree:   1024 kB\nBuffers: 7 kB\n");
        SystemFigures.list(metrics, proc);

        assertThat(metrics.snapshot())
                .containsEntry("system/load_1min", 0.5)
                .containsEntry("system/load_5min", 1.25)
                .containsEntry("system/load_15min", 2.0)
                .containsEntry("system/mem_total_bytes", 24576.0 * 1024)
                .containsEntry("system/mem_free_bytes", 1024.0 * 1024)
                .containsEntry(
                        "system/cpus_total", (double) Runtime.getRuntime().availableProcessors());
    }

    @Test
    void leavesOutWhatCannotBeRead() throws IOException {
        Files.writeString(proc.resolve("loadavg"), "garbage");
        SystemFigures.list(metrics, proc);

        assertThat(metrics.snapshot()).containsOnlyKeys("system/cpus_total");
    }
}
