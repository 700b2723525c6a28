// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.runtime.Address;
import org.tepui.runtime.Network;
import org.tepui.transport.TransportCounters;

/** Links over TCP, and HTTP on the port that listens for links. Safe to use from any thread. */
@SuppressWarnings("FutureReturnValueIgnored") // what fails on a channel is heard when the channel closes
final class NettyNetwork implements Network, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NettyNetwork.class);
    private static final int CONNECT_MILLIS = 10_000;
    private static final int BACKLOG = 1024;
    private static final int CLOSE_SECONDS = 5;

    private final IoThreads threads;
    private final int maximumFrameBytes;
    private final int maximumConnections;
    private final NettyHttpServer http;
    private final TransportCounters counters;
    private final ChannelGroup servers = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE, true);
    private final ChannelGroup connections = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE, true);
    private final Set<NettyLink> links = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();

    /**
     * Makes a network without links.
     *
     * @param maximumFrameBytes longer frames close their link
     * @param maximumConnections that others may have open to this side, of both protocols
     * @param http what serves the connections that speak HTTP
     */
    NettyNetwork(
            IoThreads threads,
            int maximumFrameBytes,
            int maximumConnections,
            NettyHttpServer http,
            TransportCounters counters) {
        this.threads = threads;
        this.maximumFrameBytes = maximumFrameBytes;
        this.maximumConnections = maximumConnections;
        this.http = http;
        this.counters = counters;
    }

    @Override
    public Listening listen(Address local, Acceptor acceptor) throws IOException {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(threads.group())
                .channel(threads.serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accept(channel, acceptor);
                    }
                });
        ChannelFuture bound;
        try {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(local.host()), local.port());
            bound = bootstrap.bind(address).awaitUninterruptibly();
        } catch (UnknownHostException e) {
            throw new IOException("cannot listen on " + local + ": the host is not known", e);
        }
        if (!bound.isSuccess()) {
            throw new IOException("cannot listen on " + local + ": " + reason(bound.cause()), bound.cause());
        }
        Channel server = bound.channel();
        servers.add(server);
        return new Bound(new Address(local.host(), ((InetSocketAddress) server.localAddress()).getPort()), server);
    }

    private record Bound(Address address, Channel server) implements Listening {
        @Override
        public void close() {
            server.close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void accept(Channel channel, Acceptor acceptor) {
        if (accepted.incrementAndGet() > maximumConnections) {
            accepted.decrementAndGet();
            counters.connectionsTurnedAway().increment();
            LOG.warn(
                    "turning {} away: {} connections are open, which is the limit",
                    channel.remoteAddress(),
                    maximumConnections);
            channel.close();
            return;
        }
        channel.closeFuture().addListener(closed -> accepted.decrementAndGet());
        connections.add(channel);
        channel.pipeline()
                .addLast(new PortHandler(
                        context -> {
                            Address remote = address(channel);
                            open(context, remote, acceptor.accept(remote));
                        },
                        context -> http.serve(channel)));
    }

    private void open(ChannelHandlerContext context, Address remote, LinkHandler handler) {
        NettyLink link = new NettyLink(context.channel(), remote, handler, maximumFrameBytes, counters);
        links.add(link);
        context.channel().closeFuture().addListener(closed -> links.remove(link));
        context.pipeline().addLast(link);
        link.opened();
    }

    @Override
    public void connect(Address remote, LinkHandler handler) {
        byte[] numeric = NetUtil.createByteArrayFromIpAddressString(remote.host());
        try {
            if (numeric != null) {
                connect(remote, InetAddress.getByAddress(numeric), handler);
                return;
            }
            threads.background().execute(() -> {
                try {
                    connect(remote, InetAddress.getByName(remote.host()), handler);
                } catch (UnknownHostException e) {
                    failed(handler, "the host " + remote.host() + " is not known");
                }
            });
        } catch (UnknownHostException | RejectedExecutionException e) {
            failed(handler, reason(e));
        }
    }

    private void failed(LinkHandler handler, String reason) {
        threads.group().execute(() -> handler.closed(reason));
    }

    private void connect(Address remote, InetAddress host, LinkHandler handler) {
        Bootstrap bootstrap = new Bootstrap()
                .group(threads.group())
                .channel(threads.socketChannel())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        connections.add(channel);
                    }
                });
        bootstrap.connect(new InetSocketAddress(host, remote.port())).addListener((ChannelFuture connected) -> {
            if (!connected.isSuccess()) {
                handler.closed(reason(connected.cause()));
                return;
            }
            Channel channel = connected.channel();
            channel.writeAndFlush(Unpooled.wrappedBuffer(PortHandler.preface()));
            NettyLink link = new NettyLink(channel, remote, handler, maximumFrameBytes, counters);
            links.add(link);
            channel.closeFuture().addListener(closed -> links.remove(link));
            channel.pipeline().addLast(link);
            link.opened();
        });
    }

    /**
     * Stops to listen, closes all connections once what is queued was sent, and waits for that for a few seconds.
     * Not on an I/O thread.
     */
    @Override
    public void close() {
        servers.close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
        links.forEach(NettyLink::close);
        http.close();
        connections.close(channel -> channel.pipeline().get(NettyLink.class) == null
                && channel.pipeline().get(HttpConnection.class) == null);
        if (!connections.newCloseFuture().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS)) {
            connections.close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** How many connections are open, of both protocols and both directions. */
    int openConnections() {
        return connections.size();
    }

    /** Bytes that wait for all peers of the native protocol. */
    long queuedBytes() {
        return links.stream().mapToLong(NettyLink::queuedBytes).sum();
    }

    static Address address(Channel channel) {
        if (channel.remoteAddress() instanceof InetSocketAddress remote) {
            String host = remote.getAddress().getHostAddress();
            int zone = host.indexOf('%');
            return new Address(zone < 0 ? host : host.substring(0, zone), remote.getPort());
        }
        return new Address("unknown", 0);
    }

    private static String reason(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
