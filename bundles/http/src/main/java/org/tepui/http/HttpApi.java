// SPDX-License-Identifier: Apache-2.0
package org.tepui.http;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.tepui.api.metrics.MetricRegistry;
import org.tepui.api.service.Leadership;
import org.tepui.api.service.PluginService;
import org.tepui.proto.validation.OperatorCalls;
import org.tepui.runtime.Randomness;
import org.tepui.runtime.Worker;
import org.tepui.transport.Endpoint;
import org.tepui.transport.HttpServer;
import org.tepui.transport.HttpServer.Handler;
import org.tepui.transport.HttpServer.Registration;

/**
 * The paths that a service serves over HTTP. Closing it ends their service; exchanges under way are still answered.
 *
 * <p>Each path of Mesos is served bare and under the prefix that Mesos has for its process, {@code /master} or
 * {@code /slave(1)}.
 */
public final class HttpApi implements AutoCloseable {
    private final HttpServer server;
    private final String prefix;
    private final List<Registration> registrations = new ArrayList<>();

    private HttpApi(HttpServer server, String prefix) {
        this.server = server;
        this.prefix = prefix;
    }

    /**
     * Serves the APIs of a master.
     *
     * @param plugins what installs plug-ins here, for as long as there is such a thing
     */
    public static HttpApi ofMaster(
            HttpServer server,
            Endpoint endpoint,
            Leadership leadership,
            MetricRegistry metrics,
            Randomness randomness,
            Worker encoder,
            Supplier<Optional<PluginService>> plugins) {
        HttpApi api = new HttpApi(server, "/master");
        LeaderGate gate = LeaderGate.of(leadership);
        api.serve("/api/v1/scheduler", new SchedulerApi(gate, endpoint, randomness, encoder));
        api.serve(
                "/api/v1",
                new OperatorApi<>(
                        gate,
                        endpoint,
                        org.tepui.v1.master.Call.getDefaultInstance(),
                        OperatorCalls::validate,
                        HttpApi::acceptStatus,
                        encoder));
        api.serve("/tepui/v1", new TepuiApi(gate, endpoint, new PluginCalls(plugins), encoder));
        api.serve("/redirect", new RedirectApi(leadership));
        api.serveCommon(metrics, endpoint);
        return api;
    }

    /**
     * Serves the APIs of an agent.
     *
     * @param plugins what installs plug-ins here, for as long as there is such a thing
     */
    public static HttpApi ofAgent(
            HttpServer server,
            Endpoint endpoint,
            MetricRegistry metrics,
            Worker encoder,
            Supplier<Optional<PluginService>> plugins) {
        HttpApi api = new HttpApi(server, "/slave(1)");
        api.serve(
                "/api/v1",
                new OperatorApi<>(
                        LeaderGate.open(),
                        endpoint,
                        org.tepui.v1.agent.Call.getDefaultInstance(),
                        OperatorCalls::validate,
                        encoder));
        api.serve("/tepui/v1", new TepuiApi(LeaderGate.open(), endpoint, new PluginCalls(plugins), encoder));
        api.serveCommon(metrics, endpoint);
        return api;
    }

    /** What agents have to do, too, is not done yet when the call is answered. */
    private static int acceptStatus(org.tepui.v1.master.Call call) {
        return switch (call.getType()) {
            case RESERVE_RESOURCES, UNRESERVE_RESOURCES -> 202;
            default -> 200;
        };
    }

    private void serveCommon(MetricRegistry metrics, Endpoint endpoint) {
        SystemFigures.list(metrics, Path.of("/proc"));
        registrations.add(server.serve("/metrics/snapshot", new MetricsApi(metrics, endpoint.loop())));
        serve(
                "/health",
                (request, responder) -> responder.respond(
                        request.method().equals("GET") || request.method().equals("HEAD")
                                ? Answers.empty(200)
                                : Answers.methodNotAllowed(request.method(), "GET")));
    }

    private void serve(String path, Handler handler) {
        registrations.add(server.serve(path, handler));
        registrations.add(server.serve(prefix + path, handler));
    }

    @Override
    public void close() {
        registrations.forEach(Registration::close);
        registrations.clear();
    }
}
