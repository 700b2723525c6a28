// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import java.time.Duration;
import java.util.Set;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.ConcurrentHashMap;

/** Does something once per task, some time after the task was first named. Safe to use from any thread. */
final class TaskTimer implements AutoCloseable {
    private final Set<String> known = ConcurrentHashMap.newKeySet();
    private final Timer timer = new Timer("task-timer", true);

    /** Does it after the delay; nothing if the task was named before. */
    void once(String task, Duration delay, Runnable action) {
        if (known.add(task)) {
            timer.schedule(
                    new TimerTask() {
                        @Override
                        public void run() {
                            action.run();
                        }
                    },
                    delay.toMillis());
        }
    }

    @Override
    public void close() {
        timer.cancel();
    }
}
