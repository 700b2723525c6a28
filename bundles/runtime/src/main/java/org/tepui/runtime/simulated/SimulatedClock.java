// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime.simulated;

import java.time.Duration;
import java.time.Instant;
import org.tepui.runtime.Clock;

/** The clocks of a node: the monotonic one is that of the world, the wall clock may be wrong by any amount. */
public final class SimulatedClock implements Clock {
    private final VirtualTime time;
    private Duration wallSkew = Duration.ZERO;

    SimulatedClock(VirtualTime time) {
        this.time = time;
    }

    /** Sets by how much the wall clock is ahead, or behind if negative: a jump. */
    public void setWallSkew(Duration skew) {
        wallSkew = skew;
    }

    @Override
    public Instant wallTime() {
        return VirtualTime.BEGINNING.plus(time.elapsed()).plus(wallSkew);
    }

    @Override
    public long nanoTime() {
        return time.nanoTime();
    }
}
