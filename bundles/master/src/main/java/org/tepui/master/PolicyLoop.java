// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import org.tepui.runtime.EventLoop;

/** The loop that one policy lives on, for as long as it lives: a policy that blocks keeps no other waiting. */
public interface PolicyLoop {
    /** Where everything of the policy happens. */
    EventLoop loop();

    /** Ends the loop. To be called on it. */
    void close();

    /** Ends a loop whose event does not return: what waits is dropped, what runs is interrupted. From any thread. */
    void abandon();

    /** Whether something of it still runs. From any thread. */
    boolean isAlive();

    /** How many threads the policy runs on, its loop's included: one that keeps the rules has one. */
    int threads();

    /** How many bytes all of its threads allocated so far, or 0 if that is not known. */
    long allocatedBytes();
}
