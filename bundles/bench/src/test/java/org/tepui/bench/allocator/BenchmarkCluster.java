// SPDX-License-Identifier: Apache-2.0
package org.tepui.bench.allocator;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.tepui.allocator.Allocation;
import org.tepui.bench.report.BenchException;

/** The cluster of one JMH benchmark, which its methods share, and what its allocator offered last. */
@State(Scope.Benchmark)
public class BenchmarkCluster {
    private static final Duration REFUSAL = Duration.ofDays(1);

    /** The policy, by its name; it has to be on the class path. */
    @Param("drf")
    String policy = "drf";

    private @Nullable MeasuredCluster cluster;
    private List<MeasuredCluster.Return> declines = List.of();

    /** Makes an allocator that knows nothing yet; the one before is closed. */
    void begin(ClusterShape shape) throws BenchException {
        end();
        cluster = new MeasuredCluster(
                Policies.ofClassPath(BenchmarkCluster.class.getClassLoader()).choose(policy), shape);
    }

    /** Makes an allocator that knows frameworks and agents, and has offered nothing yet. */
    void beginWithAll(ClusterShape shape) throws BenchException {
        begin(shape);
        cluster().addFrameworks();
        cluster().addAgents();
    }

    MeasuredCluster cluster() {
        if (cluster == null) {
            throw new IllegalStateException("used before it was made");
        }
        return cluster;
    }

    /** Takes what was offered, and makes ready that all of it is declined for longer than the benchmark runs. */
    void takeOffers() {
        List<Allocation> offers = cluster().takeOffers();
        declines = MeasuredCluster.declines(offers, REFUSAL);
    }

    /** Declines what was taken. */
    int declineTaken() {
        cluster().giveBack(declines);
        int count = declines.size();
        declines = List.of();
        return count;
    }

    /** Closes the allocator. */
    @TearDown(Level.Trial)
    public void end() {
        if (cluster != null) {
            cluster.close();
            cluster = null;
        }
    }
}
