// SPDX-License-Identifier: Apache-2.0
package org.tepui.plugins;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.hooks.weaving.WeavingHook;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.api.service.PluginService;
import org.tepui.api.service.PluginUser;
import org.tepui.runtime.Clock;
import org.tepui.runtime.SystemClock;
import org.tepui.runtime.SystemDisk;

/**
 * Wires the plug-ins of a container. When it is active, all plug-ins of before are up: it is started after what uses
 * them and after those of the distribution.
 */
@Component(
        service = {},
        immediate = true,
        configurationPid = PluginConfiguration.PID)
@Designate(ocd = PluginConfiguration.class)
public final class PluginComponent {
    private static final Logger log = LoggerFactory.getLogger(PluginComponent.class);

    private final BundleContext context;
    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();
    private final QueuedPluginService service;

    /**
     * Brings up the plug-ins of before, then takes changes.
     *
     * @throws IOException if what was kept cannot be read
     */
    @Activate
    public PluginComponent(BundleContext context, Map<String, Object> properties)
            throws IOException, InterruptedException {
        this.context = context;
        PluginSettings settings = PluginSettings.read(properties, path("tepui.home"));
        Clock clock = new SystemClock();
        PluginStore store =
                new PluginStore(new SystemDisk(), path("tepui.work.dir").resolve("plugins"));
        PluginManager manager = new PluginManager(
                store,
                new PluginBundles(context, new GuardedCall(settings.startTimeout())),
                new PluginUsers(this::users, clock, settings.switchTimeout()),
                clock);
        service = new QueuedPluginService(manager, new DeployDirectory(settings.deployDirectory(), manager));
        registrations.add(context.registerService(WeavingHook.class, new ExitGuard(), null));
        try {
            store.load();
            manager.restore();
        } catch (IOException | InterruptedException e) {
            close();
            throw e;
        }
        registrations.add(context.registerService(PluginService.class, service, null));
        service.watch(settings.interval().toMillis());
    }

    /** Takes no more changes. The plug-ins stay for as long as the container runs. */
    @Deactivate
    void close() {
        service.close();
        registrations.forEach(ServiceRegistration::unregister);
        registrations.clear();
    }

    private Path path(String property) {
        @Nullable String text = context.getProperty(property);
        return Path.of(text == null ? "." : text);
    }

    private Collection<PluginUser> users() {
        List<PluginUser> users = new ArrayList<>();
        try {
            for (ServiceReference<PluginUser> reference : context.getServiceReferences(PluginUser.class, null)) {
                @Nullable PluginUser user = context.getService(reference);
                if (user != null) {
                    users.add(user);
                }
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("no filter cannot be wrong", e);
        } catch (IllegalStateException e) {
            log.debug("The container stops", e);
        }
        return users;
    }
}
