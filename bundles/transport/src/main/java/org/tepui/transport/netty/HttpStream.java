// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport.netty;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.ArrayDeque;
import java.util.Queue;
import org.tepui.transport.HttpServer;
import org.tepui.transport.TransportCounters;

/**
 * A response without end. Each write becomes one chunk; chunks that are written while the I/O thread is busy leave
 * together.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails on a channel is heard when the channel closes
final class HttpStream implements HttpServer.Stream {
    private final HttpConnection connection;
    private final Channel channel;
    private final long maximumBytes;
    private final TransportCounters counters;
    private final Runnable closedCallback;
    private final Object lock = new Object();

    // guarded by lock
    private Queue<byte[]> staged = new ArrayDeque<>();
    private long queuedBytes;
    private boolean begun;
    private boolean drainScheduled;
    private boolean closed;

    // of the I/O thread
    private boolean ended;

    HttpStream(
            HttpConnection connection,
            Channel channel,
            long maximumBytes,
            TransportCounters counters,
            Runnable closedCallback) {
        this.connection = connection;
        this.channel = channel;
        this.maximumBytes = maximumBytes;
        this.counters = counters;
        this.closedCallback = closedCallback;
    }

    @Override
    public boolean write(byte[] bytes) {
        if (bytes.length == 0) {
            // an empty chunk would be the end of the response
            synchronized (lock) {
                return !closed;
            }
        }
        boolean overflow;
        boolean schedule;
        synchronized (lock) {
            if (closed) {
                return false;
            }
            overflow = queuedBytes > 0 && queuedBytes + bytes.length > maximumBytes;
            if (overflow) {
                closed = true;
            } else {
                queuedBytes += bytes.length;
                staged.add(bytes);
            }
            schedule = !overflow && begun && !drainScheduled;
            drainScheduled |= schedule;
        }
        if (overflow) {
            counters.httpStreamOverflows().increment();
            channel.close();
        } else if (schedule) {
            channel.eventLoop().execute(this::drain);
        }
        return !overflow;
    }

    @Override
    public void close() {
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            if (!begun) {
                return;
            }
        }
        channel.eventLoop().execute(this::finish);
    }

    /** The head of the response was written. On the I/O thread. */
    void begin() {
        boolean finish;
        synchronized (lock) {
            begun = true;
            finish = closed;
        }
        drain();
        if (finish) {
            finish();
        }
    }

    private void drain() {
        Queue<byte[]> chunks;
        synchronized (lock) {
            chunks = staged;
            staged = new ArrayDeque<>();
            drainScheduled = false;
        }
        for (byte[] chunk : chunks) {
            channel.write(new DefaultHttpContent(Unpooled.wrappedBuffer(chunk))).addListener(sent -> {
                synchronized (lock) {
                    queuedBytes -= chunk.length;
                }
            });
        }
        channel.flush();
    }

    private void finish() {
        drain();
        connection.answered();
        channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT).addListener(sent -> connection.end());
    }

    /** The client is gone or the response ended. On the I/O thread. */
    void ended() {
        synchronized (lock) {
            closed = true;
            staged.clear();
        }
        if (!ended) {
            ended = true;
            closedCallback.run();
        }
    }
}
