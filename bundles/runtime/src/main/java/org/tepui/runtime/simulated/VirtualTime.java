// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime.simulated;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.tepui.runtime.FaultHandler;
import org.tepui.runtime.Timer;

/**
 * The time of a simulated world and the events that wait in it. Time passes only from one event to the next. Events at
 * the same time on different lanes happen in an order that the seed decides. Used by one thread.
 */
public final class VirtualTime {
    /** When every world begins, on its wall clock. */
    public static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

    private static final long FIRST_NANO_TIME = 1_000_000_000L;
    private static final long LONGEST_DELAY = Long.MAX_VALUE / 4;
    private static final int PURGE_THRESHOLD = 64;

    private final long seed;
    private final FaultHandler faultHandler;
    private final PriorityQueue<Scheduled> events = new PriorityQueue<>();
    private final MessageDigest digest = sha256();
    private final ByteBuffer number = ByteBuffer.allocate(Long.BYTES);
    private long now = FIRST_NANO_TIME;
    private long sequence;
    private long eventsRun;
    private int cancelled;
    private int lanes;
    private @Nullable Lane current;

    /**
     * A world's time.
     *
     * @param faultHandler hears of events that throw; what it throws comes out of the method that ran the event
     */
    public VirtualTime(long seed, FaultHandler faultHandler) {
        this.seed = seed;
        this.faultHandler = faultHandler;
    }

    /** What the order of events depends on. */
    public long seed() {
        return seed;
    }

    /** The monotonic clock of all nodes. */
    public long nanoTime() {
        return now;
    }

    /** The time since the world began. */
    public Duration elapsed() {
        return Duration.ofNanos(now - FIRST_NANO_TIME);
    }

    /** How many events happened. */
    public long eventsRun() {
        return eventsRun;
    }

    /** SHA-256 over the lane, name and time of every event so far and over what frames carried, in hexadecimal. */
    public String digest() {
        try {
            MessageDigest soFar = (MessageDigest) digest.clone();
            return HexFormat.of().formatHex(soFar.digest());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("SHA-256 of this JDK cannot be read on the way", e);
        }
    }

    /** Lets the next event happen; false if there is none. */
    public boolean step() {
        Scheduled next = next();
        if (next == null) {
            return false;
        }
        events.remove();
        Runnable event = next.take();
        now = next.time;
        if (event != null && !next.lane.life().hasEnded()) {
            happen(next, event);
        }
        return true;
    }

    /** Lets all events of the next so much time happen; afterwards it has passed. */
    public void run(Duration time) {
        long end = now + time.toNanos();
        for (Scheduled next = next(); next != null && next.time <= end; next = next()) {
            step();
        }
        now = end;
    }

    /**
     * Lets events happen until a condition holds, which is looked at after each.
     *
     * @param limit how much time may pass
     * @return whether the condition holds
     */
    public boolean runUntil(BooleanSupplier condition, Duration limit) {
        long end = now + limit.toNanos();
        while (!condition.getAsBoolean()) {
            Scheduled next = next();
            if (next == null || next.time > end) {
                now = end;
                return condition.getAsBoolean();
            }
            step();
        }
        return true;
    }

    /** Adds to the digest what an event was about. */
    void note(long what) {
        digest.update(number.clear().putLong(what).flip());
    }

    Lane newLane(String name, Life life) {
        return new Lane(name, lanes++, life);
    }

    /** Where the event that happens now belongs; null between events. */
    @Nullable
    Lane currentLane() {
        return current;
    }

    /** Lets an event happen on a lane after a delay of 0 ns or more. */
    Timer schedule(Lane lane, String what, long delay, Runnable event) {
        return scheduleAt(lane, what, now + Math.min(delay, LONGEST_DELAY), event);
    }

    Timer scheduleAt(Lane lane, String what, long time, Runnable event) {
        long tie = SimulatedRandomness.mix(seed ^ SimulatedRandomness.mix(time + lane.ordinal()));
        Scheduled scheduled = new Scheduled(Math.max(time, now), tie, sequence++, lane, what, event);
        events.add(scheduled);
        return scheduled;
    }

    /** The next event that was not cancelled. */
    private @Nullable Scheduled next() {
        Scheduled next = events.peek();
        while (next != null && next.event == null) {
            events.remove();
            cancelled--;
            next = events.peek();
        }
        return next;
    }

    private void happen(Scheduled scheduled, Runnable event) {
        eventsRun++;
        note(now);
        digest.update(scheduled.lane.name().getBytes(StandardCharsets.UTF_8));
        digest.update((byte) '/');
        digest.update(scheduled.what.getBytes(StandardCharsets.UTF_8));
        current = scheduled.lane;
        try {
            event.run();
        } catch (SimulatedCrash e) {
            // the machine of this event is no more, and with it the event
            note(-1);
        } catch (Exception | Error e) {
            faultHandler.fault(scheduled.lane.name(), scheduled.what, e);
        } finally {
            current = null;
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private void purgeCancelled() {
        if (cancelled > PURGE_THRESHOLD && cancelled > events.size() / 2) {
            events.removeIf(scheduled -> scheduled.event == null);
            cancelled = 0;
        }
    }

    private final class Scheduled implements Timer, Comparable<Scheduled> {
        private final long time;
        private final long tie;
        private final long number;
        private final Lane lane;
        private final String what;
        private @Nullable Runnable event;

        Scheduled(long time, long tie, long number, Lane lane, String what, Runnable event) {
            this.time = time;
            this.tie = tie;
            this.number = number;
            this.lane = lane;
            this.what = what;
            this.event = event;
        }

        @Override
        public boolean cancel() {
            if (take() == null) {
                return false;
            }
            cancelled++;
            purgeCancelled();
            return true;
        }

        private @Nullable Runnable take() {
            Runnable waited = event;
            event = null;
            return waited;
        }

        @Override
        public int compareTo(Scheduled other) {
            int byTime = Long.compare(time, other.time);
            if (byTime != 0) {
                return byTime;
            }
            int byTie = Long.compare(tie, other.tie);
            return byTie != 0 ? byTie : Long.compare(number, other.number);
        }
    }
}
