// SPDX-License-Identifier: Apache-2.0
package org.tepui.plugins;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.hooks.weaving.WeavingHook;
import org.osgi.framework.launch.Framework;
import org.tepui.api.service.PluginException;
import org.tepui.api.service.PluginInfo;
import org.tepui.runtime.SystemClock;
import org.tepui.runtime.SystemDisk;

/** A framework with the manager of plug-ins in it, its bundles forgotten at every start as in a container. */
final class TestContainer {
    private static final String SHARED = "org.tepui.allocator;version=0.1.0,org.tepui.api;version=0.1.0,"
            + "org.tepui.api.resources;version=0.1.0,org.tepui.api.service;version=0.1.0";

    final PluginManager manager;
    final DeployDirectory deploy;
    final PluginStore store;
    final ScriptedUser user;
    private final Framework framework;

    private TestContainer(
            Framework framework, PluginManager manager, PluginStore store, ScriptedUser user, Path deploy) {
        this.framework = framework;
        this.manager = manager;
        this.store = store;
        this.user = user;
        this.deploy = new DeployDirectory(deploy, manager);
    }

    /** @param distributed jars of the distribution, started before */
    static TestContainer start(Path directory, byte[]... distributed)
            throws BundleException, IOException, InterruptedException {
        Framework framework = new FrameworkFactory()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE,
                        directory.resolve("cache").toString(),
                        Constants.FRAMEWORK_STORAGE_CLEAN,
                        Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT,
                        Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                        SHARED,
                        "felix.log.level",
                        "1"));
        framework.start();
        BundleContext context = framework.getBundleContext();
        for (int i = 0; i < distributed.length; i++) {
            context.installBundle("distribution:" + i, new java.io.ByteArrayInputStream(distributed[i]))
                    .start();
        }
        ScriptedUser user = new ScriptedUser(context);
        PluginStore store = new PluginStore(new SystemDisk(), directory.resolve("plugins"));
        PluginManager manager = new PluginManager(
                store,
                new PluginBundles(context, new GuardedCall(Duration.ofSeconds(1))),
                new PluginUsers(() -> List.of(user), new SystemClock(), Duration.ofSeconds(2)),
                new SystemClock());
        context.registerService(WeavingHook.class, new ExitGuard(), null);
        store.load();
        manager.restore();
        return new TestContainer(framework, manager, store, user, directory.resolve("deploy"));
    }

    PluginInfo install(byte[] jar) throws PluginException, InterruptedException {
        return manager.install(jar, "x.jar", Optional.empty(), false);
    }

    /** The plug-ins that are installed, as NAME VERSION. */
    List<String> installed() {
        return manager.list().stream()
                .map(info -> info.name() + " " + info.version())
                .toList();
    }

    /** Id to what is known of every bundle: a change means that it was touched. */
    Map<Long, String> bundles() {
        Map<Long, String> all = new TreeMap<>();
        for (Bundle bundle : framework.getBundleContext().getBundles()) {
            all.put(
                    bundle.getBundleId(),
                    bundle.getLocation() + " state " + bundle.getState() + " modified " + bundle.getLastModified());
        }
        return all;
    }

    Bundle bundle(long id) {
        return framework.getBundleContext().getBundle(id);
    }

    /** Stops it; what is on disk stays. */
    void close() throws BundleException, InterruptedException {
        framework.stop();
        framework.waitForStop(20_000);
    }
}
