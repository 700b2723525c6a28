// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.api.metrics.MetricRegistry;
import org.tepui.api.service.Failure;
import org.tepui.api.service.Readiness;
import org.tepui.runtime.Address;
import org.tepui.runtime.FaultHandler;
import org.tepui.runtime.ShimProcesses;
import org.tepui.runtime.SystemClock;
import org.tepui.runtime.SystemDisk;
import org.tepui.runtime.SystemRandomness;
import org.tepui.runtime.SystemUserDatabase;
import org.tepui.runtime.ThreadEventLoop;
import org.tepui.runtime.ThreadWorker;
import org.tepui.transport.BindPolicy;
import org.tepui.transport.Endpoint;
import org.tepui.transport.HttpServer;
import org.tepui.transport.LocalPeer;
import org.tepui.transport.netty.Transport;

/**
 * Wires an agent in a container. What others in the container need of it (endpoint, HTTP server, metrics) are services
 * with the property {@code tepui.service=agent}, there before the port is.
 */
@Component(
        service = {},
        immediate = true,
        configurationPid = AgentConfiguration.PID)
@Designate(ocd = AgentConfiguration.class)
public final class AgentComponent {
    private static final Logger LOG = LoggerFactory.getLogger(AgentComponent.class);
    private static final String SERVICE = "agent";
    private static final Duration START_LIMIT = Duration.ofSeconds(50);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
    private static final Duration LONGEST_GRACE = Duration.ofSeconds(5);

    private final BundleContext context;
    private final AgentSettings settings;
    private final Path runtimeDirectory;
    private final MetricRegistry metrics = new MetricRegistry();
    private final ThreadEventLoop loop;
    private final ThreadWorker logWorker = new ThreadWorker("agent-log");
    private final ThreadWorker sandboxWorker = new ThreadWorker("agent-sandboxes");
    private final ThreadWorker fileWorker = new ThreadWorker("agent-files");
    private final Transport transport;
    private final ShimProcesses processes;
    private final Agent agent;
    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();

    /** Makes everything, and lets nobody in yet. */
    @Activate
    public AgentComponent(BundleContext context, Map<String, Object> properties) {
        this.context = context;
        // as everything else shows it: OSGi has a dot before the qualifier
        String version = context.getBundle().getVersion().toString().replace(".SNAPSHOT", "-SNAPSHOT");
        settings = AgentSettings.read(properties, path("tepui.work.dir", "agent"), version);
        AgentConfig config = settings.config();
        FaultHandler faults = (where, what, failure) -> {
            metrics.counter("agent/faults").increment();
            LOG.error("A bug: {} on loop {} failed", what, where, failure);
        };
        loop = ThreadEventLoop.start(SERVICE, faults);
        SystemRandomness randomness = new SystemRandomness();
        transport =
                Transport.open(Transport.Config.DEFAULTS, loop, randomness, new LocalPeer(SERVICE, version), metrics);
        Path shim = settings.shim().orElseGet(() -> path("tepui.home", ".").resolve("libexec/tepui-shim"));
        runtimeDirectory = settings.runtimeDirectory().orElseGet(() -> RuntimeDirectory.of(config.workDirectory()));
        processes = new ShimProcesses(loop, shim, runtimeDirectory);
        agent = new Agent(
                transport.endpoint(),
                processes,
                new SystemDisk(),
                new AgentWorkers(logWorker, sandboxWorker, fileWorker),
                randomness,
                new SystemUserDatabase(new SystemClock()),
                metrics,
                config);
    }

    /**
     * Lets others in, and looks for the master.
     *
     * @throws AgentStartException if the agent cannot start as it is configured, or on this machine
     */
    @Activate
    void start() throws AgentStartException, InterruptedException {
        try {
            BindPolicy.check(settings.config().listen(), settings.insecure());
            register(Endpoint.class, transport.endpoint());
            register(HttpServer.class, transport.http());
            register(MetricRegistry.class, metrics);
            CompletableFuture<Void> unused =
                    agent.ended().thenAccept(reason -> register(Failure.class, new Failed(reason)));
            Address bound = agent.start().get(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
            Address reachable = new Address(settings.config().hostname(), bound.port());
            transport.endpoint().setAddress(reachable);
            register(Readiness.class, new Ready(reachable.toString()));
        } catch (ExecutionException e) {
            stop();
            if (e.getCause() instanceof AgentStartException failure) {
                throw failure;
            }
            throw new IllegalStateException("the agent could not be started", e.getCause());
        } catch (TimeoutException e) {
            stop();
            throw new AgentStartException("the agent did not start within " + START_LIMIT.toSeconds() + " s");
        } catch (RuntimeException e) {
            stop();
            throw e;
        }
    }

    /** Stops in the opposite order. Tasks go on, unless it is configured otherwise. */
    @Deactivate
    void stop() {
        boolean noProcesses = settings.stopTasks() && await("end all tasks", agent.endTasks(LONGEST_GRACE));
        await("write its log", agent.stop());
        synchronized (registrations) {
            registrations.forEach(ServiceRegistration::unregister);
            registrations.clear();
        }
        transport.close();
        loop.close();
        processes.close();
        logWorker.close();
        sandboxWorker.close();
        fileWorker.close();
        if (noProcesses) {
            removeRuntimeDirectory();
        }
    }

    /** No process is left for the next start to find. */
    private void removeRuntimeDirectory() {
        try {
            new SystemDisk().delete(runtimeDirectory);
        } catch (IOException e) {
            LOG.warn("{} could not be removed: {}", runtimeDirectory, e.getMessage());
        }
    }

    private static boolean await(String what, CompletableFuture<Void> done) {
        try {
            done.get(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("The agent did not {} within {} s", what, STOP_LIMIT.toSeconds());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private Path path(String property, String otherwise) {
        String text = context.getProperty(property);
        return Path.of(text == null ? otherwise : text);
    }

    private <T> void register(Class<T> type, T service) {
        synchronized (registrations) {
            registrations.add(context.registerService(
                    type, service, FrameworkUtil.asDictionary(Map.of("tepui.service", SERVICE))));
        }
    }

    private record Ready(String address) implements Readiness {
        @Override
        public String service() {
            return SERVICE;
        }
    }

    private record Failed(String reason) implements Failure {
        @Override
        public String service() {
            return SERVICE;
        }
    }
}
