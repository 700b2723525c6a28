// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory of all messages in parts at one endpoint: from their first part until the loop has handled them. One
 * message is bounded by itself; this bounds what many peers together can make the endpoint hold. From any thread.
 */
final class LongMessages {
    private final long maximumBytes;
    private final AtomicLong bytes = new AtomicLong();

    LongMessages(long maximumBytes) {
        this.maximumBytes = maximumBytes;
    }

    /** Takes so much; false, and nothing is taken, if all messages in parts would hold more than is allowed. */
    boolean reserve(long count) {
        if (bytes.addAndGet(count) > maximumBytes) {
            bytes.addAndGet(-count);
            return false;
        }
        return true;
    }

    void release(long count) {
        bytes.addAndGet(-count);
    }

    /** What is held now, in bytes. */
    long bytes() {
        return bytes.get();
    }

    long maximumBytes() {
        return maximumBytes;
    }
}
