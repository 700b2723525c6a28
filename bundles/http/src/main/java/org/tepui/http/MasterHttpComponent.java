// SPDX-License-Identifier: Apache-2.0
package org.tepui.http;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.tepui.api.metrics.MetricRegistry;
import org.tepui.api.service.Leadership;
import org.tepui.api.service.PluginService;
import org.tepui.runtime.SystemRandomness;
import org.tepui.runtime.ThreadWorker;
import org.tepui.transport.Endpoint;
import org.tepui.transport.HttpServer;

/** Serves the APIs of a master for as long as the master offers its endpoint and its HTTP server. */
@Component(
        service = {},
        immediate = true)
public final class MasterHttpComponent {
    private final ThreadWorker encoder = new ThreadWorker("http-encoder");
    private final HttpApi api;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile @Nullable PluginService plugins;

    /** Wires the services of the master in this container. */
    @Activate
    public MasterHttpComponent(
            @Reference(target = "(tepui.service=master)") HttpServer server,
            @Reference(target = "(tepui.service=master)") Endpoint endpoint,
            @Reference(target = "(tepui.service=master)") MetricRegistry metrics,
            @Reference Leadership leadership) {
        api = HttpApi.ofMaster(server, endpoint, leadership, metrics, new SystemRandomness(), encoder, this::plugins);
    }

    private Optional<PluginService> plugins() {
        return Optional.ofNullable(plugins);
    }

    @Deactivate
    void close() {
        api.close();
        encoder.close();
    }
}
