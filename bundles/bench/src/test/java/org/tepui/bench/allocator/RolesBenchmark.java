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

/** Many roles, each with two frameworks and two agents. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 10)
@Measurement(iterations = 30)
public class RolesBenchmark {
    /** How many roles there are. */
    @Param({"10", "100", "1000"})
    int roles;

    /** Whether each role has a guarantee, of which a part is missing at first, and a limit. */
    @Param({"false", "true"})
    boolean quota;

    /** Makes the cluster. */
    @Setup(Level.Trial)
    public void begin(BenchmarkCluster state) throws BenchException {
        state.beginWithAll(new ClusterShape(2 * roles, 2 * roles, roles));
        if (quota) {
            state.cluster().setQuotas();
        }
        state.cluster().cycle();
    }

    /** Before a round. */
    @Setup(Level.Iteration)
    public void decline(BenchmarkCluster state) {
        state.takeOffers();
        if (state.declineTaken() == 0) {
            state.cluster().reviveAll();
        }
    }

    /** One cycle: everything free is offered, as far as limits allow. */
    @Benchmark
    public void cycle(BenchmarkCluster state) {
        state.cluster().cycle();
    }
}
