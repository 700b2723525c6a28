// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.Timer;

/**
 * Heartbeats of one connection: says that one is due when nothing was sent for an interval, and that the peer is
 * gone when nothing came for several. One timer, set anew when it fires, so that messages cost nothing. On the
 * loop.
 */
final class Liveness {
    private final EventLoop loop;
    private final long interval;
    private final long silenceLimit;
    private final Runnable heartbeatDue;
    private final Runnable peerGone;
    private final BooleanSupplier deaf;
    private @Nullable Timer timer;
    private long due;
    private long lastSent;
    private long lastReceived;
    private boolean stopped;

    /** @param deaf whether this side does not read at present: then the peer is not held for silent */
    Liveness(EventLoop loop, EndpointLimits limits, Runnable heartbeatDue, Runnable peerGone, BooleanSupplier deaf) {
        this.loop = loop;
        this.interval = limits.heartbeatInterval().toNanos();
        this.silenceLimit = limits.silenceLimit().toNanos();
        this.heartbeatDue = heartbeatDue;
        this.peerGone = peerGone;
        this.deaf = deaf;
    }

    void start() {
        long now = loop.clock().nanoTime();
        lastSent = now;
        lastReceived = now;
        arm(now);
    }

    void sent() {
        lastSent = loop.clock().nanoTime();
    }

    void received() {
        lastReceived = loop.clock().nanoTime();
    }

    void stop() {
        stopped = true;
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private void arm(long now) {
        if (stopped) {
            return;
        }
        due = lastSent + interval - (lastReceived + silenceLimit) < 0
                ? lastSent + interval
                : lastReceived + silenceLimit;
        timer = loop.schedule("heartbeat", Duration.ofNanos(Math.max(0, due - now)), this::fired);
    }

    private void fired() {
        timer = null;
        long now = loop.clock().nanoTime();
        if (now - lastSent >= interval) {
            heartbeatDue.run();
            lastSent = now;
        }
        if (deaf.getAsBoolean()) {
            lastReceived = now;
        }
        if (now - lastReceived < silenceLimit) {
            arm(now);
            return;
        }
        if (now - due > interval) {
            // It was this process that stood still, not the peer: what the peer sent meanwhile is yet to be read.
            lastReceived = now - silenceLimit + interval;
            arm(now);
            return;
        }
        // Messages may wait behind this event: they count.
        loop.execute("heartbeat missed", () -> {
            if (stopped) {
                return;
            }
            if (now - lastReceived >= silenceLimit) {
                peerGone.run();
            } else {
                arm(loop.clock().nanoTime());
            }
        });
    }
}
