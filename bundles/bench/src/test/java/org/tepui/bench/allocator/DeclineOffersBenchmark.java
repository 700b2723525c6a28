// SPDX-License-Identifier: Apache-2.0
package org.tepui.bench.allocator;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.tepui.bench.report.BenchException;

/**
 * Every offer is declined in each of 50 rounds, for longer than that, so that filters pile up. An iteration is a
 * round: either the cycle is measured, or the answers to it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 10)
@Measurement(iterations = 50)
public class DeclineOffersBenchmark {
    /** How many agents there are. */
    @Param({"1000", "5000", "10000", "30000", "50000"})
    int agents;

    /** How many frameworks there are, in one role. */
    @Param({"50", "200", "1000", "3000"})
    int frameworks;

    /** Makes the cluster. */
    @Setup(Level.Trial)
    public void begin(BenchmarkCluster state) throws BenchException {
        state.beginWithAll(new ClusterShape(agents, frameworks, 1));
        state.cluster().cycle();
    }

    /** Before a round: with fewer frameworks than rounds, all are revived once everybody declined everything. */
    @Setup(Level.Iteration)
    public void decline(BenchmarkCluster state) {
        state.takeOffers();
        if (state.declineTaken() == 0) {
            state.cluster().reviveAll();
        }
    }

    /** One cycle: everything free is offered. */
    @Benchmark
    public void cycle(BenchmarkCluster state) {
        state.cluster().cycle();
    }

    /** One cycle, and a decline of each of its offers. */
    @Benchmark
    public int cycleAndDeclines(BenchmarkCluster state) {
        state.cluster().cycle();
        state.takeOffers();
        return state.declineTaken();
    }
}
