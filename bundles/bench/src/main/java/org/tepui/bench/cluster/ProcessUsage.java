// SPDX-License-Identifier: Apache-2.0
package org.tepui.bench.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.tepui.bench.report.BenchException;

/** What processes use, as the kernel counts it under /proc. */
final class ProcessUsage {
    /** The unit of times under /proc: always 100 a second on Linux. */
    private static final long MILLIS_PER_TICK = 10;

    private static final double KILOBYTES_PER_MEGABYTE = 1024;
    // positions after the name of the program, which may have spaces in it
    private static final int USER_TIME = 11;
    private static final int CHILDREN_TIME_END = 15;

    private ProcessUsage() {}

    /**
     * CPU time that a process, its descendants, and those of them that have ended took up to now, in ms.
     *
     * @param pid of a process that waits for its children, as do its descendants
     */
    static long cpuMillis(long pid) throws BenchException {
        ProcessHandle root = ProcessHandle.of(pid).orElseThrow(() -> new BenchException("process " + pid + " is gone"));
        List<ProcessHandle> tree =
                Stream.concat(Stream.of(root), root.descendants()).toList();
        long ticks = 0;
        for (ProcessHandle process : tree) {
            ticks += ticks(process.pid());
        }
        return ticks * MILLIS_PER_TICK;
    }

    /** Own time and that of children waited for; 0 for a process that is gone, since its parent has it now. */
    private static long ticks(long pid) throws BenchException {
        String stat;
        try {
            stat = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            if (!Files.exists(Path.of("/proc/" + pid))) {
                return 0;
            }
            throw new BenchException("cannot read what process " + pid + " uses: " + e.getMessage(), e);
        }
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        long ticks = 0;
        for (int i = USER_TIME; i < CHILDREN_TIME_END; i++) {
            ticks += Long.parseLong(fields[i]);
        }
        return ticks;
    }

    /** Memory of one process that is in RAM, in MB of 2^20 bytes. */
    static double residentMegabytes(long pid) throws BenchException {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"), StandardCharsets.ISO_8859_1)) {
                if (line.startsWith("VmRSS:")) {
                    String[] words = line.trim().split("\\s+", -1);
                    return Long.parseLong(words[1]) / KILOBYTES_PER_MEGABYTE;
                }
            }
        } catch (IOException e) {
            throw new BenchException("cannot read what process " + pid + " uses: " + e.getMessage(), e);
        }
        throw new BenchException("process " + pid + " has ended");
    }

    /** Memory of the descendants of a process, in MB of 2^20 bytes. */
    static double residentMegabytesOfChildren(long pid) throws BenchException {
        double sum = 0;
        for (ProcessHandle process : ProcessHandle.of(pid)
                .map(ProcessHandle::descendants)
                .orElse(Stream.empty())
                .toList()) {
            sum += residentMegabytes(process.pid());
        }
        return sum;
    }
}
