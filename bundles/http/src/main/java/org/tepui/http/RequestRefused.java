// SPDX-License-Identifier: Apache-2.0
package org.tepui.http;

import org.tepui.transport.HttpServer.Response;

/** A request that ends with this response before it becomes a message. */
final class RequestRefused extends Exception {
    private final transient Response response;

    RequestRefused(Response response) {
        super(Integer.toString(response.status()), null, false, false);
        this.response = response;
    }

    RequestRefused(int status, String reason) {
        this(Answers.text(status, reason));
    }

    Response response() {
        return response;
    }
}
