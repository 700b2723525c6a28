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

/** Agents are added, and change what they have; frameworks are added. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 5)
@Measurement(iterations = 10)
public class MembersBenchmark {
    /** How many agents there are. */
    @Param({"1000", "10000", "50000"})
    int agents;

    /** How many frameworks there are, two in each role. */
    @Param({"200", "2000"})
    int frameworks;

    /** Makes an allocator that knows nothing yet. */
    @Setup(Level.Iteration)
    public void begin(BenchmarkCluster state) throws BenchException {
        state.begin(new ClusterShape(agents, frameworks, frameworks / 2));
    }

    /** Adds all frameworks. */
    @Benchmark
    public void addFrameworks(BenchmarkCluster state) {
        state.cluster().addFrameworks();
    }

    /** Adds all agents, with what is used of them. */
    @Benchmark
    public void addAgents(BenchmarkCluster state) {
        state.cluster().addAgents();
    }

    /** Adds all agents and changes the total of each. */
    @Benchmark
    public void addAndUpdateAgents(BenchmarkCluster state) {
        state.cluster().addAgents();
        state.cluster().updateAgents(ClusterShape.LARGER);
    }
}
