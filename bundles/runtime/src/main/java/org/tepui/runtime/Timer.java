// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

/** An event that waits for its time on a loop. */
public interface Timer {
    /**
     * Takes the event back. To be called on the loop that the timer belongs to: then a cancelled event never runs.
     *
     * @return false if it ran already or was cancelled before
     */
    boolean cancel();
}
