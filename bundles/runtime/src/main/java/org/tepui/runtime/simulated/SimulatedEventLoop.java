// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime.simulated;

import java.time.Duration;
import org.tepui.runtime.Clock;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.Timer;

/** An event loop of a node under virtual time. When the node is killed, what waits on the loop never happens. */
final class SimulatedEventLoop implements EventLoop {
    /** An event starts at most so long after it was handed over, unless others wait before it. */
    private static final int LONGEST_HOP_NANOS = 50_000;

    private static final Duration LONGEST_DELAY = Duration.ofNanos(Long.MAX_VALUE / 4);

    private final String name;
    private final VirtualTime time;
    private final Lane lane;
    private final Clock clock;
    private final SimulatedRandomness hops;

    SimulatedEventLoop(String name, VirtualTime time, Lane lane, Clock clock, SimulatedRandomness hops) {
        this.name = name;
        this.time = time;
        this.lane = lane;
        this.clock = clock;
        this.hops = hops;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void execute(String what, Runnable event) {
        if (!lane.life().hasEnded()) {
            long start = time.nanoTime() + 1 + hops.nextInt(LONGEST_HOP_NANOS);
            time.scheduleAt(lane, what, lane.startInOrder(start), event);
        }
    }

    @Override
    public Timer schedule(String what, Duration delay, Runnable event) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("delay " + delay + " of timer '" + what + "' is negative");
        }
        long nanos = (delay.compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY : delay).toNanos();
        Timer timer = time.schedule(lane, what, nanos, event);
        return () -> {
            assertInLoop();
            return timer.cancel();
        };
    }

    @Override
    public boolean inLoop() {
        return time.currentLane() == lane;
    }

    @Override
    public Clock clock() {
        return clock;
    }
}
