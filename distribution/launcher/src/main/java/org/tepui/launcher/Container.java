// SPDX-License-Identifier: Apache-2.0
package org.tepui.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.felix.framework.FrameworkFactory;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * One OSGi framework with the bundles of one service. {@link #start} returns when the service is ready, {@link #stop}
 * ends it in the reverse order of its start. Stop may be called from any thread, also while another one starts, and
 * more than once.
 */
final class Container {
    private static final long CHECK_MILLISECONDS = 200;

    /**
     * What the launcher and the bundles both see. The framework exports these from the launcher's own class path,
     * so that no bundle for them is needed.
     */
    private static final String SHARED_PACKAGES = "org.osgi.service.cm;version=1.6.1,"
            + "org.osgi.service.component;version=1.5.1,"
            + "org.osgi.service.component.runtime;version=1.5.0,"
            + "org.osgi.service.component.runtime.dto;version=1.5.0,"
            + "org.osgi.util.promise;version=1.3.0,"
            + "org.osgi.util.function;version=1.2.0";

    private final String name;
    private final Service service;
    private final Distribution distribution;
    private final Settings settings;
    private final LauncherSettings launcher;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final Semaphore changes = new Semaphore(0);
    private final Queue<String> errors = new ConcurrentLinkedQueue<>();
    private volatile @Nullable Running running;

    /**
     * Prepares a container.
     *
     * @param name tells the containers of one process apart: {@code agent2}
     */
    Container(String name, Service service, Distribution distribution, Settings settings, LauncherSettings launcher) {
        this.name = name;
        this.service = service;
        this.distribution = distribution;
        this.settings = settings;
        this.launcher = launcher;
    }

    String name() {
        return name;
    }

    /** Whether it is to be stopped as soon as it is ready. */
    boolean exitWhenReady() {
        return launcher.exitWhenReady();
    }

    /**
     * Starts all bundles and waits for the service.
     *
     * @return {@code HOST:PORT} where it listens
     * @throws LaunchException if a bundle or a component fails, the configuration is refused, or time runs out
     */
    String start() throws LaunchException, InterruptedException {
        long deadline = System.nanoTime() + launcher.readyTimeout().toNanos();
        BundleSet bundles = distribution.bundles(service);
        WorkDirectory directory = WorkDirectory.lock(launcher.workDirectory(), service);
        try {
            Framework created = new FrameworkFactory().newFramework(properties(directory));
            running = new Running(created, directory);
            created.init();
            BundleContext context = created.getBundleContext();
            context.addFrameworkListener(this::onFrameworkEvent);
            context.addServiceListener(event -> changes.release(), "(objectClass=org.tepui.api.service.*)");
            install(context, bundles);
            created.start();
            raiseStartLevel(created, bundles, deadline);
            return awaitReady(context, deadline);
        } catch (BundleException | InvalidSyntaxException e) {
            throw LaunchException.failure(name + " cannot be started: " + rootCause(e));
        } catch (IOException e) {
            throw LaunchException.failure(name + " cannot be configured: " + rootCause(e));
        }
    }

    /** Why the service cannot go on; none as long as it can, or if it was stopped on purpose. */
    Optional<String> failure() throws LaunchException {
        Running present = running;
        if (present == null || stopping.get()) {
            return Optional.empty();
        }
        if (present.framework().getState() != Bundle.ACTIVE) {
            return Optional.of("its container was stopped from inside");
        }
        return new ContainerServices(present.framework().getBundleContext()).reasonOfFailure(service);
    }

    /**
     * Stops all bundles.
     *
     * @return whether that was done in time
     */
    boolean stop() {
        Running present = running;
        if (!stopping.compareAndSet(false, true) || present == null) {
            return true;
        }
        changes.release();
        try {
            present.framework().stop();
            FrameworkEvent event =
                    present.framework().waitForStop(launcher.stopTimeout().toMillis());
            present.directory().close();
            return event.getType() != FrameworkEvent.WAIT_TIMEDOUT;
        } catch (BundleException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Map<String, String> properties(WorkDirectory directory) throws LaunchException {
        Map<String, String> properties = new HashMap<>();
        properties.put(
                Constants.FRAMEWORK_STORAGE,
                directory.container().resolve("bundles").toString());
        properties.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        properties.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, SHARED_PACKAGES);
        properties.put("felix.log.level", "1");
        properties.put("felix.cache.locking", "false");
        // configuration comes from the launcher at every start: there is nothing to keep
        properties.put("felix.cm.pm", "memory");
        // until the log is configured by its file only errors are worth the console
        properties.put("org.ops4j.pax.logging.DefaultServiceLog.level", "ERROR");
        properties.put("ds.loglevel", "2");
        properties.put("org.ops4j.pax.logging.skipJUL", "true");
        properties.put("org.ops4j.pax.logging.eventAdminEnabled", "false");
        properties.put("org.ops4j.pax.logging.logReaderEnabled", "false");
        properties.put("tepui.home", distribution.home().toString());
        properties.put("tepui.work.dir", directory.path().toString());
        properties.put("tepui.container", name);
        try {
            properties.put(
                    "org.ops4j.pax.logging.StaticLogbackFile",
                    LogConfiguration.write(distribution.etc(), directory.container(), name, launcher)
                            .toString());
        } catch (IOException e) {
            throw LaunchException.failure("the log of " + name + " cannot be configured: " + rootCause(e));
        }
        return properties;
    }

    private static void install(BundleContext context, BundleSet bundles) throws BundleException {
        for (Map.Entry<Integer, List<Path>> level : bundles.jarsByLevel().entrySet()) {
            for (Path jar : level.getValue()) {
                Bundle bundle = context.installBundle("reference:" + jar.toUri());
                bundle.adapt(BundleStartLevel.class).setStartLevel(level.getKey());
                boolean fragment = (bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
                if (!fragment) {
                    bundle.start();
                }
            }
        }
    }

    /** Level by level, and configures all there is as soon as the configuration service is up. */
    private void raiseStartLevel(Framework created, BundleSet bundles, long deadline)
            throws LaunchException, InterruptedException, IOException {
        boolean configured = false;
        FrameworkStartLevel levels = created.adapt(FrameworkStartLevel.class);
        for (int level : bundles.jarsByLevel().keySet()) {
            levels.setStartLevel(level);
            while (levels.getStartLevel() < level) {
                waitForChange(deadline);
            }
            checkErrors();
            if (!configured) {
                configured = configure(created.getBundleContext());
            }
        }
        if (!configured) {
            throw LaunchException.failure(name + " has no configuration service in its bundle set");
        }
    }

    private boolean configure(BundleContext context) throws IOException {
        ServiceReference<ConfigurationAdmin> reference = context.getServiceReference(ConfigurationAdmin.class);
        ConfigurationAdmin admin = reference == null ? null : context.getService(reference);
        if (admin == null) {
            return false;
        }
        for (String pid : settings.catalog().pids()) {
            admin.getConfiguration(pid, "?").update(FrameworkUtil.asDictionary(settings.properties(pid)));
        }
        return true;
    }

    private String awaitReady(BundleContext context, long deadline) throws LaunchException, InterruptedException {
        ContainerServices services = new ContainerServices(context);
        ComponentProblems components = new ComponentProblems(context);
        while (true) {
            Optional<String> address = services.addressOfReady(service);
            if (address.isPresent()) {
                return address.get();
            }
            Optional<String> failure = services.reasonOfFailure(service);
            if (failure.isPresent()) {
                throw LaunchException.failure(name + " cannot go on: " + failure.get());
            }
            checkErrors();
            List<String> failures = components.failures();
            if (!failures.isEmpty()) {
                String text = name + " cannot start:\n" + String.join("\n", failures);
                throw components.configurationRefused() ? LaunchException.misuse(text) : LaunchException.failure(text);
            }
            if (System.nanoTime() - deadline > 0) {
                List<String> waiting = components.waiting();
                throw LaunchException.failure(
                        name + " is not ready after " + launcher.readyTimeout().toSeconds() + " s"
                                + (waiting.isEmpty() ? "" : ":\n" + String.join("\n", waiting)));
            }
            waitForChange(deadline);
        }
    }

    private void waitForChange(long deadline) throws InterruptedException, LaunchException {
        if (stopping.get()) {
            throw LaunchException.failure(name + " was stopped before it was ready");
        }
        long remaining = Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
        changes.tryAcquire(Math.min(CHECK_MILLISECONDS, remaining), TimeUnit.MILLISECONDS);
        changes.drainPermits();
    }

    private void checkErrors() throws LaunchException {
        if (!errors.isEmpty()) {
            throw LaunchException.failure(name + " cannot start:\n" + String.join("\n", errors));
        }
    }

    private void onFrameworkEvent(FrameworkEvent event) {
        if (event.getType() == FrameworkEvent.ERROR) {
            errors.add(event.getBundle().getSymbolicName() + ": " + rootCause(event.getThrowable()));
        }
        changes.release();
    }

    private static String rootCause(Throwable throwable) {
        Throwable cause = throwable;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        return message == null ? cause.toString() : message;
    }

    /** A framework that was made, and the directory that it holds. */
    private record Running(Framework framework, WorkDirectory directory) {}
}
