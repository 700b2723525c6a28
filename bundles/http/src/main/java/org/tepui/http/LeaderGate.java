// SPDX-License-Identifier: Apache-2.0
package org.tepui.http;

import java.util.Optional;
import org.tepui.api.service.Leadership;
import org.tepui.transport.HttpServer.Request;
import org.tepui.transport.HttpServer.Response;

/** Lets requests pass only where they can be served: at a leader that has recovered. An agent serves always. */
@FunctionalInterface
interface LeaderGate {
    /** The response that ends the request here, or empty if it may pass. */
    Optional<Response> check(Request request);

    /** The gate of an agent. */
    static LeaderGate open() {
        return request -> Optional.empty();
    }

    /** The gate of a master: 307 to the leader, 503 where there is none or it recovers. */
    static LeaderGate of(Leadership leadership) {
        return request -> switch (leadership.state()) {
            case LEADING -> Optional.empty();
            case RECOVERING -> Optional.of(Answers.text(503, "Master has not finished recovery"));
            case NONE -> Optional.of(Answers.text(503, "No leader elected"));
            case STANDBY ->
                Optional.of(leadership
                        .leaderAddress()
                        .map(address -> Answers.redirect(address, request.rawTarget()))
                        .orElseGet(() -> Answers.text(503, "No leader elected")));
        };
    }
}
