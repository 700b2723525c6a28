// SPDX-License-Identifier: Apache-2.0
package org.tepui.bench.allocator;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tepui.allocator.AllocatorFactory;
import org.tepui.bench.report.BenchCommand;
import org.tepui.bench.report.BenchException;
import org.tepui.bench.report.Figures;
import org.tepui.bench.report.Report;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** One allocation policy in one thread: how long its cycles and events take. */
@Command(
        name = "allocator",
        description = {
            "Runs an allocation policy alone, without a master, in a cluster of the given size: everything free is"
                    + " offered and declined, round by round, each time by others; then offers are used for tasks,"
                    + " which end.",
            "Times are given by the clock on the wall and, in the figures with cpu in their name, as time of the"
                    + " thread on a processor, to which the goals apply: they hold for one core, and for up to 50,000"
                    + " agents and 1,000 frameworks. Cold is a JVM that has run nothing yet."
        })
public final class AllocatorBench extends BenchCommand {
    private static final String DEFAULT_POLICY = "drf";
    private static final double SMALL_CYCLE_GOAL_MS = 60;
    private static final double LARGE_CYCLE_GOAL_MS = 400;
    private static final double IDLE_GOAL_MS = 1;
    private static final double EVENT_GOAL_US = 20;
    private static final double ADD_GOAL_MS = 100;
    private static final double GROWTH_GOAL = 1.5;
    private static final int SMALL_AGENTS = 10_000;
    private static final int LARGE_AGENTS = 50_000;
    private static final int CYCLE_FRAMEWORKS = 1_000;
    private static final int ADD_FRAMEWORKS = 2_000;
    private static final int ADD_ROLES = 1_000;
    private static final double BYTES_PER_MEGABYTE = 1e6;

    @Option(names = "--agents", description = "agents of the cluster; 1 to 200000")
    private int agents = SMALL_AGENTS;

    @Option(names = "--frameworks", description = "frameworks, each in one role; 1 to 20000")
    private int frameworks = CYCLE_FRAMEWORKS;

    @Option(names = "--roles", description = "roles that the frameworks are spread over; 1 to 20000")
    private int roles = 1;

    @Option(names = "--quota", description = "give each role a guarantee of 5/6 of its share, and its share as limit")
    private boolean quota;

    @Option(names = "--rounds", description = "rounds of each kind that count; 1 to 10000")
    private int rounds = 50;

    @Option(names = "--warm-up", description = "runs of 10 rounds, each with a new allocator, before; 0 to 100")
    private int warmUp = 3;

    @Option(
            names = "--policy",
            paramLabel = "NAME",
            description = "which policy of this installation's bundles, or of the given one; without it 'drf', or the"
                    + " one of the given bundle")
    private @Nullable String policy;

    @Option(names = "--policy-jar", paramLabel = "FILE", description = "a bundle with a policy that is not installed")
    private @Nullable Path policyJar;

    private static final int WARM_UP_ROUNDS = 10;

    @Override
    protected Report measure() throws BenchException {
        require("--agents", agents, 1, 200_000);
        require("--frameworks", frameworks, 1, 20_000);
        require("--roles", roles, 1, 20_000);
        require("--rounds", rounds, 1, 10_000);
        require("--warm-up", warmUp, 0, 100);
        AllocatorFactory factory = factory();
        try {
            return measure(factory);
        } catch (UnsupportedOperationException e) {
            throw new BenchException("the policy '" + factory.name() + "' cannot be measured so: " + e.getMessage(), e);
        }
    }

    private Report measure(AllocatorFactory factory) {
        ClusterShape shape = new ClusterShape(agents, frameworks, Math.min(roles, frameworks));
        AllocatorRun cold = new AllocatorRun(shape, 1, quota);
        progress("policy " + factory.name() + ", cold round");
        cold.measureFirst(factory);
        for (int i = 0; i < warmUp; i++) {
            progress("warm-up " + (i + 1) + " of " + warmUp);
            new AllocatorRun(shape, WARM_UP_ROUNDS, quota).measure(factory);
        }
        progress(rounds + " rounds");
        long collected = Cost.collectorMillis();
        AllocatorRun warm = new AllocatorRun(shape, rounds, quota);
        warm.measureWithHeap(factory);
        progress(String.format(Locale.ROOT, "the garbage collector ran for %d ms", Cost.collectorMillis() - collected));
        return report(factory, shape, cold, warm);
    }

