// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.tepui.runtime.Clock;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.Timer;
import org.tepui.runtime.Worker;

/** A loop whose time the test moves. Work is done at once, and its result is an event as usual. */
final class ManualLoop implements EventLoop, Clock, Worker {
    private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

    private final PriorityQueue<Entry> events =
            new PriorityQueue<>(Comparator.comparingLong(Entry::time).thenComparingLong(Entry::number));
    private long now;
    private long number;
    private boolean inEvent;

    private record Entry(long time, long number, Runnable event) {}

    @Override
    public String name() {
        return "manual";
    }

    @Override
    public void execute(String what, Runnable event) {
        schedule(what, Duration.ZERO, event);
    }

    @Override
    public Timer schedule(String what, Duration delay, Runnable event) {
        Entry entry = new Entry(now + delay.toNanos(), number++, event);
        events.add(entry);
        return () -> events.remove(entry);
    }

    @Override
    public boolean inLoop() {
        return inEvent;
    }

    @Override
    public Clock clock() {
        return this;
    }

    @Override
    public Instant wallTime() {
        return BEGINNING.plusNanos(now);
    }

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public <T> void submit(
            String what, Callable<T> work, EventLoop loop, BiConsumer<@Nullable T, @Nullable Exception> done) {
        T result;
        try {
            result = work.call();
        } catch (Exception e) {
            loop.execute(what, () -> done.accept(null, e));
            return;
        }
        loop.execute(what, () -> done.accept(result, null));
    }

    /** Does what an event would do, and all that follows from it at once. */
    void perform(Runnable event) {
        execute("test", event);
        settle();
    }

    /** Runs all events that are due. */
    void settle() {
        advance(Duration.ZERO);
    }

    /** Lets time pass, with all events in it. */
    void advance(Duration time) {
        long end = now + time.toNanos();
        for (Entry next = events.peek(); next != null && next.time <= end; next = events.peek()) {
            events.remove();
            now = Math.max(now, next.time);
            inEvent = true;
            try {
                next.event.run();
            } finally {
                inEvent = false;
            }
        }
        now = end;
    }

    /** Forgets all that waits, as the end of a process does. */
    void die() {
        events.clear();
    }
}
