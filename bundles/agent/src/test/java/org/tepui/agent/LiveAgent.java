// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.tepui.api.metrics.MetricRegistry;
import org.tepui.runtime.Address;
import org.tepui.runtime.ShimProcesses;
import org.tepui.runtime.SystemClock;
import org.tepui.runtime.SystemDisk;
import org.tepui.runtime.SystemRandomness;
import org.tepui.runtime.SystemUserDatabase;
import org.tepui.runtime.ThreadEventLoop;
import org.tepui.runtime.ThreadWorker;
import org.tepui.transport.LocalPeer;
import org.tepui.transport.netty.Transport;

/** An agent as a container has it, with real processes, over a directory of the test. */
final class LiveAgent implements AutoCloseable {
    private final ThreadEventLoop loop;
    private final ThreadWorker worker = new ThreadWorker("test-agent");
    private final ThreadWorker log = new ThreadWorker("test-log");
    private final Transport transport;
    private final ShimProcesses processes;
    final Agent agent;
    final MetricRegistry metrics = new MetricRegistry();

    LiveAgent(Path directory, Address master) throws Exception {
        loop = ThreadEventLoop.start("test-agent", (where, what, failure) -> {
            throw new AssertionError(what, failure);
        });
        SystemRandomness randomness = new SystemRandomness();
        transport =
                Transport.open(Transport.Config.DEFAULTS, loop, randomness, new LocalPeer("agent", "test"), metrics);
        processes = new ShimProcesses(loop, shim(directory), directory.resolve("run"));
        AgentConfig.Timings d = AgentConfig.Timings.DEFAULT;
        AgentConfig.Timings quick = new AgentConfig.Timings(
                Duration.ofMillis(1),
                d.maximumRegistrationBackoff(),
                d.pingTimeout(),
                Duration.ofMillis(300),
                d.statusRetry(),
                d.maximumStatusRetry(),
                d.sandboxRetention(),
                d.sandboxCheck(),
                d.diskHeadroom());
        AgentConfig config = new AgentConfig(
                new Address("127.0.0.1", 0),
                "127.0.0.1",
                master,
                directory.resolve("work"),
                Optional.of("cpus:4;mem:1024;disk:1024"),
                "",
                true,
                "test",
                quick,
                AgentConfig.Bounds.DEFAULT);
        agent = new Agent(
                transport.endpoint(),
                processes,
                new SystemDisk(),
                new AgentWorkers(log, worker, worker),
                randomness,
                new SystemUserDatabase(new SystemClock()),
                metrics,
                config);
        agent.start().get(20, TimeUnit.SECONDS);
    }

    private static Path shim(Path directory) throws IOException {
        Path program = directory.resolve("tepui-shim");
        if (!Files.exists(program)) {
            try (InputStream binary = Objects.requireNonNull(
                    LiveAgent.class.getResourceAsStream("/libexec/tepui-shim"), "the shim is not on the class path")) {
                Files.copy(binary, program);
            }
            if (!program.toFile().setExecutable(true)) {
                throw new IOException(program + " cannot be made executable");
            }
        }
        return program;
    }

    @Override
    public void close() {
        agent.stop().orTimeout(20, TimeUnit.SECONDS).join();
        transport.close();
        loop.close();
        processes.close();
        worker.close();
        log.close();
    }
}
