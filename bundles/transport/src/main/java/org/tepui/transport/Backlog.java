// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What arrived on all connections of an endpoint and waits for its loop. Above the high-water mark each link that
 * brings more stops reading; from half of it on all read again. So a loop that is behind is brought at most what one
 * read of each connection holds beyond the mark, and the peers wait instead of its memory. From any thread.
 */
final class Backlog {
    /**
     * What a message costs beyond its bytes: as an object it is larger than on the wire, and the smallest ones most.
     */
    private static final int MESSAGE_OVERHEAD = 128;

    private final long highWaterMark;
    private final AtomicLong waiting = new AtomicLong();
    /** In the order in which they stopped. */
    private final Set<InboundLink> stopped = new LinkedHashSet<>();

    Backlog(long highWaterMark) {
        this.highWaterMark = highWaterMark;
    }

    /** What so many messages of so many bytes count for. */
    static long cost(int messages, long bytes) {
        return bytes + (long) messages * MESSAGE_OVERHEAD;
    }

    /** Messages wait for the loop; whether that is more than the mark. */
    boolean add(long cost) {
        return waiting.addAndGet(cost) > highWaterMark;
    }

    /** The loop handled messages. */
    void remove(long cost) {
        if (waiting.addAndGet(-cost) <= highWaterMark / 2) {
            resume();
        }
    }

    /** A link stopped reading because of {@link #add}: it is told when it may go on, perhaps at once. */
    void stopped(InboundLink link) {
        synchronized (stopped) {
            stopped.add(link);
        }
        // the loop may have caught up since the link asked
        if (waiting.get() <= highWaterMark / 2) {
            resume();
        }
    }

    private void resume() {
        List<InboundLink> links;
        synchronized (stopped) {
            if (stopped.isEmpty()) {
                return;
            }
            links = List.copyOf(stopped);
            stopped.clear();
        }
        links.forEach(InboundLink::backlogCleared);
    }

    /** A link is gone. */
    void forget(InboundLink link) {
        synchronized (stopped) {
            stopped.remove(link);
        }
    }

    /** What waits now, in bytes with what each message costs beyond its own. */
    long waiting() {
        return waiting.get();
    }
}
