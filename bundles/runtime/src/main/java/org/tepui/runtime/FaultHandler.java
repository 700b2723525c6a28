// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

/** Hears of events and work that threw: a bug of this program, since failures of the environment travel as values. */
@FunctionalInterface
public interface FaultHandler {
    /**
     * Called on the thread on which it happened, which goes on afterwards. Must not throw.
     *
     * @param where the name of the loop
     * @param what the name of the event
     */
    void fault(String where, String what, Throwable failure);
}
