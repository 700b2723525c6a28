// SPDX-License-Identifier: Apache-2.0
package org.tepui.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.tepui.api.metrics.MetricRegistry;

/**
 * What is known of the machine, under the names of Mesos: {@code system/cpus_total}, {@code system/load_1min} and so
 * on. Read from {@code /proc} at every snapshot; what cannot be read is left out.
 */
final class SystemFigures {
    private static final int BYTES_PER_KIB = 1024;
    private static final String[] LOADS = {"1min", "5min", "15min"};

    private final Path proc;

    private SystemFigures(Path proc) {
        this.proc = proc;
    }

    /** @param proc {@code /proc}, or what looks like it */
    static void list(MetricRegistry metrics, Path proc) {
        SystemFigures figures = new SystemFigures(proc);
        metrics.gauge("system/cpus_total", () -> Runtime.getRuntime().availableProcessors());
        for (int i = 0; i < LOADS.length; i++) {
            int column = i;
            metrics.gauge("system/load_" + LOADS[i], () -> figures.load(column));
        }
        metrics.gauge("system/mem_total_bytes", () -> figures.memory("MemTotal:"));
        metrics.gauge("system/mem_free_bytes", () -> figures.memory("MemFree:"));
    }

    private double load(int column) {
        return Double.parseDouble(read("loadavg").split(" ", -1)[column]);
    }

    private double memory(String name) {
        return read("meminfo")
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) * BYTES_PER_KIB)
                .findFirst()
                .orElse(Double.NaN);
    }

    private String read(String file) {
        try {
            return Files.readString(proc.resolve(file), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            // the gauge that throws is left out
            throw new IllegalStateException(file + " cannot be read", e);
        }
    }
}
