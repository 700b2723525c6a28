// SPDX-License-Identifier: Apache-2.0
package org.tepui.http;

import java.util.Optional;
import org.tepui.proto.operator.Call;
import org.tepui.proto.validation.OperatorCalls;
import org.tepui.runtime.Worker;
import org.tepui.transport.Endpoint;
import org.tepui.transport.Exchange;
import org.tepui.transport.HttpServer;
import org.tepui.transport.HttpServer.Request;
import org.tepui.transport.HttpServer.Responder;
import org.tepui.transport.HttpServer.Response;

/** {@code /tepui/v1}: what concerns the node itself is answered by every node, the rest where it can be. */
final class TepuiApi implements HttpServer.Handler {
    private static final int OK = 200;

    private final LeaderGate gate;
    private final Endpoint endpoint;
    private final PluginCalls plugins;
    private final Worker encoder;

    TepuiApi(LeaderGate gate, Endpoint endpoint, PluginCalls plugins, Worker encoder) {
        this.gate = gate;
        this.endpoint = endpoint;
        this.plugins = plugins;
        this.encoder = encoder;
    }

    @Override
    public void handle(Request request, Responder responder) {
        try {
            serve(request, responder);
        } catch (RequestRefused e) {
            // one that does not lead sends on what it would refuse, as its version may be another than the leader's
            responder.respond(gate.check(request).orElse(e.response()));
        }
    }

    private void serve(Request request, Responder responder) throws RequestRefused {
        Call call = Calls.read(request, Calls.contentType(request), Call.getDefaultInstance());
        boolean concernsNode = OperatorCalls.concernsPlugins(call);
        Optional<Response> stopped = concernsNode ? Optional.empty() : gate.check(request);
        if (stopped.isPresent()) {
            responder.respond(stopped.get());
            return;
        }
        Optional<String> problem = OperatorCalls.validate(call);
        if (problem.isPresent()) {
            throw new RequestRefused(400, "Failed to validate the call: " + problem.get());
        }
        Exchange exchange = new CallExchange(
                new ClosedConnection(endpoint.nextConnectionId(), HttpPeers.of(request.remote())),
                Optional.empty(),
                Calls.accepted(request),
                OK,
                responder,
                endpoint.loop(),
                encoder);
        if (concernsNode) {
            plugins.handle(call, exchange);
        } else {
            endpoint.deliver(call, exchange);
        }
    }
}
