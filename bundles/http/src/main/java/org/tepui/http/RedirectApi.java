// SPDX-License-Identifier: Apache-2.0
package org.tepui.http;

import org.tepui.api.service.Leadership;
import org.tepui.transport.HttpServer;
import org.tepui.transport.HttpServer.Request;
import org.tepui.transport.HttpServer.Responder;

/**
 * {@code /redirect}: where the leader is, for clients that look for it; this master itself where no leader is
 * known.
 */
final class RedirectApi implements HttpServer.Handler {
    private final Leadership leadership;

    RedirectApi(Leadership leadership) {
        this.leadership = leadership;
    }

    @Override
    public void handle(Request request, Responder responder) {
        responder.respond(Answers.redirect(leadership.leaderAddress().orElseGet(leadership::address), ""));
    }
}
