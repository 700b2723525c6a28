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
import picocli.CommandLine.Option;

/** How soon a master and an agent are ready, and what they hold in memory. */
@Command(
        name = "startup",
        description = "Starts a master and an agent, each as a process of its own, takes the time until each says that"
                + " it is ready, and their memory then and after some tasks. Every start is a cold one: a new JVM."
                + " The first round may also find cold file caches.")
public final class StartupBench extends BenchCommand {
    private static final double READY_GOAL_SECONDS = 2;
    private static final double AGENT_GOAL_MB = 130;
    private static final double MASTER_GOAL_MB = 140;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final long SUBSCRIBE_SECONDS = 30;
    private static final long TASKS_SECONDS = 300;
    private static final TrueTasks KIND = new TrueTasks(10, 1);

    @Option(names = "--rounds", description = "starts, the first may find cold file caches; 1 to 1000")
    private int rounds = 5;

    @Option(names = "--tasks", description = "tasks that the agent runs in each round; 1 to 100000")
    private int tasks = 100;

    private final List<Double> masterSeconds = new ArrayList<>();
    private final List<Double> agentSeconds = new ArrayList<>();
    private final List<Double> masterStarted = new ArrayList<>();
    private final List<Double> agentStarted = new ArrayList<>();
    private final List<Double> masterUsed = new ArrayList<>();
    private final List<Double> agentUsed = new ArrayList<>();
    private final List<Double> launcherUsed = new ArrayList<>();

    @Override
    protected Report measure() throws BenchException, InterruptedException {
        require("--rounds", rounds, 1, 1000);
        require("--tasks", tasks, 1, 100_000);
        for (int round = 0; round < rounds; round++) {
            round();
            progress(String.format(
                    Locale.ROOT,
                    "round %d of %d: master ready in %.2f s, agent in %.2f s; after %d tasks %.0f MB and %.0f MB",
                    round + 1,
                    rounds,
                    masterSeconds.get(round),
                    agentSeconds.get(round),
                    tasks,
                    masterUsed.get(round),
                    agentUsed.get(round)));
        }
        return report();
    }

    private void round() throws BenchException, InterruptedException {
        try (Installation installation = Installation.open();
                ServiceProcess master = ServiceProcess.start(
                        installation,
                        List.of("master", "--port", "0", "--work-dir", directory(installation, "master")));
                ServiceProcess agent = ServiceProcess.start(
                        installation,
                        List.of(
                                "agent",
                                "--port",
                                "0",
                                "--master",
                                master.address().toString(),
                                "--work-dir",
                                directory(installation, "agent"),
                                "--resources",
                                "cpus:4;mem:4096"))) {
            masterSeconds.add(master.readyNanos() / NANOS_PER_SECOND);
            agentSeconds.add(agent.readyNanos() / NANOS_PER_SECOND);
            masterStarted.add(ProcessUsage.residentMegabytes(master.pid()));
            agentStarted.add(ProcessUsage.residentMegabytes(agent.pid()));
            runTasks(master);
            masterUsed.add(ProcessUsage.residentMegabytes(master.pid()));
            agentUsed.add(ProcessUsage.residentMegabytes(agent.pid()));
            launcherUsed.add(ProcessUsage.residentMegabytesOfChildren(agent.pid()));
        }
    }

    private static String directory(Installation installation, String name) {
        return installation.workDirectory().resolve(name).toString();
    }

    private void runTasks(ServiceProcess master) throws BenchException, InterruptedException {
        ManyTasks framework = new ManyTasks(KIND);
        try (DriverRuntime runtime = DriverRuntime.open("bench-startup")) {
            DriverConfig config = DriverConfig.of(master.address(), TrueTasks.framework("bench-startup"));
            runtime.driver(config, framework).start();
            SchedulerDriver driver = Cluster.await(framework.awaitSubscription(), SUBSCRIBE_SECONDS, "subscribing");
            Cluster.await(framework.begin(driver, tasks), TASKS_SECONDS, "running " + tasks + " tasks");
            driver.teardown();
        }
    }

    private Report report() {
        Figures masterReady = Figures.of(masterSeconds);
        Figures agentReady = Figures.of(agentSeconds);
        Figures master = Figures.of(masterUsed);
        Figures agent = Figures.of(agentUsed);
        return new Report(name())
                .fact("rounds", "rounds", rounds)
                .fact("tasks", "tasks run in a round", tasks)
                .figures("master_ready_s", "master ready, s", masterReady)
                .figures("agent_ready_s", "agent ready, s", agentReady)
                .figures("master_started_mb", "master resident when ready, MB", Figures.of(masterStarted))
                .figures("agent_started_mb", "agent resident when ready, MB", Figures.of(agentStarted))
                .figures("master_mb", "master resident after the tasks, MB", master)
                .figures("agent_mb", "agent resident after the tasks, MB", agent)
                .figures("launcher_mb", "the agent's launcher beside it, MB", Figures.of(launcherUsed))
                .atMost("master_ready_s", READY_GOAL_SECONDS, masterReady.median())
                .atMost("agent_ready_s", READY_GOAL_SECONDS, agentReady.median())
                .atMost("master_mb", MASTER_GOAL_MB, master.median())
                .atMost("agent_mb", AGENT_GOAL_MB, agent.median());
    }
}
