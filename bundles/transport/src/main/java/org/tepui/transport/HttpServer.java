// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tepui.runtime.Address;

/**
 * The HTTP/1.1 side of a service's port. Handlers are called on a transport thread and must not block; they may
 * answer later from any thread. Request lines in absolute form are accepted. A path without a handler is answered
 * 404, a body over the limit 413, headers over the limit 431.
 */
public interface HttpServer {
    /**
     * Serves a path; with a trailing {@code /*} the path before it and everything below. The longest match wins.
     *
     * @throws IllegalStateException if the path is served already
     */
    Registration serve(String path, Handler handler);

    /** What serves a path. */
    @FunctionalInterface
    interface Handler {
        /** Answers a request through the responder, at once or later. */
        void handle(Request request, Responder responder);
    }

    /** Ends the service of a path. */
    interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * A whole request.
     *
     * @param method as sent, {@code GET} or {@code POST} for instance
     * @param path decoded and without the query; starts with a slash
     * @param query decoded parameters, in order per name
     * @param rawTarget path and query as sent, without scheme and host
     * @param headers names in lower case
     * @param body at most the limit of the server
     * @param remote the client
     */
    @SuppressWarnings("ArrayRecordComponent") // bodies are handed on, not compared
    record Request(
            String method,
            String path,
            Map<String, List<String>> query,
            String rawTarget,
            Map<String, List<String>> headers,
            byte[] body,
            Address remote) {
        /** The first value of a header, by its name in lower case. */
        public Optional<String> header(String name) {
            List<String> values = headers.get(name);
            return values == null || values.isEmpty() ? Optional.empty() : Optional.of(values.get(0));
        }

        /** The first value of a query parameter. */
        public Optional<String> parameter(String name) {
            List<String> values = query.get(name);
            return values == null || values.isEmpty() ? Optional.empty() : Optional.of(values.get(0));
        }
    }

    /** A whole response; a body of 1 KiB or more is compressed with gzip where the client asked for that. */
    @SuppressWarnings("ArrayRecordComponent") // bodies are handed on, not compared
    record Response(int status, Map<String, String> headers, byte[] body) {}

    /** The way back of one request: exactly one of the two calls, once. Safe to use from any thread. */
    interface Responder {
        /** Sends a whole response. */
        void respond(Response response);

        /**
         * Starts a response without end: chunked, each write flushed as a chunk of its own.
         *
         * @param closed called once on a transport thread when the client is gone or the stream was closed
         */
        Stream stream(int status, Map<String, String> headers, Runnable closed);
    }

    /** The body of a response without end. Safe to use from any thread. */
    interface Stream {
        /**
         * Queues bytes.
         *
         * @return false if the stream is closed, or was closed by this call since the bound of its queue is reached
         */
        boolean write(byte[] bytes);

        /** Ends the response after what is queued. */
        void close();
    }
}
