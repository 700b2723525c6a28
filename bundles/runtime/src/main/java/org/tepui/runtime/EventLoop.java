// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

import java.time.Duration;

/**
 * The single thread of a service. Everything that a service owns is read and written in events on its loop, one at a
 * time, so that no locks are needed. An event must not block.
 *
 * <p>Events of one calling thread run in the order in which they were handed over. An event that throws does not end
 * the loop: the failure goes to the loop's fault handler with the event's name.
 */
public interface EventLoop {
    /** The name of the service, as it appears in logs, thread names and metrics. */
    String name();

    /**
     * Runs an event after those that wait already. From any thread.
     *
     * @param what names the event in logs and metrics: a constant, not text built for each call
     */
    void execute(String what, Runnable event);

    /**
     * Runs an event after a delay, never early. From any thread; the timer is to be cancelled on the loop.
     *
     * @param what names the event in logs and metrics
     * @param delay zero or more
     */
    Timer schedule(String what, Duration delay, Runnable event);

    /** Whether the caller is on this loop. */
    boolean inLoop();

    /** The clock of the world that this loop lives in. */
    Clock clock();

    /**
     * States that the caller is on this loop.
     *
     * @throws IllegalStateException if not, naming the loop and the thread
     */
    default void assertInLoop() {
        if (!inLoop()) {
            throw new IllegalStateException("not on loop " + name() + " but on thread "
                    + Thread.currentThread().getName());
        }
    }
}
