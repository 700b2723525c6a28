// SPDX-License-Identifier: Apache-2.0
package org.tepui.http;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.tepui.transport.HttpServer.Response;
import org.tepui.transport.Refusal;

/** The responses that several endpoints give. */
final class Answers {
    private Answers() {}

    static Response text(int status, String text) {
        return new Response(
                status,
                Map.of("content-type", "text/plain; charset=utf-8"),
                (text.isEmpty() ? "" : text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    static Response refused(Refusal refusal) {
        return text(refusal.kind().status(), refusal.reason());
    }

    static Response empty(int status) {
        return new Response(status, Map.of(), new byte[0]);
    }

    static Response body(MediaType type, byte[] body) {
        return new Response(200, Map.of("content-type", type.text()), body);
    }

    static Response methodNotAllowed(String method, String allowed) {
        return new Response(
                405,
                Map.of("allow", allowed, "content-type", "text/plain; charset=utf-8"),
                ("Expecting one of { '" + allowed + "' }, but received '" + method + "'\n")
                        .getBytes(StandardCharsets.UTF_8));
    }

    /** A temporary redirect to the same target at another address, without a scheme, as Mesos sends it. */
    static Response redirect(String address, String target) {
        return new Response(307, Map.of("location", "//" + address + target), new byte[0]);
    }
}
