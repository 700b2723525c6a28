// SPDX-License-Identifier: Apache-2.0
package org.tepui.bench;

import org.tepui.bench.allocator.AllocatorBench;
import org.tepui.bench.cluster.LatencyBench;
import org.tepui.bench.cluster.MasterBench;
import org.tepui.bench.cluster.StartupBench;
import org.tepui.bench.cluster.TasksBench;
import org.tepui.bench.transport.TransportBench;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code tepui bench}: measures this installation on this machine. */
@Command(
        name = "tepui bench",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "BENCHMARK",
        description = "Measures this installation on this machine. Figures depend on what else runs: compare those of"
                + " one run only.",
        subcommands = {
            TransportBench.class,
            TasksBench.class,
            LatencyBench.class,
            MasterBench.class,
            StartupBench.class,
            AllocatorBench.class
        })
public final class Bench {
    private Bench() {}

    /** Runs one benchmark and ends the JVM with its exit code. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Bench()).execute(arguments));
    }
}
