// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

/**
 * A loop for code that is not trusted to keep the rules, such as that of a plug-in: what it does is seen from
 * outside, and if it blocks it keeps nobody else waiting.
 */
public interface ConfinedLoop {
    /** Where everything of that code happens. */
    EventLoop loop();

    /** Ends the loop. To be called on it. */
    void close();

    /** Ends a loop whose event does not return: what waits is dropped, what runs is interrupted. From any thread. */
    void abandon();

    /** Whether something of it still runs. From any thread. */
    boolean isAlive();

    /** How many threads that code runs on, its loop's included: code that keeps the rules has one. */
    int threads();

    /** How many bytes all of its threads allocated so far, or 0 if that is not known. */
    long allocatedBytes();
}
