// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.runtime.Address;
import org.tepui.runtime.Network;
import org.tepui.transport.TransportCounters;

/**
 * A TCP connection as a link: frames with a length of 4 bytes, big endian, before each. Senders write their frames
 * into shared buffers, and one task of the I/O thread sends what came together; so a burst costs one wake-up and
 * few system calls.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails on a channel is heard when the channel closes
final class NettyLink extends ChannelInboundHandlerAdapter implements Network.Link {
    private static final Logger LOG = LoggerFactory.getLogger(NettyLink.class);
    private static final int LENGTH_BYTES = 4;
    private static final int SMALLEST_BUFFER = 1024;
    private static final int LARGEST_BUFFER = 256 * 1024;
    /** With so much staged the I/O thread begins to send, while the sender goes on: both have work to do. */
    private static final int EARLY_FLUSH = 32 * 1024;

    private final Channel channel;
    private final Address remote;
    private final Network.LinkHandler handler;
    private final int maximumFrameBytes;
    private final TransportCounters counters;
    private final FrameSplitter splitter;
    private final Object lock = new Object();

    // guarded by lock
    private Queue<ByteBuf> staged = new ArrayDeque<>();
    private @Nullable ByteBuf tail;
    private int stagedBytes;
    private int bufferSize = SMALLEST_BUFFER;
    private boolean drainScheduled;
    private boolean closing;
    /**
     * Staged or on their way through Netty; written under the lock, read by anybody, who need not see the latest.
     */
    private final AtomicLong queued = new AtomicLong();

    // of the I/O thread
    private boolean discarding;
    private String closeReason = "closed by the peer";

    NettyLink(
            Channel channel,
            Address remote,
            Network.LinkHandler handler,
            int maximumFrameBytes,
            TransportCounters counters) {
        this.counters = counters;
        this.channel = channel;
        this.remote = remote;
        this.handler = handler;
        this.maximumFrameBytes = maximumFrameBytes;
        this.splitter = new FrameSplitter(maximumFrameBytes, handler::frame);
    }

    /** To be called on the I/O thread once the link is in its pipeline. */
    void opened() {
        handler.opened(this);
    }

    @Override
    public Address remote() {
        return remote;
    }

    @Override
    public boolean send(Network.Frame frame) {
        boolean taken = stage(frame);
        flush();
        return taken;
    }

    @Override
    public boolean stage(Network.Frame frame) {
        int size = frame.size();
        if (size <= 0 || size > maximumFrameBytes) {
            throw new IllegalArgumentException("a frame has " + size + " bytes; allowed are 1 to " + maximumFrameBytes);
        }
        boolean early;
        synchronized (lock) {
            if (closing) {
                return false;
            }
            ByteBuf buffer = room(LENGTH_BYTES + size);
            int start = buffer.writerIndex();
            buffer.setInt(start, size);
            frame.writeTo(buffer.internalNioBuffer(start + LENGTH_BYTES, size));
            buffer.writerIndex(start + LENGTH_BYTES + size);
            stagedBytes += LENGTH_BYTES + size;
            queued.lazySet(queued.getPlain() + LENGTH_BYTES + size);
            early = stagedBytes >= EARLY_FLUSH && !drainScheduled;
        }
        if (early) {
            flush();
        }
        return true;
    }

    /** A buffer with room for so many bytes at its end. */
    private ByteBuf room(int bytes) {
        ByteBuf current = tail;
        if (current == null || current.maxWritableBytes() < bytes || current.writableBytes() < bytes) {
            current = channel.alloc().heapBuffer(Math.max(bufferSize, bytes));
            staged.add(current);
            tail = current;
            bufferSize = Math.min(LARGEST_BUFFER, bufferSize * 2);
        }
        return current;
    }

    @Override
    public void flush() {
        synchronized (lock) {
            if (stagedBytes == 0 || drainScheduled) {
                return;
            }
            drainScheduled = true;
        }
        channel.eventLoop().execute(this::drain);
    }

    /** Sends what was staged. On the I/O thread. */
    private void drain() {
        Queue<ByteBuf> buffers = take();
        for (ByteBuf buffer = buffers.poll(); buffer != null; buffer = buffers.poll()) {
            int bytes = buffer.readableBytes();
            channel.write(buffer).addListener(written -> sent(bytes));
        }
        channel.flush();
    }

    private void sent(int bytes) {
        synchronized (lock) {
            queued.lazySet(queued.getPlain() - bytes);
        }
    }

    private Queue<ByteBuf> take() {
        synchronized (lock) {
            Queue<ByteBuf> buffers = staged;
            staged = new ArrayDeque<>(2);
            tail = null;
            if (stagedBytes < bufferSize / 4) {
                bufferSize = Math.max(SMALLEST_BUFFER, bufferSize / 2);
            }
            stagedBytes = 0;
            drainScheduled = false;
            return buffers;
        }
    }

    @Override
    public long queuedBytes() {
        return queued.get();
    }

    @Override
    public void setReading(boolean enabled) {
        channel.config().setAutoRead(enabled);
    }

    @Override
    public void close() {
        synchronized (lock) {
            if (closing) {
                return;
            }
            closing = true;
        }
        channel.eventLoop().execute(() -> linger("closed by this side"));
    }

    /** Sends what is queued and closes. On the I/O thread. */
    private void linger(String reason) {
        closeReason = reason;
        discarding = true;
        drain();
        Lingering.close(channel);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf input = (ByteBuf) message;
        if (discarding) {
            input.release();
            return;
        }
        try {
            String violation = splitter.read(input);
            if (violation != null) {
                violation(violation);
            }
        } finally {
            input.release();
        }
    }

    private void violation(String reason) {
        counters.malformedFrames().increment();
        LOG.warn("closing the connection of {}: malformed frame: {}", remote, reason);
        synchronized (lock) {
            closing = true;
        }
        linger("malformed frame: " + reason);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        handler.idle();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        synchronized (lock) {
            closing = true;
        }
        take().forEach(ByteBuf::release);
        handler.closed(closeReason);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof java.io.IOException)) {
            LOG.error("closing the connection of {} after a failure", remote, cause);
        }
        closeReason = String.valueOf(cause.getMessage());
        context.close();
    }
}
