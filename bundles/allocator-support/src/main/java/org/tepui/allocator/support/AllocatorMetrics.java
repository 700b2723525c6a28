// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator.support;

import org.tepui.api.metrics.Counter;
import org.tepui.api.metrics.MetricRegistry;
import org.tepui.api.metrics.TimerMetric;
import org.tepui.api.resources.Scalar;

/**
 * What the allocator shows of itself, under the names of Mesos where it has them. Gauges read copies, because they
 * are asked from any thread.
 */
final class AllocatorMetrics {
    /** How many resource names are shown, in the order in which they appeared. */
    private static final int MOST_RESOURCES = 64;

    private final MetricRegistry registry;
    private final ClusterState state;
    private final Counter runs;
    private final TimerMetric runTime;
    private final TimerMetric runLatency;
    private int shown;
    private volatile long[] totals = new long[0];
    private volatile long[] allocated = new long[0];
    private volatile long filters;

    AllocatorMetrics(MetricRegistry registry, ClusterState state) {
        this.registry = registry;
        this.state = state;
        this.runs = registry.counter("allocator/mesos/allocation_runs");
        this.runTime = registry.timer("allocator/mesos/allocation_run");
        this.runLatency = registry.timer("allocator/mesos/allocation_run_latency");
        registry.gauge("allocator/offer_filters", () -> filters);
    }

    /**
     * Counts a round.
     *
     * @param nanos how long it took
     * @param latency how long the first event of it had waited, in nanoseconds
     */
    void ran(long nanos, long latency) {
        runs.increment();
        runTime.record(nanos);
        runLatency.record(latency);
    }

    /** Shows the state of this moment. */
    void publish() {
        totals = state.totals.totals();
        allocated = state.tree.root().allocated();
        filters = state.filters.size();
        while (shown < Math.min(totals.length, MOST_RESOURCES)) {
            int number = shown++;
            String prefix = "allocator/mesos/resources/" + state.totals.name(number);
            registry.gauge(prefix + "/total", () -> units(totals, number));
            registry.gauge(prefix + "/offered_or_allocated", () -> units(allocated, number));
        }
    }

    private static double units(long[] amounts, int number) {
        return number < amounts.length ? new Scalar(Math.max(0, amounts[number])).units() : 0;
    }
}
