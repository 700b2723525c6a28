// SPDX-License-Identifier: Apache-2.0
package org.tepui.plugins;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.api.service.PluginException;
import org.tepui.api.service.PluginException.Kind;

/**
 * The bundles of plug-ins in the framework. Packages are never refreshed: no plug-in exports one, so that no other
 * bundle is wired to a plug-in, and none is stopped when one goes.
 */
final class PluginBundles {
    /** What the location of a bundle that was installed as a plug-in begins with. */
    static final String LOCATION = "tepui-plugin:";

    private static final Logger log = LoggerFactory.getLogger(PluginBundles.class);

    private final BundleContext context;
    private final GuardedCall guard;
    private final ComponentStates components;

    PluginBundles(BundleContext context, GuardedCall guard) {
        this.context = context;
        this.guard = guard;
        this.components = new ComponentStates(context);
    }

    /** Whether a bundle was installed as a plug-in. */
    static boolean isPlugin(Bundle bundle) {
        return bundle.getLocation().startsWith(LOCATION);
    }

    /** The bundle of that name which belongs to the distribution; of several the one with the highest version. */
    Optional<Bundle> ofDistribution(String name) {
        return Arrays.stream(context.getBundles())
                .filter(bundle -> name.equals(bundle.getSymbolicName()) && !isPlugin(bundle))
                .max(Comparator.comparing(Bundle::getVersion));
    }

    /** The plug-ins of the distribution: its bundles that register a service which plug-ins register. */
    List<Bundle> ofDistribution() {
        return Arrays.stream(context.getBundles())
                .filter(bundle -> !isPlugin(bundle) && registersPlugIn(bundle))
                .toList();
    }

    /** Whether a bundle registers a service that plug-ins register. */
    static boolean registersPlugIn(Bundle bundle) {
        return !services(bundle).isEmpty();
    }

    /**
     * Installs a bundle, starts it and tries its service; a bundle with which something is wrong is uninstalled again.
     *
     * @param label the jar as messages name it
     */
    Bundle bringUp(PluginJar jar, byte[] content, String label) throws PluginException, InterruptedException {
        Bundle bundle = install(jar.name(), jar.version(), content, label);
        try {
            checkRequirements(bundle, label);
            start(bundle, label);
            return bundle;
        } catch (Abandoned e) {
            // its own thread uninstalls it, should that ever return
            throw e.refusal;
        } catch (PluginException | InterruptedException e) {
            takeDown(bundle);
            throw e;
        }
    }

    private Bundle install(String name, Version version, byte[] content, String label) throws PluginException {
        String location = LOCATION + name + "/" + version;
        if (context.getBundle(location) != null) {
            throw new PluginException(
                    Kind.CONFLICT,
                    label + " is refused: an earlier bundle of " + name + " " + version
                            + " is still there, since a call into it does not return. Restart the container");
        }
        try {
            // it has the lowest start level: started at once, and stopped after what uses it
            return context.installBundle(location, new ByteArrayInputStream(content));
        } catch (BundleException e) {
            throw new PluginException(Kind.INVALID, label + " cannot be installed: " + e.getMessage());
        }
    }

    private void checkRequirements(Bundle bundle, String label) throws PluginException {
        Bundle system = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
        Requirements.Missing missing = new Requirements(system.adapt(FrameworkWiring.class)).missing(bundle);
        if (missing.elsewhere()) {
            throw new PluginException(
                    Kind.ELSEWHERE,
                    label + " is not for this kind of container: it needs " + String.join("; ", missing.problems()));
        }
        if (!missing.problems().isEmpty()) {
            throw new PluginException(
                    Kind.INVALID,
                    label + " does not resolve: it needs " + String.join("; ", missing.problems())
                            + ". Build it against what is here");
        }
    }

    private void start(Bundle bundle, String label) throws PluginException, Abandoned, InterruptedException {
        try {
            guard.call(
                    "plug-in start " + bundle.getSymbolicName(),
                    () -> {
                        bundle.start();
                        tryService(bundle, label);
                        return bundle;
                    },
                    () -> uninstall(bundle));
        } catch (TimeoutException e) {
            throw new Abandoned(new PluginException(
                    Kind.FAILED,
                    label + " is refused: its start did not return within "
                            + guard.limit().toSeconds() + " s. The thread that starts it is left behind"));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof PluginException refusal) {
                throw refusal;
            }
            throw new PluginException(Kind.FAILED, label + " does not start: " + rootCause(e));
        }
    }

    /** Has it one service of a plug-in, and can that be had? */
    private void tryService(Bundle bundle, String label) throws PluginException {
        List<ServiceReference<?>> services = services(bundle);
        if (services.isEmpty()) {
            throw new PluginException(
                    Kind.INVALID,
                    label + " is refused: it registers no service of a plug-in (of package "
                            + PluginKinds.interfacePackages() + ")"
                            + components.problem(bundle).map(why -> ": " + why).orElse(""));
        }
        if (services.size() > 1) {
            throw new PluginException(
                    Kind.INVALID,
                    label + " is refused: it registers " + services.size() + " services of plug-ins; one is allowed");
        }
        ServiceReference<?> reference = services.get(0);
        Object service;
        try {
            service = context.getService(reference);
        } catch (ServiceException e) {
            throw new PluginException(Kind.FAILED, label + " does not work: " + rootCause(e));
        }
        if (service == null) {
            throw new PluginException(
                    Kind.FAILED,
                    label + " does not work: "
                            + components.problem(bundle).orElse("its service cannot be had, the log says why"));
        }
        context.ungetService(reference);
    }

    private static List<ServiceReference<?>> services(Bundle bundle) {
        List<ServiceReference<?>> found = new ArrayList<>();
        ServiceReference<?>[] registered = bundle.getRegisteredServices();
        if (registered != null) {
            for (ServiceReference<?> reference : registered) {
                Object types = reference.getProperty(Constants.OBJECTCLASS);
                if (types instanceof String[] names && Arrays.stream(names).anyMatch(PluginKinds::isInterface)) {
                    found.add(reference);
                }
            }
        }
        return found;
    }

    /** Stops and uninstalls a bundle that nobody uses. One that does not let itself be stopped is left behind. */
    void takeDown(Bundle bundle) throws InterruptedException {
        try {
            guard.call(
                    "plug-in stop " + bundle.getSymbolicName(),
                    () -> {
                        uninstall(bundle);
                        return bundle;
                    },
                    () -> {});
        } catch (TimeoutException e) {
            log.error(
                    "Plug-in {} {} does not stop within {} s: its bundle {} is left behind until its stop returns",
                    bundle.getSymbolicName(),
                    bundle.getVersion(),
                    guard.limit().toSeconds(),
                    bundle.getBundleId());
        } catch (ExecutionException e) {
            log.warn("Plug-in {} {} did not stop cleanly", bundle.getSymbolicName(), bundle.getVersion(), e.getCause());
        }
    }

    private static void uninstall(Bundle bundle) {
        try {
            if (bundle.getState() != Bundle.UNINSTALLED) {
                bundle.uninstall();
            }
        } catch (BundleException | IllegalStateException e) {
            log.warn("Bundle {} cannot be uninstalled: {}", bundle, e.getMessage());
        }
    }

    static String rootCause(Throwable throwable) {
        Throwable cause = throwable;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return PluginJar.printable(cause.toString());
    }

    /** A start that did not return: the bundle must not be touched by another thread. */
    private static final class Abandoned extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient PluginException refusal;

        Abandoned(PluginException refusal) {
            super(refusal);
            this.refusal = refusal;
        }
    }
}
