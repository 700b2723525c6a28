// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.tepui.runtime.Clock;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.Timer;

/** Loops of one test, all on its thread: events run in the order of their time, and time passes when it is told to. */
final class VirtualTime implements Clock {
    private static final Instant ORIGIN = Instant.parse("2026-01-01T00:00:00Z");

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::time).thenComparingLong(Event::number));

    /** Called after each event. */
    Runnable afterEach = () -> {};

    private long now;
    private int atOnce;
    private long nextNumber;
    private String running = "";

    private static final class Event implements Timer {
        private final long time;
        private final long number;
        private final String loop;
        private final String what;
        private final Runnable body;
        private boolean done;

        private Event(long time, long number, String loop, String what, Runnable body) {
            this.what = what;
            this.time = time;
            this.number = number;
            this.loop = loop;
            this.body = body;
        }

        long time() {
            return time;
        }

        long number() {
            return number;
        }

        @Override
        public boolean cancel() {
            boolean waited = !done;
            done = true;
            return waited;
        }
    }

    @Override
    public Instant wallTime() {
        return ORIGIN.plusNanos(now);
    }

    @Override
    public long nanoTime() {
        return now;
    }

    /** Runs what is due now, and what that leads to at once. */
    void settle() {
        advance(Duration.ZERO);
    }

    /** Lets time pass, running each event at its time. */
    void advance(Duration duration) {
        long end = now + duration.toNanos();
        while (!events.isEmpty() && events.peek().time <= end) {
            Event event = events.remove();
            if (event.time == now && ++atOnce > 20_000) {
                throw new AssertionError("events go on and on at one moment: " + event.what);
            }
            atOnce = event.time == now ? atOnce : 0;
            now = Math.max(now, event.time);
            if (!event.done) {
                event.done = true;
                running = event.loop;
                event.body.run();
                running = "";
                afterEach.run();
            }
        }
        now = end;
    }

    EventLoop loop(String name) {
        return new EventLoop() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public void execute(String what, Runnable event) {
                schedule(what, Duration.ZERO, event);
            }

            @Override
            public Timer schedule(String what, Duration delay, Runnable event) {
                Event scheduled = new Event(now + delay.toNanos(), nextNumber++, name, what, event);
                events.add(scheduled);
                return scheduled;
            }

            @Override
            public boolean inLoop() {
                return running.equals(name);
            }

            @Override
            public Clock clock() {
                return VirtualTime.this;
            }
        };
    }
}
