// SPDX-License-Identifier: Apache-2.0
package org.tepui.bench.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.tepui.bench.report.BenchCommand;
import org.tepui.bench.report.BenchException;
import org.tepui.bench.report.Figures;
import org.tepui.bench.report.Report;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** One real master under the load of many agents and frameworks that run nothing. */
@Command(
        name = "master",
        description = "Starts a master, and in another process a load generator: agents that say of each task at once"
                + " that it runs and has finished, and frameworks that start tasks on every offer. Every agent and"
                + " every framework has a connection of its own. The first round is cold.")
public final class MasterBench extends BenchCommand {
    private static final double AIM = 20_000;
    private static final double MICROS_PER_MILLI = 1e3;

    @Option(names = "--agents", description = "agents; 1 to 15000")
    private int agents = 10_000;

    @Option(names = "--frameworks", description = "frameworks, each in a role of its own; 1 to 1000")
    private int frameworks = 200;

    @Option(names = "--rounds", description = "rounds, the first is the cold one; 1 to 1000")
    private int rounds = 6;

    @Option(names = "--tasks", description = "tasks of a round; 1 to 10000000")
    private int tasks = 100_000;

    @Option(names = "--tasks-per-offer", description = "tasks that a framework starts on an offer; 1 to 160")
    private int tasksPerOffer = 10;

    @Option(names = "--java-options", paramLabel = "OPTIONS", description = "further options of the master's JVM")
    private String javaOptions = "";

    private final List<Double> perSecond = new ArrayList<>();
    private final List<Double> masterMicros = new ArrayList<>();
    private final List<Double> generatorMicros = new ArrayList<>();

    @Override
    protected Report measure() throws BenchException, InterruptedException {
        require("--agents", agents, 1, 15_000);
        require("--frameworks", frameworks, 1, 1000);
        require("--rounds", rounds, 1, 1000);
        require("--tasks", tasks, 1, 10_000_000);
        require("--tasks-per-offer", tasksPerOffer, 1, 160);
        try (Installation installation = Installation.open()) {
            GcLog collections = new GcLog(installation.workDirectory().resolve("master-gc.log"));
            String workDirectory =
                    installation.workDirectory().resolve("master").toString();
            try (ServiceProcess master = ServiceProcess.start(
                            installation,
                            List.of("master", "--port", "0", "--work-dir", workDirectory),
                            (collections.javaOption() + " " + javaOptions).trim());
                    GeneratorProcess generator = GeneratorProcess.start(arguments(master))) {
                return measure(master, collections, generator);
            }
        }
    }

    private List<String> arguments(ServiceProcess master) {
        return List.of(
                "--master",
                master.address().toString(),
                "--agents",
                Integer.toString(agents),
                "--frameworks",
                Integer.toString(frameworks),
                "--tasks",
                Integer.toString(tasks),
                "--tasks-per-offer",
                Integer.toString(tasksPerOffer),
                "--rounds",
                Integer.toString(rounds));
    }

    private Report measure(ServiceProcess master, GcLog collections, GeneratorProcess generator) throws BenchException {
        double started = ProcessUsage.residentMegabytes(master.pid());
        long cpuStarted = ProcessUsage.cpuMillis(master.pid());
        double registration = generator.awaitStep("registered");
        double registrationCpu = (ProcessUsage.cpuMillis(master.pid()) - cpuStarted) / MICROS_PER_MILLI;
        double registered = ProcessUsage.residentMegabytes(master.pid());
        progress(String.format(Locale.ROOT, "%d agents registered in %.2f s", agents, registration));
        generator.proceed();
        double subscription = generator.awaitStep("subscribed");
        progress(String.format(Locale.ROOT, "%d frameworks subscribed in %.2f s", frameworks, subscription));
        for (int round = 0; round < rounds; round++) {
            round(round, master, generator);
        }
        return report().fact("registration_s", "all agents registered after, s", registration)
                .fact("registration_cpu_s", "CPU of the master for it, s", registrationCpu)
                .fact("subscription_s", "all frameworks subscribed after, s", subscription)
                .fact("master_heap_mb", "heap of the master after the last collection, MB", collections.usedMegabytes())
                .fact("master_longest_pause_ms", "longest collection, ms", collections.longestPauseMillis())
                .fact("master_started_mb", "master resident when ready, MB", started)
                .fact("master_registered_mb", "master resident with all agents, MB", registered)
                .fact("master_mb", "master resident at the end, MB", ProcessUsage.residentMegabytes(master.pid()));
    }

    private void round(int round, ServiceProcess master, GeneratorProcess generator) throws BenchException {
        long masterBefore = ProcessUsage.cpuMillis(master.pid());
        long generatorBefore = ProcessUsage.cpuMillis(generator.pid());
        generator.proceed();
        double rate = tasks / generator.awaitStep("round");
        perSecond.add(rate);
        masterMicros.add((ProcessUsage.cpuMillis(master.pid()) - masterBefore) * MICROS_PER_MILLI / tasks);
        generatorMicros.add((ProcessUsage.cpuMillis(generator.pid()) - generatorBefore) * MICROS_PER_MILLI / tasks);
        progress(String.format(
                Locale.ROOT,
                "round %d of %d%s: %d tasks, %.0f tasks/s, %.0f us of the master's CPU each",
                round + 1,
                rounds,
                round == 0 ? " (cold)" : "",
                tasks,
                rate,
                masterMicros.get(round)));
    }

    private Report report() {
        Figures rate = Figures.coldFirst(perSecond);
        return new Report(name())
                .fact("agents", "agents", agents)
                .fact("agents_per_connection", "agents that share a connection", 1)
                .fact("frameworks", "frameworks", frameworks)
                .fact("rounds", "rounds", rounds)
                .fact("tasks_per_round", "tasks of a round", tasks)
                .fact("tasks_per_offer", "tasks started on an offer", tasksPerOffer)
                .figures("tasks_per_second", "tasks/s", rate)
                .figures("master_cpu_us_per_task", "CPU of the master for a task, us", Figures.coldFirst(masterMicros))
                .figures(
                        "generator_cpu_us_per_task",
                        "CPU of the generator for a task, us",
                        Figures.coldFirst(generatorMicros))
                .atLeast("tasks_per_second", AIM, rate.median());
    }
}
