// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport;

import java.util.ArrayList;
import java.util.List;
import org.tepui.runtime.EventLoop;

/**
 * Lets what a loop has to say leave in few pieces: at the end of a burst of messages, or after the events that wait
 * already. On the loop.
 */
final class Flushes {
    private final EventLoop loop;
    private final List<NativeConnection> staged = new ArrayList<>();
    private boolean inBurst;
    private boolean scheduled;

    Flushes(EventLoop loop) {
        this.loop = loop;
    }

    /** Something was staged on a connection for the first time since its last flush. */
    void staged(NativeConnection connection) {
        staged.add(connection);
        if (!inBurst && !scheduled) {
            scheduled = true;
            loop.execute("flush", () -> {
                scheduled = false;
                flush();
            });
        }
    }

    /** Messages are handled from here to {@link #endBurst}. */
    void beginBurst() {
        inBurst = true;
    }

    void endBurst() {
        inBurst = false;
        flush();
    }

    private void flush() {
        for (int i = 0; i < staged.size(); i++) {
            staged.get(i).flush();
        }
        staged.clear();
    }
}
