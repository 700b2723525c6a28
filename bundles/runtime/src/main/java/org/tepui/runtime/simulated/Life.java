// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime.simulated;

/** From one start of something to its end. What belongs to a life that ended does not happen any more. */
final class Life {
    private boolean ended;

    boolean hasEnded() {
        return ended;
    }

    void end() {
        ended = true;
    }
}
