// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.tepui.runtime.Address;
import org.tepui.transport.HttpServer;

/** One request while it arrives: checks its head, collects its body within the limits. On the I/O thread. */
final class HttpRequestBuffer {
    private final NettyHttpServer server;
    private final HttpRequest head;
    private final HttpTarget target;
    private final ByteBuf body = Unpooled.buffer(0);
    private long reserved;

    private HttpRequestBuffer(NettyHttpServer server, HttpRequest head, HttpTarget target) {
        this.server = server;
        this.head = head;
        this.target = target;
    }

    /** A request that the server refuses by itself. */
    static final class RejectedException extends Exception {
        private static final long serialVersionUID = 1L;

        private final HttpResponseStatus status;

        RejectedException(HttpResponseStatus status, String reason) {
            super(reason);
            this.status = status;
        }

        HttpResponseStatus status() {
            return status;
        }
    }

    /** Starts a request whose head arrived. */
    static HttpRequestBuffer start(NettyHttpServer server, HttpRequest head) throws RejectedException {
        if (head.decoderResult().isFailure()) {
            throw malformed(head.decoderResult().cause());
        }
        if (head.protocolVersion().majorVersion() != 1) {
            throw new RejectedException(
                    HttpResponseStatus.HTTP_VERSION_NOT_SUPPORTED, "HTTP/1.1 and HTTP/1.0 are spoken here");
        }
        HttpTarget target;
        try {
            target = HttpTarget.parse(head.uri());
        } catch (IllegalArgumentException e) {
            throw new RejectedException(HttpResponseStatus.BAD_REQUEST, String.valueOf(e.getMessage()));
        }
        checkEncodings(head);
        checkLength(server, head);
        return new HttpRequestBuffer(server, head, target);
    }

    private static void checkEncodings(HttpRequest head) throws RejectedException {
        String expect = head.headers().get(HttpHeaderNames.EXPECT);
        if (expect != null && !HttpUtil.is100ContinueExpected(head)) {
            throw new RejectedException(
                    HttpResponseStatus.EXPECTATION_FAILED, "the only expectation that is met is 100-continue");
        }
        for (String coding : head.headers().getAll(HttpHeaderNames.CONTENT_ENCODING)) {
            if (!HttpHeaderValues.IDENTITY.contentEqualsIgnoreCase(coding.strip())) {
                throw new RejectedException(
                        HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE,
                        "bodies are taken uncompressed: no Content-Encoding is allowed");
            }
        }
        for (String coding : head.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING)) {
            if (!HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(coding.strip())) {
                throw new RejectedException(
                        HttpResponseStatus.NOT_IMPLEMENTED, "the only Transfer-Encoding that is taken is chunked");
            }
        }
    }

    private static void checkLength(NettyHttpServer server, HttpRequest head) throws RejectedException {
        long length;
        try {
            length = HttpUtil.getContentLength(head, 0L);
        } catch (NumberFormatException e) {
            throw new RejectedException(HttpResponseStatus.BAD_REQUEST, "Content-Length is no number");
        }
        if (length < 0) {
            throw new RejectedException(HttpResponseStatus.BAD_REQUEST, "Content-Length is negative");
        }
        if (length > server.limits().maximumBodyBytes()) {
            throw tooLarge(server);
        }
    }

    private static RejectedException tooLarge(NettyHttpServer server) {
        return new RejectedException(
                HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
                "the body is longer than the " + server.limits().maximumBodyBytes() + " bytes that are allowed");
    }

    /** What to answer to bytes that are not HTTP, or too many. */
    static RejectedException malformed(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return new RejectedException(HttpResponseStatus.REQUEST_URI_TOO_LONG, "the request line is too long");
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return new RejectedException(
                    HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "the headers are too long");
        }
        return new RejectedException(HttpResponseStatus.BAD_REQUEST, "the request is malformed");
    }

    /** Takes more of the body; the caller keeps the buffer. */
    void add(ByteBuf content) throws RejectedException {
        int bytes = content.readableBytes();
        if (body.readableBytes() + (long) bytes > server.limits().maximumBodyBytes()) {
            throw tooLarge(server);
        }
        if (!server.reserve(bytes)) {
            throw new RejectedException(
                    HttpResponseStatus.SERVICE_UNAVAILABLE, "too many long requests at once: try again");
        }
        reserved += bytes;
        body.writeBytes(content);
    }

    /** The whole request. */
    HttpServer.Request complete(Address remote) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (Map.Entry<String, String> header : head.headers()) {
            headers.computeIfAbsent(header.getKey().toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(header.getValue());
        }
        byte[] bytes = new byte[body.readableBytes()];
        body.readBytes(bytes);
        return new HttpServer.Request(
                head.method().name(), target.path(), target.query(), target.raw(), headers, bytes, remote);
    }

    HttpRequest head() {
        return head;
    }

    /** Gives back what it holds; to be called when the request was handled or given up. */
    void release() {
        server.release(reserved);
        reserved = 0;
        body.release();
    }
}
