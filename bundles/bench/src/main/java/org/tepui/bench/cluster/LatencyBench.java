// SPDX-License-Identifier: Apache-2.0
package org.tepui.bench.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.tepui.bench.report.BenchCommand;
import org.tepui.bench.report.BenchException;
import org.tepui.bench.report.Figures;
import org.tepui.bench.report.Report;
import org.tepui.driver.DriverConfig;
import org.tepui.driver.DriverRuntime;
import org.tepui.driver.SchedulerDriver;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How long an idle cluster takes from an offer to a running task. */
@Command(
        name = "latency",
        description = "Runs /bin/true one task at a time on an idle cluster that it starts, and takes the time from the"
                + " arrival of the offer at the framework to TASK_RUNNING there. The first round is cold: everything"
                + " was just started.")
public final class LatencyBench extends BenchCommand {
    private static final double MEDIAN = 0.5;
    private static final double TAIL = 0.99;
    private static final double MEDIAN_GOAL_MS = 20;
    private static final double TAIL_GOAL_MS = 100;
    private static final double NANOS_PER_MILLISECOND = 1e6;
    private static final long SUBSCRIBE_SECONDS = 30;
    private static final long ROUND_SECONDS = 600;

    @Mixin
    private ClusterOptions options = new ClusterOptions();

    @Option(names = "--rounds", description = "rounds, the first is the cold one; 1 to 1000")
    private int rounds = 4;

    @Option(names = "--tasks", description = "tasks of a round; 1 to 100000")
    private int tasks = 200;

    private final List<Double> medians = new ArrayList<>();
    private final List<Double> tails = new ArrayList<>();
    private final List<Double> longest = new ArrayList<>();

    @Override
    protected Report measure() throws BenchException, InterruptedException {
        require("--rounds", rounds, 1, 1000);
        require("--tasks", tasks, 1, 100_000);
        require("--agents", options.agents, 1, 50);
        require("--task-millicpus", options.cpus, 1, 64_000);
        require("--task-mem", options.memory, 1, 1 << 20);
        TrueTasks kind = new TrueTasks(options.cpus, options.memory);
        SingleTasks framework = new SingleTasks(kind);
        try (Installation installation = Installation.open();
                Cluster cluster = Cluster.open(installation, options);
                DriverRuntime runtime = DriverRuntime.open("bench-latency")) {
            DriverConfig config = DriverConfig.of(cluster.master(), TrueTasks.framework("bench-latency"));
            runtime.driver(config, framework).start();
            SchedulerDriver driver = Cluster.await(framework.awaitSubscription(), SUBSCRIBE_SECONDS, "subscribing");
            for (int round = 0; round < rounds; round++) {
                round(round, Cluster.await(framework.begin(driver, tasks), ROUND_SECONDS, "a round of tasks"));
            }
            driver.teardown();
            return report(cluster.description(options));
        }
    }

    private void round(int round, long[] nanos) {
        medians.add(Figures.quantile(nanos, MEDIAN) / NANOS_PER_MILLISECOND);
        tails.add(Figures.quantile(nanos, TAIL) / NANOS_PER_MILLISECOND);
        longest.add(Figures.quantile(nanos, 1) / NANOS_PER_MILLISECOND);
        progress(String.format(
                Locale.ROOT,
                "round %d of %d%s: %d tasks, p50 %.2f ms, p99 %.2f ms",
                round + 1,
                rounds,
                round == 0 ? " (cold)" : "",
                tasks,
                medians.get(round),
                tails.get(round)));
    }

    private Report report(String cluster) {
        Figures median = Figures.coldFirst(medians);
        Figures tail = Figures.coldFirst(tails);
        return new Report(name())
                .fact("cluster", "cluster", cluster)
                .fact("rounds", "rounds", rounds)
                .fact("tasks_per_round", "tasks of a round", tasks)
                .figures("p50_ms", "offer to TASK_RUNNING, p50, ms", median)
                .figures("p99_ms", "offer to TASK_RUNNING, p99, ms", tail)
                .figures("max_ms", "offer to TASK_RUNNING, longest, ms", Figures.coldFirst(longest))
                .atMost("p50_ms", MEDIAN_GOAL_MS, median.median())
                .atMost("p99_ms", TAIL_GOAL_MS, tail.median());
    }
}
