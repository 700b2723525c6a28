// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport.netty;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.transport.HttpServer;

/** The way back of one request. The first two methods from any thread, the rest on the I/O thread. */
@SuppressWarnings("FutureReturnValueIgnored") // what fails on a channel is heard when the channel closes
final class HttpCall implements HttpServer.Responder {
    private static final Logger LOG = LoggerFactory.getLogger(HttpCall.class);
    /** Longer bodies take milliseconds to compress, which the I/O thread does not have. */
    private static final int LONG_BODY = 16 * 1024;

    private static final int INTERNAL_ERROR = 500;

    private final HttpConnection connection;
    private final NettyHttpServer server;
    private final Channel channel;
    private final boolean keepAlive;
    private final boolean chunked;
    private final boolean gzip;
    private final boolean head;
    private final AtomicBoolean answered = new AtomicBoolean();
    private @Nullable HttpStream stream;

    HttpCall(HttpConnection connection, NettyHttpServer server, HttpRequest request) {
        this.connection = connection;
        this.server = server;
        this.channel = connection.channel();
        this.keepAlive = HttpUtil.isKeepAlive(request);
        this.chunked = request.protocolVersion().minorVersion() > 0;
        this.gzip = Gzip.accepted(request.headers().getAll(HttpHeaderNames.ACCEPT_ENCODING));
        this.head = request.method().equals(HttpMethod.HEAD);
    }

    @Override
    public void respond(HttpServer.Response response) {
        answer();
        boolean compress = gzip
                && response.body().length >= Gzip.MINIMUM_BYTES
                && response.headers().keySet().stream().noneMatch("content-encoding"::equalsIgnoreCase);
        if (compress && response.body().length >= LONG_BODY) {
            try {
                server.background().execute(() -> {
                    byte[] compressed = Gzip.compress(response.body());
                    channel.eventLoop().execute(() -> write(response, compressed, true));
                });
                return;
            } catch (RejectedExecutionException e) {
                LOG.debug("a response is sent uncompressed: too many wait to be compressed", e);
                compress = false;
            }
        }
        boolean compressHere = compress;
        channel.eventLoop()
                .execute(() ->
                        write(response, compressHere ? Gzip.compress(response.body()) : response.body(), compressHere));
    }

    @Override
    public HttpServer.Stream stream(int status, Map<String, String> headers, Runnable closed) {
        answer();
        HttpStream started =
                new HttpStream(connection, channel, server.limits().maximumStreamBytes(), server.counters(), closed);
        channel.eventLoop().execute(() -> start(started, status, headers));
        return started;
    }

    private void answer() {
        if (!answered.compareAndSet(false, true)) {
            throw new IllegalStateException("the request was answered already");
        }
    }

    /** The handler threw: answers for it, unless it had answered. */
    void failed() {
        if (!answered.get()) {
            respond(HttpConnection.text(INTERNAL_ERROR, "the service failed on this request"));
        }
    }

    /** The client is gone. */
    void disconnected() {
        if (stream != null) {
            stream.ended();
        }
    }

    /** Ends the stream that answers, if one does. */
    void endStream() {
        if (stream != null) {
            stream.close();
        }
    }

    private void write(HttpServer.Response response, byte[] body, boolean compressed) {
        if (!channel.isActive()) {
            return;
        }
        FullHttpResponse whole = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(response.status()),
                head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body));
        try {
            setHeaders(whole, response.headers(), keepAlive);
        } catch (IllegalArgumentException e) {
            LOG.error("a response has a header that cannot be sent", e);
            whole.release();
            write(HttpConnection.text(INTERNAL_ERROR, "the service failed on this request"), new byte[0], false);
            return;
        }
        if (compressed) {
            whole.headers()
                    .set(HttpHeaderNames.CONTENT_ENCODING, HttpHeaderValues.GZIP)
                    .add(HttpHeaderNames.VARY, HttpHeaderNames.ACCEPT_ENCODING);
        }
        if (hasBody(response.status())) {
            whole.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.length);
        }
        connection.answered();
        if (keepAlive) {
            channel.writeAndFlush(whole).addListener((ChannelFuture sent) -> {
                if (sent.isSuccess()) {
                    connection.next();
                } else {
                    channel.close();
                }
            });
        } else {
            channel.write(whole).addListener(sent -> connection.end());
            channel.flush();
        }
    }

    private static boolean hasBody(int status) {
        return status >= 200 && status != 204 && status != 304;
    }

    private void start(HttpStream started, int status, Map<String, String> headers) {
        if (!channel.isActive()) {
            started.ended();
            return;
        }
        HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
        try {
            setHeaders(response, headers, false);
        } catch (IllegalArgumentException e) {
            LOG.error("a stream has a header that cannot be sent", e);
            started.ended();
            write(HttpConnection.text(INTERNAL_ERROR, "the service failed on this request"), new byte[0], false);
            return;
        }
        if (chunked) {
            response.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        stream = started;
        connection.streaming();
        channel.writeAndFlush(response);
        started.begin();
        if (head) {
            started.close();
        }
    }

    private void setHeaders(HttpResponse response, Map<String, String> headers, boolean stays) {
        headers.forEach((name, value) -> response.headers().set(name, value));
        response.headers().set(HttpHeaderNames.DATE, server.date());
        if (!stays) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (!chunked) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
    }
}
