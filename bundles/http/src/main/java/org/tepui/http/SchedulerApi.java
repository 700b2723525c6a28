// SPDX-License-Identifier: Apache-2.0
package org.tepui.http;

import java.util.Optional;
import org.tepui.proto.validation.SchedulerCalls;
import org.tepui.runtime.Randomness;
import org.tepui.runtime.Worker;
import org.tepui.transport.Endpoint;
import org.tepui.transport.HttpServer;
import org.tepui.transport.HttpServer.Request;
import org.tepui.transport.HttpServer.Responder;
import org.tepui.transport.HttpServer.Response;
import org.tepui.v1.scheduler.Call;

/**
 * {@code /api/v1/scheduler}: calls of schedulers, and the event stream that SUBSCRIBE opens.
 *
 * <p>Requests are checked in the order that Mesos documents, since clients see which check speaks first:
 * leadership, method, content type, body, the call's own rules, and for SUBSCRIBE the Accept header and the absence
 * of a stream id. What needs the master's state (is the framework known, is it this stream) is checked by the
 * master's handler.
 */
final class SchedulerApi implements HttpServer.Handler {
    private static final int ACCEPTED = 202;
    private static final int OK = 200;

    private final LeaderGate gate;
    private final Endpoint endpoint;
    private final Randomness randomness;
    private final Worker encoder;

    SchedulerApi(LeaderGate gate, Endpoint endpoint, Randomness randomness, Worker encoder) {
        this.gate = gate;
        this.endpoint = endpoint;
        this.randomness = randomness;
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
        Call call = Calls.read(request, contentType, Call.getDefaultInstance());
        Optional<String> problem = SchedulerCalls.validate(call);
        if (problem.isPresent()) {
            throw new RequestRefused(400, "Failed to validate the call: " + problem.get());
        }
        Optional<String> streamId = request.header(Subscription.STREAM_ID_HEADER);
        if (call.getType() == Call.Type.SUBSCRIBE) {
            MediaType accepted = Calls.accepted(request);
            if (streamId.isPresent()) {
                throw new RequestRefused(400, "Subscribe calls should not include the 'Mesos-Stream-Id' header");
            }
            String fresh = randomness.nextUuid().toString();
            endpoint.deliver(
                    call, new Subscription(endpoint, HttpPeers.of(request.remote()), fresh, accepted, responder));
            return;
        }
        endpoint.deliver(
                call,
                new CallExchange(
                        new ClosedConnection(endpoint.nextConnectionId(), HttpPeers.of(request.remote())),
                        streamId,
                        contentType,
                        // the only call that is answered when it is done and not when it came
                        call.getType() == Call.Type.UPDATE_FRAMEWORK ? OK : ACCEPTED,
                        responder,
                        endpoint.loop(),
                        encoder));
    }
}
