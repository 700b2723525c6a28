// SPDX-License-Identifier: Apache-2.0
package org.tepui.bench.cluster;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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

/** Tasks per second from end to end, against spawning the same program from C. */
@Command(
        name = "tasks",
        description = "Runs /bin/true as tasks of one framework on a cluster that it starts, and spawns it from C in"
                + " turn, without a cluster. The first round is cold: everything was just started.")
public final class TasksBench extends BenchCommand {
    private static final double GOAL = 300;
    private static final double AIM_OF_C = 0.5;
    private static final long SUBSCRIBE_SECONDS = 30;
    private static final long ROUND_SECONDS = 600;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MILLI = 1e6;

    @Mixin
    private ClusterOptions options = new ClusterOptions();

    @Option(names = "--rounds", description = "rounds, the first is the cold one; 1 to 1000")
    private int rounds = 6;

    @Option(names = "--tasks", description = "tasks of a round; 1 to 1000000")
    private int tasks = 1000;

    private final List<Double> perSecond = new ArrayList<>();
    private final List<Double> cpuMillis = new ArrayList<>();
    private final List<Double> frameworkCpuMillis = new ArrayList<>();

    @Override
    protected Report measure() throws BenchException, InterruptedException {
        require("--rounds", rounds, 1, 1000);
        require("--tasks", tasks, 1, 1_000_000);
        require("--agents", options.agents, 1, 50);
        require("--task-millicpus", options.cpus, 1, 64_000);
        require("--task-mem", options.memory, 1, 1 << 20);
        TrueTasks kind = new TrueTasks(options.cpus, options.memory);
        ManyTasks framework = new ManyTasks(kind);
        try (Installation installation = Installation.open();
                Cluster cluster = Cluster.open(installation, options);
                DriverRuntime runtime = DriverRuntime.open("bench-tasks")) {
            SpawnLoop spawns = new SpawnLoop(installation);
            DriverConfig config = DriverConfig.of(cluster.master(), TrueTasks.framework("bench-tasks"));
            runtime.driver(config, framework).start();
            SchedulerDriver driver = Cluster.await(framework.awaitSubscription(), SUBSCRIBE_SECONDS, "subscribing");
            for (int round = 0; round < rounds; round++) {
                round(round, cluster, framework, driver);
                spawns.run(Math.max(tasks, 1000));
            }
            driver.teardown();
            return report(cluster.description(options), kind, spawns);
        }
    }

    private void round(int round, Cluster cluster, ManyTasks framework, SchedulerDriver driver)
            throws BenchException, InterruptedException {
        Optional<Long> cpuBefore = cluster.cpuMillis();
        double ownCpuBefore = ownCpuMillis();
        long begin = System.nanoTime();
        Cluster.await(framework.begin(driver, tasks), ROUND_SECONDS, "a round of tasks");
        double rate = tasks * NANOS_PER_SECOND / (System.nanoTime() - begin);
        perSecond.add(rate);
        frameworkCpuMillis.add((ownCpuMillis() - ownCpuBefore) / tasks);
        Optional<Long> cpuAfter = cluster.cpuMillis();
        if (cpuBefore.isPresent() && cpuAfter.isPresent()) {
            cpuMillis.add((double) (cpuAfter.get() - cpuBefore.get()) / tasks);
        }
        progress(String.format(
                Locale.ROOT,
                "round %d of %d%s: %d tasks, %.0f tasks/s",
                round + 1,
                rounds,
                round == 0 ? " (cold)" : "",
                tasks,
                rate));
    }

    /** Of this process alone, not of those that it started. */
    private static double ownCpuMillis() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime() / NANOS_PER_MILLI;
    }

    private Report report(String cluster, TrueTasks kind, SpawnLoop spawns) {
        Figures rate = Figures.coldFirst(perSecond);
        double share = rate.median() / spawns.perSecond();
        Report report = new Report(name())
                .fact("cluster", "cluster", cluster)
                .fact("task", "a task", kind.toString())
                .fact("rounds", "rounds", rounds)
                .fact("tasks_per_round", "tasks of a round", tasks)
                .fact("c_spawns_per_second", "spawned from C per second", spawns.perSecond())
                .fact("c_cpu_ms_per_spawn", "CPU of a spawn from C, ms", spawns.cpuMillis())
                .fact("ratio_to_c", "tasks to spawns from C", share);
        if (!cpuMillis.isEmpty()) {
            report.fact(
                            "cpu_ms_per_task",
                            "CPU of a task, ms",
                            Figures.coldFirst(cpuMillis).median())
                    .fact("cpu_of", "CPU of", "the cluster's processes: master, agents, launchers, shims, tasks")
                    .figures("cluster_cpu_ms_per_task", "CPU of a task, ms", Figures.coldFirst(cpuMillis));
        }
        return report.figures("tasks_per_second", "tasks/s", rate)
                .figures(
                        "framework_cpu_ms_per_task",
                        "CPU of this framework for a task, ms",
                        Figures.coldFirst(frameworkCpuMillis))
                .atLeast("tasks_per_second", GOAL, rate.median())
                .atLeast("ratio_to_c", AIM_OF_C, share);
    }
}
