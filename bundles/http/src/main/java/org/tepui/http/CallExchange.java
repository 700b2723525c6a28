// SPDX-License-Identifier: Apache-2.0
package org.tepui.http;

import com.google.protobuf.Message;
import java.util.Optional;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.Worker;
import org.tepui.transport.Connection;
import org.tepui.transport.Exchange;
import org.tepui.transport.HttpServer.Responder;
import org.tepui.transport.HttpServer.Response;
import org.tepui.transport.Refusal;

/**
 * A call that gets one whole response. The response is encoded by a worker, so that a large state does not hold up
 * the service's loop.
 *
 * @param acceptStatus the status that says that a call without an answer was taken
 */
record CallExchange(
        Connection connection,
        Optional<String> streamId,
        MediaType responseType,
        int acceptStatus,
        Responder responder,
        EventLoop loop,
        Worker encoder)
        implements Exchange {
    @Override
    public boolean isHttp() {
        return true;
    }

    @Override
    public void accept() {
        responder.respond(Answers.empty(acceptStatus));
    }

    @Override
    public void reply(Message response) {
        encoder.submit(
                "encode HTTP response",
                () -> Answers.body(responseType, Calls.write(responseType, response)),
                loop,
                (Response body, Exception failure) -> responder.respond(
                        failure == null ? body : Answers.text(500, "The response could not be written: " + failure)));
    }

    @Override
    public void refuse(Refusal refusal) {
        responder.respond(Answers.refused(refusal));
    }
}
