// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import java.time.Instant;
import java.util.Date;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.tepui.runtime.Clock;
import org.tepui.transport.HttpLimits;
import org.tepui.transport.HttpServer;
import org.tepui.transport.TransportCounters;

/** HTTP/1.1 over the connections of a port that speak it. */
final class NettyHttpServer implements HttpServer {
    private final HttpRoutes routes = new HttpRoutes();
    private final Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicLong bufferedBytes = new AtomicLong();
    private final HttpLimits limits;
    private final TransportCounters counters;
    private final Clock clock;
    private final Executor background;
    private volatile HttpDate date = new HttpDate(0, "");

    /**
     * Makes a server that serves nothing.
     *
     * @param clock tells the date of responses
     * @param background where long responses are compressed
     */
    NettyHttpServer(HttpLimits limits, TransportCounters counters, Clock clock, Executor background) {
        this.limits = limits;
        this.counters = counters;
        this.clock = clock;
        this.background = background;
    }

    private record HttpDate(long second, String text) {}

    @Override
    public Registration serve(String path, Handler handler) {
        return routes.add(path, handler);
    }

    /** Serves a connection that turned out to speak HTTP. On its I/O thread. */
    void serve(Channel channel) {
        boolean full = connections.size() >= limits.maximumConnections();
        HttpConnection connection = new HttpConnection(this, channel, full);
        connections.add(connection);
        channel.closeFuture().addListener(closed -> connections.remove(connection));
        HttpDecoderConfig decoder = new HttpDecoderConfig()
                .setMaxInitialLineLength(limits.maximumRequestLineBytes())
                .setMaxHeaderSize(limits.maximumHeaderBytes())
                .setAllowDuplicateContentLengths(false)
                .setValidateHeaders(true);
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object bytes) {
                connection.bytesArrived();
                context.fireChannelRead(bytes);
            }
        });
        channel.pipeline().addLast(new HttpServerCodec(decoder)).addLast(connection);
    }

    /** Ends all streams and closes all connections, without waiting for that. */
    void close() {
        connections.forEach(connection -> connection.channel().eventLoop().execute(connection::shutDown));
    }

    HttpRoutes routes() {
        return routes;
    }

    HttpLimits limits() {
        return limits;
    }

    TransportCounters counters() {
        return counters;
    }

    Executor background() {
        return background;
    }

    /** Makes room for bytes of a body; false if the bodies of all requests take too much already. */
    boolean reserve(long bytes) {
        if (bufferedBytes.addAndGet(bytes) > limits.maximumBufferedBytes()) {
            bufferedBytes.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    void release(long bytes) {
        bufferedBytes.addAndGet(-bytes);
    }

    /** The value of the header {@code Date} now. */
    String date() {
        Instant now = clock.wallTime();
        HttpDate known = date;
        if (known.second != now.getEpochSecond()) {
            known = new HttpDate(now.getEpochSecond(), DateFormatter.format(Date.from(now)));
            date = known;
        }
        return known.text;
    }
}
