// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

import java.time.Instant;

/** The clocks of this machine. */
public final class SystemClock implements Clock {
    @Override
    public Instant wallTime() {
        return Instant.now();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }
}
