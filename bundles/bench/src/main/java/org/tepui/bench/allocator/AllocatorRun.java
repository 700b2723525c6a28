// SPDX-License-Identifier: Apache-2.0
package org.tepui.bench.allocator;

import java.time.Duration;
import java.util.List;
import org.tepui.allocator.Allocation;
import org.tepui.allocator.AllocatorFactory;

/**
 * Takes one allocator through everything that is measured. A run in a JVM that did nothing before gives cold figures,
 * a later one warm ones.
 *
 * <ol>
 *   <li>Frameworks are added, then agents; quotas are set, if there are to be any.
 *   <li>Rounds: everything free is offered, and every offer declined for longer than the run lasts, so that filters
 *       pile up. When nobody is left who did not decline, all are revived.
 *   <li>Rounds: everything free is offered, each offer is used for one task, what is left of it is given back, and
 *       the task ends.
 *   <li>Single events: everything is held; one task ends, and what it held is offered.
 *   <li>Cycles with nothing to give: everything is held; then everything is free and nobody wants it.
 * </ol>
 */
final class AllocatorRun {
    private static final Duration REFUSAL = Duration.ofDays(1);
    private static final int IDLE_CYCLES = 20;
    private static final int MOST_SINGLE_EVENTS = 1000;
    private static final double BYTES_PER_MEGABYTE = 1e6;

    private final ClusterShape shape;
    private final int rounds;
    private final boolean quotas;

    final Samples addFrameworks = new Samples();
    final Samples addAgents = new Samples();
    final Samples cycles = new Samples();
    final Samples declines = new Samples();
    final Samples taskCycles = new Samples();
    final Samples taskEnds = new Samples();
    final Samples events = new Samples();
    final Samples offers = new Samples();
    final Samples eventsUntilOffer = new Samples();
    final Samples idleCycles = new Samples();
    private double heapMegabytes;
    private double heapGrowthMegabytes;

    /**
     * Prepares a run.
     *
     * @param rounds of each kind; at least one
     * @param quotas whether each role has a quota
     */
    AllocatorRun(ClusterShape shape, int rounds, boolean quotas) {
        this.shape = shape;
        this.rounds = rounds;
        this.quotas = quotas;
    }

    /** What is reachable on the heap because of the allocator, with the filters of all rounds. */
    double heapMegabytes() {
        return heapMegabytes;
    }

    /** By how much that grew from the first to the last of the rounds in which tasks run and nothing is declined. */
    double heapGrowthMegabytes() {
        return heapGrowthMegabytes;
    }

    /** The first cycle alone, for its cold figure. */
    void measureFirst(AllocatorFactory factory) {
        try (MeasuredCluster cluster = build(factory)) {
            declineRounds(cluster, 1);
            taskRound(cluster);
        }
    }

    /** Everything but the heap. */
    void measure(AllocatorFactory factory) {
        try (MeasuredCluster cluster = build(factory)) {
            declineRounds(cluster, rounds);
            taskRounds(cluster, rounds);
            singleEvents(cluster);
            idle(cluster);
        }
    }

    /** Everything. Collects garbage, which takes its time. */
    void measureWithHeap(AllocatorFactory factory) {
        long before = Cost.liveHeap();
        try (MeasuredCluster cluster = build(factory)) {
            declineRounds(cluster, rounds);
            heapMegabytes = Math.max(0, Cost.liveHeap() - before) / BYTES_PER_MEGABYTE;
            taskRounds(cluster, 1);
            long early = Cost.liveHeap();
            taskRounds(cluster, rounds);
            heapGrowthMegabytes = (Cost.liveHeap() - early) / BYTES_PER_MEGABYTE;
            singleEvents(cluster);
            idle(cluster);
        }
    }

    private MeasuredCluster build(AllocatorFactory factory) {
        MeasuredCluster cluster = new MeasuredCluster(factory, shape);
        addFrameworks.add(Cost.of(cluster::addFrameworks), 1);
        addAgents.add(Cost.of(cluster::addAgents), 1);
        if (quotas) {
            cluster.setQuotas();
        }
        return cluster;
    }

    private void declineRounds(MeasuredCluster cluster, int count) {
        for (int round = 0; round < count; round++) {
            Cost cycle = Cost.of(cluster::cycle);
            List<Allocation> made = cluster.takeOffers();
            if (made.isEmpty()) {
                cluster.reviveAll();
                cycle = Cost.of(cluster::cycle);
                made = cluster.takeOffers();
            }
            List<MeasuredCluster.Return> returns = MeasuredCluster.declines(made, REFUSAL);
            Cost answers = Cost.of(() -> cluster.giveBack(returns));
            cycles.add(cycle, 1);
            if (!made.isEmpty()) {
                declines.add(answers, made.size());
                events.add(answers, made.size());
                offers.add(cycle.plus(answers), made.size());
            }
        }
    }

    private void taskRounds(MeasuredCluster cluster, int count) {
        cluster.reviveAll();
        for (int round = 0; round < count; round++) {
            taskRound(cluster);
        }
    }

    private void taskRound(MeasuredCluster cluster) {
        Cost cycle = Cost.of(cluster::cycle);
        List<Allocation> made = cluster.takeOffers();
        List<MeasuredCluster.Return> rests = MeasuredCluster.rests(made);
        List<MeasuredCluster.Return> ends = MeasuredCluster.ends(made);
        Cost answers = Cost.of(() -> cluster.giveBack(rests));
        Cost ended = Cost.of(() -> cluster.giveBack(ends));
        taskCycles.add(cycle, 1);
        if (!made.isEmpty()) {
            taskEnds.add(ended, made.size());
            events.add(answers.plus(ended), 2 * made.size());
        }
    }

    private void singleEvents(MeasuredCluster cluster) {
        cluster.cycle();
        List<MeasuredCluster.Return> ends = MeasuredCluster.ends(cluster.takeOffers());
        for (MeasuredCluster.Return end : ends.subList(0, Math.min(MOST_SINGLE_EVENTS, ends.size()))) {
            eventsUntilOffer.add(
                    Cost.of(() -> {
                        cluster.giveBack(end);
                        cluster.cycle();
                    }),
                    1);
        }
        cluster.takeOffers();
    }

    private void idle(MeasuredCluster cluster) {
        measureIdle(cluster);
        cluster.suppressAll();
        cluster.freeAll();
        cluster.cycle();
        measureIdle(cluster);
    }

    private void measureIdle(MeasuredCluster cluster) {
        for (int i = 0; i < IDLE_CYCLES; i++) {
            idleCycles.add(Cost.of(cluster::cycle), 1);
        }
    }
}
