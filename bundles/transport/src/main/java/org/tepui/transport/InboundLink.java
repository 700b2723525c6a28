// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.Network;

/**
 * The link's side of a native connection: decodes frames on the thread of the link and hands what arrived together
 * to the loop in one event. When the loop is behind, with this connection or with all together, reading pauses.
 */
final class InboundLink implements Network.LinkHandler {
    /**
     * Above this many messages a burst is handed over before the link is idle, so that the loop starts while the
     * link reads on.
     */
    private static final int MAXIMUM_BURST = 256;

    /** Reasons not to read, as bits. */
    private static final int OWN_BACKLOG = 1;

    private static final int BACKLOG_OF_ALL = 2;

    private final NativeConnection connection;
    private final EventLoop loop;
    private final FrameDecoder decoder;
    private final Backlog backlog;
    private final long maximumUnhandledBytes;
    private final AtomicLong unhandledBytes = new AtomicLong();
    private final AtomicInteger pauses = new AtomicInteger();

    private List<Inbound> burst = new ArrayList<>();
    private long burstBytes;
    private boolean broken;
    private volatile Network.@Nullable Link link;

    InboundLink(
            NativeConnection connection,
            EventLoop loop,
            FrameDecoder decoder,
            Backlog backlog,
            long maximumUnhandledBytes) {
        this.connection = connection;
        this.loop = loop;
        this.decoder = decoder;
        this.backlog = backlog;
        this.maximumUnhandledBytes = maximumUnhandledBytes;
    }

    @Override
    public void opened(Network.Link opened) {
        link = opened;
        loop.execute("link opened", () -> connection.linked(opened));
    }

    @Override
    public void frame(ByteBuffer content) {
        if (broken) {
            return;
        }
        burstBytes += content.remaining();
        try {
            Inbound inbound = decoder.decode(content);
            if (inbound != null) {
                burst.add(inbound);
                broken = inbound instanceof Inbound.Overflow;
            }
        } catch (MalformedFrameException e) {
            broken = true;
            burst.add(new Inbound.Malformed(String.valueOf(e.getMessage())));
        }
        if (burst.size() >= MAXIMUM_BURST) {
            handOver();
        }
    }

    @Override
    public void idle() {
        if (burstBytes > 0) {
            handOver();
        }
    }

    @Override
    public void closed(String reason) {
        idle();
        decoder.close();
        backlog.forget(this);
        loop.execute("link closed", () -> connection.unlinked(reason));
    }

    private void handOver() {
        List<Inbound> messages = burst;
        long bytes = burstBytes;
        long longBytes = decoder.takeCompleted();
        long cost = Backlog.cost(messages.size(), bytes);
        burst = new ArrayList<>(Math.max(8, Math.min(MAXIMUM_BURST, messages.size())));
        burstBytes = 0;
        boolean full = unhandledBytes.addAndGet(cost) > maximumUnhandledBytes;
        boolean allFull = backlog.add(cost);
        loop.execute("messages", () -> {
            try {
                connection.received(messages, bytes);
            } finally {
                decoder.release(longBytes);
                handled(cost);
            }
        });
        if (full) {
            pause(OWN_BACKLOG);
            // the loop may have caught up meanwhile
            resumeOwn();
        }
        if (allFull) {
            pause(BACKLOG_OF_ALL);
            backlog.stopped(this);
        }
    }

    private void handled(long cost) {
        unhandledBytes.addAndGet(-cost);
        resumeOwn();
        backlog.remove(cost);
    }

    private void resumeOwn() {
        if ((pauses.get() & OWN_BACKLOG) != 0 && unhandledBytes.get() <= maximumUnhandledBytes / 2) {
            resume(OWN_BACKLOG);
        }
    }

    /** The loop has caught up with all connections together. From any thread. */
    void backlogCleared() {
        resume(BACKLOG_OF_ALL);
    }

    private void pause(int reason) {
        Network.Link current = link;
        if (current != null) {
            if (pauses.getAndUpdate(before -> before | reason) == 0) {
                connection.readingPaused(true);
            }
            // each time: what resumes on another thread may come to it after the pause that follows
            current.setReading(false);
        }
    }

    private void resume(int reason) {
        Network.Link current = link;
        if (current != null && pauses.updateAndGet(before -> before & ~reason) == 0) {
            connection.readingPaused(false);
            current.setReading(true);
        }
    }
}
