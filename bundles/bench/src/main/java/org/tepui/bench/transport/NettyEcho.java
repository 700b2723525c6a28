// SPDX-License-Identifier: Apache-2.0
package org.tepui.bench.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Netty alone: the server writes back the bytes as they are and flushes when it has read what was there; the client
 * counts bytes. One thread each, no framing, no parsing: as fast as messages of this size travel through Netty.
 */
final class NettyEcho implements Echo {
    private final int messageBytes;
    private final EventLoopGroup serverGroup = group();
    private final EventLoopGroup clientGroup = group();
    private final ClientHandler handler = new ClientHandler();
    private final Channel client;

    /** Listens and connects. */
    NettyEcho(int messageBytes) {
        this.messageBytes = messageBytes;
        boolean epoll = Epoll.isAvailable();
        Channel server = new ServerBootstrap()
                .group(serverGroup)
                .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new ServerHandler());
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
        client = new Bootstrap()
                .group(clientGroup)
                .channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(handler)
                .connect(server.localAddress())
                .syncUninterruptibly()
                .channel();
    }

    private static EventLoopGroup group() {
        IoHandlerFactory handlers = Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        return new MultiThreadIoEventLoopGroup(1, handlers);
    }

    @Override
    public long pipelined(int messages, int depth) throws InterruptedException, TimeoutException {
        return run(RoundTrips.pipelined(messages), depth).nanos();
    }

    @Override
    public long[] oneAtATime(int messages) throws InterruptedException, TimeoutException {
        return run(RoundTrips.oneAtATime(messages), 1).times();
    }

    private RoundTrips run(RoundTrips trips, int depth) throws InterruptedException, TimeoutException {
        client.eventLoop().execute(() -> {
            handler.trips = trips;
            send(trips.begin(depth));
            client.flush();
        });
        return trips.await();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a failed write shows as a missing echo
    private void send(int messages) {
        for (int i = 0; i < messages; i++) {
            client.write(client.alloc().directBuffer(messageBytes).writeZero(messageBytes));
        }
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for the end of the threads
    public void close() {
        client.close().syncUninterruptibly();
        clientGroup.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        serverGroup.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private final class ClientHandler extends ChannelInboundHandlerAdapter {
        private RoundTrips trips = RoundTrips.pipelined(0);
        private int unread;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            unread += bytes.readableBytes();
            bytes.release();
            int echoes = unread / messageBytes;
            unread -= echoes * messageBytes;
            if (echoes > 0) {
                send(trips.received(echoes));
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }
    }

    private static final class ServerHandler extends ChannelInboundHandlerAdapter {
        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // a failed write shows as a missing echo
        public void channelRead(ChannelHandlerContext context, Object message) {
            context.write(message);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }
    }
}
