// SPDX-License-Identifier: Apache-2.0
package org.tepui.plugins;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Calls into a plug-in on a thread of its own, so that a plug-in that never returns costs that thread and nothing
 * else: Java has no way to end it.
 */
final class GuardedCall {
    private final Duration limit;

    GuardedCall(Duration limit) {
        this.limit = limit;
    }

    Duration limit() {
        return limit;
    }

    /**
     * Calls and waits, but not for long.
     *
     * @param name of the thread
     * @param abandoned run on that thread if the call returns after all, after its time
     * @throws TimeoutException if it does not return in time
     * @throws ExecutionException with what it threw
     */
    <T> T call(String name, Callable<T> call, Runnable abandoned)
            throws TimeoutException, ExecutionException, InterruptedException {
        FutureTask<T> task = new FutureTask<>(call);
        Thread thread = new Thread(
                () -> {
                    task.run();
                    if (task.isCancelled()) {
                        abandoned.run();
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            // without an interrupt, which could hit the plug-in in the middle of the container's own work
            if (task.cancel(false)) {
                throw e;
            }
            return task.get();
        }
    }
}
