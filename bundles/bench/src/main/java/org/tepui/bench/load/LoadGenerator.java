// SPDX-License-Identifier: Apache-2.0
package org.tepui.bench.load;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.tepui.api.metrics.MetricRegistry;
import org.tepui.runtime.Address;
import org.tepui.runtime.SystemRandomness;
import org.tepui.runtime.ThreadEventLoop;
import org.tepui.transport.Endpoint;
import org.tepui.transport.LocalPeer;
import org.tepui.transport.netty.Transport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Puts load on a master and says on standard output how long each step took: lines of a word and a number of
 * seconds. After each step it waits for a line on standard input, so that whoever started it can look at the master.
 */
@Command(
        name = "load-generator",
        mixinStandardHelpOptions = true,
        description = "Connects agents and frameworks that run nothing to a master, and lets them run tasks.")
public final class LoadGenerator implements Callable<Integer> {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final long STEP_LIMIT_SECONDS = 300;
    private static final double AGENT_CPUS = 16;
    private static final double AGENT_MEMORY = 65536;

    @Option(names = "--master", required = true, paramLabel = "HOST:PORT", description = "the master")
    private String master = "";

    @Option(names = "--agents", required = true, description = "agents, each with a connection")
    private int agents;

    @Option(names = "--frameworks", required = true, description = "frameworks, each with a connection")
    private int frameworks;

    @Option(names = "--tasks", required = true, description = "tasks of a round")
    private int tasks;

    @Option(names = "--tasks-per-offer", required = true, description = "tasks started on an offer")
    private int tasksPerOffer;

    @Option(names = "--rounds", required = true, description = "rounds")
    private int rounds;

    /** Runs to the end and ends the JVM. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new LoadGenerator()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Address address = Address.parse(master);
        MetricRegistry metrics = new MetricRegistry();
        try (ThreadEventLoop loop = ThreadEventLoop.start("load", LoadGenerator::fault, Duration.ofSeconds(10));
                Transport agentTransport = transport(loop, "agent", metrics);
                Transport driverTransport = transport(loop, "driver", new MetricRegistry())) {
            Endpoint agentEndpoint = agentTransport.endpoint();
            step("registered", new InstantAgents(agentEndpoint, address, agents, AGENT_CPUS, AGENT_MEMORY)::start);
            GreedyFrameworks greedy =
                    new GreedyFrameworks(driverTransport.endpoint(), address, frameworks, tasksPerOffer);
            step("subscribed", greedy::start);
            for (int round = 0; round < rounds; round++) {
                step("round", () -> greedy.run(tasks));
            }
        }
        return 0;
    }

    private static void fault(String where, String what, Throwable failure) {
        System.err.println("load generator: '" + what + "' failed: " + failure);
    }

    private static Transport transport(ThreadEventLoop loop, String role, MetricRegistry metrics) {
        return Transport.open(
                Transport.Config.DEFAULTS, loop, new SystemRandomness(), new LocalPeer(role, "load"), metrics);
    }

    /** Does one step, says how long it took, and waits for the word to go on. */
    private static void step(String name, Callable<CompletableFuture<Void>> start) throws Exception {
        long begin = System.nanoTime();
        try {
            start.call().get(STEP_LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            Throwable reason = e.getCause() == null ? e : e.getCause();
            throw new IllegalStateException("step '" + name + "' failed: " + reason, e);
        }
        System.out.println(String.format(Locale.ROOT, "%s %.6f", name, (System.nanoTime() - begin) / NANOS_PER_SECOND));
        System.out.flush();
        int next = System.in.read();
        if (next < 0) {
            throw new IllegalStateException("nobody waits for the next step");
        }
    }
}
