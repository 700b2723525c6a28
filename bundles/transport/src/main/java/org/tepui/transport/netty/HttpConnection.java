// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport.netty;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.transport.HttpServer;

/**
 * One connection that speaks HTTP: one request after the other, each answered before the next one is looked at, so
 * that answers to pipelined requests keep their order. On the I/O thread.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails on a channel is heard when the channel closes
final class HttpConnection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);
    /** What a client may send ahead, before reading from it pauses until its first request is answered. */
    private static final int MAXIMUM_AHEAD_BYTES = 64 * 1024;

    private static final int OBJECT_BYTES = 256;

    /** Where the connection is between two requests. */
    private enum Phase {
        /** No request; the connection is closed after a while. */
        IDLE,
        /** The head of a request arrives. */
        HEAD,
        /** The body of a request arrives. */
        BODY,
        /** The request is with its handler, or its response is being sent. */
        ANSWERING,
        /** The response is a stream. */
        STREAMING,
        /** The last response is being sent; what arrives is dropped. */
        ENDING
    }

    private final NettyHttpServer server;
    private final Channel channel;
    private final boolean turnAway;
    private final Queue<HttpObject> ahead = new ArrayDeque<>();
    private int aheadBytes;
    private Phase phase = Phase.IDLE;
    private @Nullable HttpRequestBuffer request;
    private @Nullable HttpCall call;
    private @Nullable ScheduledFuture<?> deadline;
    private boolean shuttingDown;

    /**
     * Serves one connection.
     *
     * @param turnAway whether there are too many connections, which is all that this one is told
     */
    HttpConnection(NettyHttpServer server, Channel channel, boolean turnAway) {
        this.server = server;
        this.channel = channel;
        this.turnAway = turnAway;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        enter(Phase.IDLE, server.limits().idleTimeout());
    }

    /** Bytes came, of which no request was made yet. */
    void bytesArrived() {
        if (phase == Phase.IDLE) {
            enter(Phase.HEAD, server.limits().headersTimeout());
        }
    }

    private void enter(Phase next, @Nullable Duration limit) {
        phase = next;
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
        if (limit != null) {
            deadline = channel.eventLoop().schedule(this::late, limit.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void late() {
        if (phase == Phase.HEAD || phase == Phase.BODY) {
            reject(HttpResponseStatus.REQUEST_TIMEOUT, "the request took too long to arrive");
        } else {
            channel.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) {
        if (!(message instanceof HttpObject object) || phase == Phase.ENDING) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (phase != Phase.ANSWERING && phase != Phase.STREAMING) {
            read(object);
            return;
        }
        ahead.add(object);
        aheadBytes += OBJECT_BYTES
                + (object instanceof HttpContent content ? content.content().readableBytes() : 0);
        if (phase == Phase.STREAMING && aheadBytes > MAXIMUM_AHEAD_BYTES) {
            LOG.info(
                    "closing the stream to {}: it sends requests that cannot be answered",
                    from.channel().remoteAddress());
            from.close();
        } else if (aheadBytes > MAXIMUM_AHEAD_BYTES) {
            from.channel().config().setAutoRead(false);
        }
    }

    private void read(HttpObject object) {
        try {
            if (object instanceof HttpRequest head) {
                start(head);
            }
            HttpRequestBuffer current = request;
            if (current != null && object instanceof HttpContent content) {
                if (content.decoderResult().isFailure()) {
                    throw HttpRequestBuffer.malformed(content.decoderResult().cause());
                }
                current.add(content.content());
                if (content instanceof LastHttpContent) {
                    complete(current);
                }
            }
        } catch (HttpRequestBuffer.RejectedException e) {
            reject(e.status(), String.valueOf(e.getMessage()));
        } finally {
            ReferenceCountUtil.release(object);
        }
    }

    private void start(HttpRequest head) throws HttpRequestBuffer.RejectedException {
        if (turnAway) {
            server.counters().connectionsTurnedAway().increment();
            throw new HttpRequestBuffer.RejectedException(
                    HttpResponseStatus.SERVICE_UNAVAILABLE, "too many connections: try again later");
        }
        request = HttpRequestBuffer.start(server, head);
        enter(Phase.BODY, server.limits().bodyTimeout());
        if (HttpUtil.is100ContinueExpected(head)) {
            channel.writeAndFlush(new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
        }
    }

    private void complete(HttpRequestBuffer arrived) {
        HttpServer.Request whole = arrived.complete(NettyNetwork.address(channel));
        releaseRequest();
        server.counters().httpRequests().increment();
        enter(Phase.ANSWERING, null);
        HttpCall current = new HttpCall(this, server, arrived.head());
        call = current;
        HttpServer.Handler handler = server.routes().find(whole.path());
        if (handler == null) {
            current.respond(text(404, "nothing is served at " + whole.path()));
            return;
        }
        try {
            handler.handle(whole, current);
        } catch (RuntimeException e) {
            LOG.error("the handler of {} failed", whole.path(), e);
            current.failed();
        }
    }

    static HttpServer.Response text(int status, String text) {
        return new HttpServer.Response(
                status,
                Map.of("Content-Type", "text/plain; charset=utf-8"),
                (text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Answers for the server itself and ends the connection: what follows in it may be anything. */
    private void reject(HttpResponseStatus status, String reason) {
        server.counters().httpRejected().increment();
        releaseRequest();
        HttpServer.Response response = text(status.code(), reason);
        FullHttpResponse whole =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(response.body()));
        whole.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                .set(HttpHeaderNames.CONTENT_LENGTH, response.body().length)
                .set(HttpHeaderNames.DATE, server.date())
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        channel.write(whole);
        end();
    }

    /** Sends what is written and closes. */
    void end() {
        enter(Phase.ENDING, null);
        dropAhead();
        Lingering.close(channel);
    }

    /** The response is written and being sent. */
    void answered() {
        enter(Phase.ANSWERING, server.limits().responseTimeout());
    }

    /** The response is a stream from here on. */
    void streaming() {
        enter(Phase.STREAMING, null);
    }

    /** The response was sent and the connection stays: on to the next request. */
    void next() {
        call = null;
        if (shuttingDown) {
            end();
            return;
        }
        enter(Phase.IDLE, server.limits().idleTimeout());
        while ((phase == Phase.IDLE || phase == Phase.BODY) && !ahead.isEmpty()) {
            HttpObject object = ahead.remove();
            aheadBytes -= OBJECT_BYTES
                    + (object instanceof HttpContent content ? content.content().readableBytes() : 0);
            read(object);
        }
        if (ahead.isEmpty()) {
            channel.config().setAutoRead(true);
        }
    }

    /** The service ends: what was answered is sent, what was not is not. */
    void shutDown() {
        shuttingDown = true;
        boolean responseWritten = phase == Phase.ANSWERING && deadline != null;
        if (phase == Phase.STREAMING && call != null) {
            call.endStream();
        } else if (phase != Phase.ENDING && !responseWritten) {
            channel.close();
        }
    }

    Channel channel() {
        return channel;
    }

    private void releaseRequest() {
        if (request != null) {
            request.release();
            request = null;
        }
    }

    private void dropAhead() {
        ahead.forEach(ReferenceCountUtil::release);
        ahead.clear();
        aheadBytes = 0;
    }

    @Override
    public void channelInactive(ChannelHandlerContext from) {
        enter(Phase.ENDING, null);
        releaseRequest();
        dropAhead();
        if (call != null) {
            call.disconnected();
            call = null;
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
        LOG.debug("closing the connection of {}", from.channel().remoteAddress(), cause);
        from.close();
    }
}
