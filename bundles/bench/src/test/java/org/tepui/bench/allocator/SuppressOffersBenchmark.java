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

/** Most frameworks want no offers; the others decline each. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 10)
@Measurement(iterations = 30)
public class SuppressOffersBenchmark {
    /** How many agents there are. */
    @Param({"1000", "10000", "50000"})
    int agents;

    /** How many frameworks there are, in one role. */
    @Param({"200", "1000"})
    int frameworks;

    /** How many of a hundred of them want no offers. */
    @Param({"50", "99"})
    int suppressed;

    /** Makes the cluster. */
    @Setup(Level.Trial)
    public void begin(BenchmarkCluster state) throws BenchException {
        state.beginWithAll(new ClusterShape(agents, frameworks, 1));
        suppress(state);
        state.cluster().cycle();
    }

    private void suppress(BenchmarkCluster state) {
        state.cluster().suppress(0, frameworks * suppressed / 100);
    }

    /** Before a round. */
    @Setup(Level.Iteration)
    public void decline(BenchmarkCluster state) {
        state.takeOffers();
        if (state.declineTaken() == 0) {
            state.cluster().reviveAll();
            suppress(state);
        }
    }

    /** One cycle: everything free is offered to those who want offers. */
    @Benchmark
    public void cycle(BenchmarkCluster state) {
        state.cluster().cycle();
    }

    /** All want offers again, and then those who did not before want none. */
    @Benchmark
    public void reviveAndSuppress(BenchmarkCluster state) {
        state.cluster().reviveAll();
        suppress(state);
    }
}
