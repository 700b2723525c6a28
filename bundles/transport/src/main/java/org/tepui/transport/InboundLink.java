// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.Network;

/**
 * The link's side of a native connection: decodes frames on the thread of the link and hands what arrived together
 * to the loop in one event. When the loop is behind, reading pauses.
 */
final class InboundLink implements Network.LinkHandler {
    /**
     * Above this many messages a burst is handed over before the link is idle, so that the loop starts while the
     * link reads on.
     */
    private static final int MAXIMUM_BURST = 256;

    private final NativeConnection connection;
    private final EventLoop loop;
    private final FrameDecoder decoder;
    private final long maximumUnhandledBytes;
    private final AtomicLong unhandledBytes = new AtomicLong();

    private List<Inbound> burst = new ArrayList<>();
    private long burstBytes;
    private boolean broken;
    private volatile Network.@Nullable Link link;
    private volatile boolean paused;

    InboundLink(NativeConnection connection, EventLoop loop, FrameDecoder decoder, long maximumUnhandledBytes) {
        this.connection = connection;
        this.loop = loop;
        this.decoder = decoder;
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
        loop.execute("link closed", () -> connection.unlinked(reason));
    }

    private void handOver() {
        List<Inbound> messages = burst;
        long bytes = burstBytes;
        burst = new ArrayList<>(Math.max(8, Math.min(MAXIMUM_BURST, messages.size())));
        burstBytes = 0;
        boolean full = unhandledBytes.addAndGet(bytes) > maximumUnhandledBytes;
        loop.execute("messages", () -> {
            try {
                connection.received(messages, bytes);
            } finally {
                handled(bytes);
            }
        });
        Network.Link current = link;
        if (full && !paused && current != null) {
            paused = true;
            current.setReading(false);
            // the loop may have caught up between the two lines above
            if (unhandledBytes.get() <= maximumUnhandledBytes / 2) {
                paused = false;
                current.setReading(true);
            }
        }
    }

    private void handled(long bytes) {
        Network.Link current = link;
        if (unhandledBytes.addAndGet(-bytes) <= maximumUnhandledBytes / 2 && paused && current != null) {
            paused = false;
            current.setReading(true);
        }
    }
}
