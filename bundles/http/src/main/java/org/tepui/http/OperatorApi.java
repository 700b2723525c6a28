// SPDX-License-Identifier: Apache-2.0
package org.tepui.http;

import com.google.protobuf.Message;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.tepui.runtime.Worker;
import org.tepui.transport.Endpoint;
import org.tepui.transport.HttpServer;
import org.tepui.transport.HttpServer.Request;
import org.tepui.transport.HttpServer.Responder;
import org.tepui.transport.HttpServer.Response;

/**
 * An API of one call type with one response each: {@code /api/v1} of master and agent, and {@code /tepui/v1}.
 *
 * @param <M> the call
 */
final class OperatorApi<M extends Message> implements HttpServer.Handler {
    private static final int OK = 200;

    private final LeaderGate gate;
    private final Endpoint endpoint;
    private final M prototype;
    private final Function<M, Optional<String>> validation;
    private final ToIntFunction<M> acceptStatus;
    private final Worker encoder;

    /** @param validation what is wrong with a call, seen without the service's state */
    OperatorApi(
            LeaderGate gate, Endpoint endpoint, M prototype, Function<M, Optional<String>> validation, Worker encoder) {
        this(gate, endpoint, prototype, validation, call -> OK, encoder);
    }

    /**
     * @param validation what is wrong with a call, seen without the service's state
     * @param acceptStatus says of a call that is taken and has no answer that it was
     */
    OperatorApi(
            LeaderGate gate,
            Endpoint endpoint,
            M prototype,
            Function<M, Optional<String>> validation,
            ToIntFunction<M> acceptStatus,
            Worker encoder) {
        this.acceptStatus = acceptStatus;
        this.gate = gate;
        this.endpoint = endpoint;
        this.prototype = prototype;
        this.validation = validation;
        this.encoder = encoder;
    }

    @Override
    public void handle(Request request, Responder responder) {
        Optional<Response> stopped = gate.check(request);
        if (stopped.isPresent()) {
            responder.respond(stopped.get());
            return;
        }
        try {
            serve(request, responder);
        } catch (RequestRefused e) {
            responder.respond(e.response());
        }
    }

    private void serve(Request request, Responder responder) throws RequestRefused {
        MediaType contentType = Calls.contentType(request);
        M call = Calls.read(request, contentType, prototype);
        Optional<String> problem = validation.apply(call);
        if (problem.isPresent()) {
            throw new RequestRefused(400, "Failed to validate the call: " + problem.get());
        }
        MediaType accepted = Calls.accepted(request);
        endpoint.deliver(
                call,
                new CallExchange(
                        new ClosedConnection(endpoint.nextConnectionId(), HttpPeers.of(request.remote())),
                        Optional.empty(),
                        accepted,
                        acceptStatus.applyAsInt(call),
                        responder,
                        endpoint.loop(),
                        encoder));
    }
}
