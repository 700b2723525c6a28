// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.allocator.AllocatorFactory;
import org.tepui.api.metrics.MetricRegistry;
import org.tepui.api.service.Failure;
import org.tepui.api.service.Leadership;
import org.tepui.api.service.PluginUser;
import org.tepui.api.service.Readiness;
import org.tepui.registrar.DiskRegistrar;
import org.tepui.registrar.RegistryLimits;
import org.tepui.runtime.Address;
import org.tepui.runtime.FaultHandler;
import org.tepui.runtime.SystemDisk;
import org.tepui.runtime.SystemRandomness;
import org.tepui.runtime.ThreadConfinedLoops;
import org.tepui.runtime.ThreadEventLoop;
import org.tepui.runtime.ThreadWorker;
import org.tepui.transport.Endpoint;
import org.tepui.transport.HttpServer;
import org.tepui.transport.LocalPeer;
import org.tepui.transport.netty.Transport;

/**
 * Wires a master in a container. What others in the container need of it (endpoint, HTTP server, metrics, leadership)
 * are services with the property {@code tepui.service=master}, there before the port is.
 */
@Component(
        service = {},
        immediate = true,
        configurationPid = MasterConfiguration.PID)
@Designate(ocd = MasterConfiguration.class)
public final class MasterComponent {
    private static final Logger log = LoggerFactory.getLogger(MasterComponent.class);
    private static final String SERVICE = "master";
    private static final long STOP_SECONDS = 10;
    private static final Pattern POLICY_NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    private final BundleContext context;
    private final MasterSettings settings;
    private final ThreadEventLoop loop;
    private final ThreadWorker registrarWorker = new ThreadWorker("registrar");
    private final ThreadWorker filesWorker = new ThreadWorker("files");
    private final Transport transport;
    private final MetricRegistry metrics = new MetricRegistry();
    private final Master master;
    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();

    /** Makes everything, and lets nobody in yet. */
    @Activate
    public MasterComponent(BundleContext context, Map<String, Object> properties) {
        this.context = context;
        String directory = context.getProperty("tepui.work.dir");
        this.settings = MasterSettings.read(properties, Path.of(directory == null ? "master" : directory));
        FaultHandler faults = (where, what, failure) -> {
            metrics.counter("master/faults").increment();
            log.error("A bug: {} on loop {} failed", what, where, failure);
        };
        loop = ThreadEventLoop.start("master", faults);
        // as everything else shows it: OSGi has a dot before the qualifier
        String version = context.getBundle().getVersion().toString().replace(".SNAPSHOT", "-SNAPSHOT");
        SystemRandomness randomness = new SystemRandomness();
        transport =
                Transport.open(Transport.Config.DEFAULTS, loop, randomness, new LocalPeer(SERVICE, version), metrics);
        DiskRegistrar registrar = new DiskRegistrar(new DiskRegistrar.Settings(
                settings.workDirectory(), new SystemDisk(), registrarWorker, loop, RegistryLimits.DEFAULT, metrics));
        master = new Master(new MasterParts(
                settings.config(),
                version,
                transport.endpoint(),
                new ThreadConfinedLoops(faults),
                settings.allocator(),
                registrar,
                randomness,
                metrics,
                files(),
                transport.endpoint()::setEpoch,
                reason -> register(Failure.class, new Failed(reason))));
    }

    /** The log lies where the launcher puts it; without a launcher there is none to show. */
    private MasterFiles files() {
        String directory = context.getProperty("tepui.work.dir");
        String container = context.getProperty("tepui.container");
        return directory == null || container == null
                ? MasterFiles.NONE
                : new MasterLog(Path.of(directory, "logs", container + ".log"), filesWorker, loop);
    }

    /** A policy came. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindAllocator(
            AllocatorFactory factory, ServiceReference<AllocatorFactory> reference, Map<String, Object> properties) {
        try {
            String name = factory.name();
            if (name == null || !POLICY_NAME.matcher(name).matches()) {
                log.error("An allocation policy of {} is not used: its name is '{}'", reference.getBundle(), name);
                return;
            }
            master.addAllocator(new PolicyOffering(
                    name,
                    reference.getBundle().getVersion().toString(),
                    reference.getBundle().getBundleId(),
                    factory,
                    PolicyConfiguration.of(properties)));
        } catch (RuntimeException | LinkageError e) {
            log.error("An allocation policy of {} is not used: it does not say its name", reference.getBundle(), e);
        }
    }

    /** A policy goes. */
    void unbindAllocator(AllocatorFactory factory) {
        master.removeAllocator(factory);
    }

    /**
     * Lets others in, and leads.
     *
     * @throws IOException if the port cannot be had
     */
    @Activate
    void start() throws IOException {
        try {
            register(Endpoint.class, transport.endpoint());
            register(HttpServer.class, transport.http());
            register(MetricRegistry.class, metrics);
            register(Leadership.class, master);
            register(PluginUser.class, master.allocatorUses());
            Address bound = transport.listen(settings.listen(), settings.insecure());
            Address reachable = settings.advertise().orElse(bound);
            transport.endpoint().setAddress(reachable);
            master.start(reachable, () -> register(Readiness.class, new Ready(reachable.toString())));
        } catch (IOException | RuntimeException e) {
            stop();
            throw e;
        }
    }

    /** Stops in the opposite order. */
    @Deactivate
    void stop() {
        CountDownLatch stopped = new CountDownLatch(1);
        master.stop(stopped::countDown);
        try {
            if (!stopped.await(STOP_SECONDS, TimeUnit.SECONDS)) {
                log.warn("The registry was not let go within {} s", STOP_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (registrations) {
            registrations.forEach(ServiceRegistration::unregister);
            registrations.clear();
        }
        transport.close();
        loop.close();
        registrarWorker.close();
        filesWorker.close();
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