    private AllocatorFactory factory() throws BenchException {
        String property = System.getProperty("tepui.home");
        Path home = property == null ? null : Path.of(property);
        if (policyJar != null) {
            return Policies.ofJar(policyJar, home).choose(policy);
        }
        Policies policies = home == null
                ? Policies.ofClassPath(AllocatorBench.class.getClassLoader())
                : Policies.ofInstallation(home);
        return policies.choose(policy == null ? DEFAULT_POLICY : policy);
    }

    private Report report(AllocatorFactory factory, ClusterShape shape, AllocatorRun cold, AllocatorRun warm) {
        Figures cycleCpu = with(cold.cycles.cpuMillis(), warm.cycles.cpuMillis());
        Report report = new Report(name())
                .fact("policy", "policy", factory.name())
                .fact("agents", "agents", shape.agents())
                .fact("frameworks", "frameworks", shape.frameworks())
                .fact("roles", "roles", shape.roles())
                .fact("quota", "quota for each role", quota ? "yes" : "no")
                .fact("rounds", "rounds", rounds)
                .figures("cycle_ms", "cycle, ms", with(cold.cycles.wallMillis(), warm.cycles.wallMillis()))
                .figures("cycle_cpu_ms", "cycle, CPU, ms", cycleCpu)
                .figures("task_cycle_ms", "cycle with tasks, ms", warm.taskCycles.wallMillis())
                .figures("idle_cycle_ms", "cycle with nothing to give, ms", warm.idleCycles.wallMillis())
                .figures("event_us", "event, us", with(cold.events.wallMicros(), warm.events.wallMicros()))
                .figures("event_cpu_us", "event, CPU, us", with(cold.events.cpuMicros(), warm.events.cpuMicros()))
                .figures("decline_us", "offer declined, us", warm.declines.wallMicros())
                .figures("task_end_us", "task finished, us", warm.taskEnds.wallMicros())
                .figures("event_to_offer_us", "task finished, and offered, us", warm.eventsUntilOffer.wallMicros());
        addRest(report, cold, warm);
        addGoals(report, shape, warm);
        return report;
    }

    private static void addRest(Report report, AllocatorRun cold, AllocatorRun warm) {
        report.figures(
                        "add_frameworks_ms",
                        "frameworks added, ms",
                        with(cold.addFrameworks.wallMillis(), warm.addFrameworks.wallMillis()))
                .figures(
                        "add_agents_ms",
                        "agents added, ms",
                        with(cold.addAgents.wallMillis(), warm.addAgents.wallMillis()))
                .figures(
                        "offers_per_second",
                        "offers made and declined, /s",
                        with(cold.offers.perSecond(), warm.offers.perSecond()))
                .figures("cycle_allocated_mb", "allocated in a cycle, MB", megabytes(warm.cycles.bytes()))
                .figures("event_allocated_bytes", "allocated for an event, bytes", warm.events.bytes())
                .fact("heap_mb", "heap after the declined rounds, MB", warm.heapMegabytes())
                .fact("heap_growth_mb", "growth of the heap over the rounds with tasks, MB", warm.heapGrowthMegabytes())
                .fact("cycle_growth", "last quarter of the cycles to the first, CPU", warm.cycles.growth());
    }

    private static void addGoals(Report report, ClusterShape shape, AllocatorRun warm) {
        if (shape.agents() <= LARGE_AGENTS && shape.frameworks() <= CYCLE_FRAMEWORKS) {
            double goal = shape.agents() <= SMALL_AGENTS ? SMALL_CYCLE_GOAL_MS : LARGE_CYCLE_GOAL_MS;
            report.atMost("cycle_cpu_ms", goal, warm.cycles.cpuMillis().median());
        }
        report.atMost("idle_cycle_ms", IDLE_GOAL_MS, warm.idleCycles.cpuMillis().median())
                .atMost("event_cpu_us", EVENT_GOAL_US, warm.events.cpuMicros().median());
        if (shape.frameworks() <= ADD_FRAMEWORKS && shape.roles() <= ADD_ROLES) {
            report.atMost(
                    "add_frameworks_ms",
                    ADD_GOAL_MS,
                    warm.addFrameworks.cpuMillis().median());
        }
        report.atMost("cycle_growth", GROWTH_GOAL, warm.cycles.growth());
    }

    private static Figures with(Figures cold, Figures warm) {
        return new Figures(Optional.of(cold.median()), warm.minimum(), warm.median(), warm.maximum());
    }

    private static Figures megabytes(Figures bytes) {
        return new Figures(
                Optional.empty(),
                bytes.minimum() / BYTES_PER_MEGABYTE,
                bytes.median() / BYTES_PER_MEGABYTE,
                bytes.maximum() / BYTES_PER_MEGABYTE);
    }
}
