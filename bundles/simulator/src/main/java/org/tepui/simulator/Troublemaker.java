// SPDX-License-Identifier: Apache-2.0
package org.tepui.simulator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.tepui.runtime.simulated.SimulatedNode;
import org.tepui.runtime.simulated.SimulatedWorld;

/** Makes the faults of a scenario happen, at times and places that the seed decides. */
final class Troublemaker {
    private static final int LONG_OUTAGE_IN = 8;

    private final SimulatedWorld world;
    private final Cluster cluster;
    private final Scenario scenario;
    private final List<Runnable> kinds = new ArrayList<>();
    private boolean over;
    private int faults;

    Troublemaker(SimulatedWorld world, Cluster cluster, Scenario scenario) {
        this.world = world;
        this.cluster = cluster;
        this.scenario = scenario;
        Scenario.Faults allowed = scenario.faults();
        add(allowed.links(), () -> world.network().breakAnyLink());
        add(allowed.partitions(), this::partition);
        add(allowed.agentRestarts(), () -> restart(anyAgent()));
        add(allowed.schedulerRestarts(), () -> restart(cluster.scheduler(oneOf(scenario.frameworks()))));
        add(allowed.masterRestarts(), () -> restart(cluster.master()));
        add(allowed.processDeaths(), this::killProcess);
        add(allowed.policySwaps(), this::swapPolicy);
    }

    private void add(boolean allowed, Runnable kind) {
        if (allowed) {
            kinds.add(kind);
        }
    }

    int faults() {
        return faults;
    }

    void start() {
        if (!kinds.isEmpty()) {
            next();
        }
    }

    /** No more faults; what is broken is mended, and who is down comes up. */
    void end() {
        over = true;
        world.network().healAll();
    }

    private void next() {
        double wait = -Math.log(1 - world.randomness().nextDouble())
                * scenario.meanFaultInterval().toMillis();
        world.schedule("fault", Duration.ofMillis((long) wait), () -> {
            if (!over) {
                faults++;
                kinds.get(world.randomness().nextInt(kinds.size())).run();
                next();
            }
        });
    }

    private int oneOf(int count) {
        return 1 + world.randomness().nextInt(count);
    }

    private SimulatedNode anyAgent() {
        return cluster.agent(oneOf(scenario.agents()));
    }

    /** Mostly some seconds; now and then so long that an agent counts as unreachable. */
    private Duration outage() {
        int most = world.randomness().nextInt(LONG_OUTAGE_IN) == 0 ? 200_000 : 10_000;
        return Duration.ofMillis(world.randomness().nextInt(most));
    }

    private void restart(SimulatedNode node) {
        if (!node.isRunning()) {
            return;
        }
        node.kill();
        world.schedule("restart", outage(), () -> {
            if (!node.isRunning()) {
                node.restart();
            }
        });
    }

    private void partition() {
        String one = cluster.master().name();
        String other = world.randomness().nextBoolean()
                ? anyAgent().name()
                : cluster.scheduler(oneOf(scenario.frameworks())).name();
        if (world.randomness().nextInt(3) == 0) {
            world.network().block(one, other);
        } else {
            world.network().partition(one, other);
        }
        world.schedule("heal", outage(), () -> world.network().heal(one, other));
    }

    private void killProcess() {
        SimulatedNode agent = anyAgent();
        List<String> running = agent.machine().running();
        if (!running.isEmpty()) {
            agent.machine().kill(running.get(world.randomness().nextInt(running.size())));
        }
    }

    /** One in four goes wrong, sooner or later. */
    private void swapPolicy() {
        boolean fails = world.randomness().nextInt(4) == 0;
        int interval = 1 + world.randomness().nextInt(5);
        cluster.askMaster(master -> BookKeeper.use(master, fails ? FaultyPolicy.NAME : "drf", interval + "s"));
    }
}
