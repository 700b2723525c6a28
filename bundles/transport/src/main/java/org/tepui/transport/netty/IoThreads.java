// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport.netty;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that read and write sockets, shared by all transports that this class is loaded for and ended with
 * the last of them; and one for what must not hold them up: looking up names, compressing long responses. They do
 * not keep a process alive.
 */
final class IoThreads {
    private static final Logger LOG = LoggerFactory.getLogger(IoThreads.class);
    /** Names waiting to be looked up and responses waiting to be compressed. */
    private static final int BACKGROUND_QUEUE = 10_000;

    /** How long the last user waits. */
    private static final long END_SECONDS = 3;

    private static @Nullable IoThreads shared;
    private static int users;

    private final boolean epoll;
    private final EventLoopGroup group;
    private final ExecutorService background;

    private IoThreads(int threads) {
        epoll = Epoll.isAvailable();
        if (!epoll) {
            LOG.info("epoll is not available, NIO is used: {}", String.valueOf(Epoll.unavailabilityCause()));
        }
        IoHandlerFactory handlers = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        group = new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("tepui-io", true), handlers);
        background = new ThreadPoolExecutor(
                1,
                1,
                1,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(BACKGROUND_QUEUE),
                new DefaultThreadFactory("tepui-io-background", true));
    }

    /** The shared threads, started for the first user. To be released by each user. */
    static synchronized IoThreads acquire() {
        IoThreads threads = shared;
        if (threads == null) {
            // decoding is what they do: one thread serves hundreds of thousands of messages a second
            threads = new IoThreads(Runtime.getRuntime().availableProcessors() > 2 ? 2 : 1);
            shared = threads;
        }
        users++;
        return threads;
    }

    /**
     * Says that a user is done. The last one waits for the threads to end: in a container, their classes are gone
     * soon after. Not to be called on one of these threads.
     */
    static synchronized void release(IoThreads threads) {
        if (threads != shared) {
            throw new IllegalStateException("these threads were released already");
        }
        users--;
        if (users == 0) {
            shared = null;
            threads.background.shutdown();
            threads.group
                    .shutdownGracefully(0, 1, TimeUnit.SECONDS)
                    .awaitUninterruptibly(END_SECONDS, TimeUnit.SECONDS);
        }
    }

    EventLoopGroup group() {
        return group;
    }

    /** For short work that blocks or takes milliseconds; refuses when 10,000 pieces wait. */
    ExecutorService background() {
        return background;
    }

    Class<? extends ServerChannel> serverChannel() {
        return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    Class<? extends SocketChannel> socketChannel() {
        return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
    }
}
