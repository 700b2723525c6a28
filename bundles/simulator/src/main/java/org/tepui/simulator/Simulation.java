// SPDX-License-Identifier: Apache-2.0
package org.tepui.simulator;

import java.time.Duration;
import org.tepui.runtime.simulated.SimulatedWorld;

/** One run of a scenario from a seed. Uses one thread, and no time or randomness but the seed's. */
public final class Simulation {
    private static final Duration BOOK_INTERVAL = Duration.ofSeconds(5);
    /** Longer than the wait of any acknowledgement that was lost in the trouble. */
    private static final Duration AFTERWARDS = Duration.ofMinutes(5);
    /** Longer than any wait before a status is sent again. */
    private static final Duration REST = Duration.ofMinutes(11);

    private final long seed;
    private final Scenario scenario;
    private final SimulatedWorld world;
    private final Oracle oracle;
    private final Cluster cluster;
    private final Troublemaker troublemaker;
    private final BookKeeper books;

    /** Makes a run; {@link #run} does it. */
    public Simulation(long seed, Scenario scenario) {
        this.seed = seed;
        this.scenario = scenario;
        this.world = new SimulatedWorld(seed);
        this.oracle = new Oracle(world.time());
        this.cluster = new Cluster(world, scenario, oracle);
        this.troublemaker = new Troublemaker(world, cluster, scenario);
        this.books = new BookKeeper(oracle, scenario.faults().policySwaps());
    }

    /** Runs the troubled time, then the quiet one, and says what was seen. To be called once. */
    public Outcome run() {
        cluster.start();
        troublemaker.start();
        checkBooks();
        world.time().run(scenario.troubled());
        troublemaker.end();
        int tasks = scenario.frameworks() * scenario.tasksPerFramework();
        world.time().runUntil(() -> oracle.tasks() == tasks && oracle.isSettled(), scenario.quiet());
        world.time().run(AFTERWARDS);
        oracle.settle(tasks);
        cluster.askMaster(master -> books.checkAtRest(master, scenario.agents()));
        cluster.checkProcesses();
        world.time().run(REST);
        return new Outcome(
                seed,
                world.time().digest(),
                world.time().eventsRun(),
                oracle.tasks(),
                oracle.starts(),
                oracle.terminalUpdates(),
                troublemaker.faults(),
                oracle.violations());
    }

    private void checkBooks() {
        world.schedule("check books", BOOK_INTERVAL, () -> {
            cluster.askMaster(books::check);
            checkBooks();
        });
    }
}
