// SPDX-License-Identifier: Apache-2.0
package org.tepui.bench.allocator;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.tepui.allocator.Allocation;
import org.tepui.allocator.AllocatorContext;
import org.tepui.allocator.Preemption;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;
import org.tepui.api.metrics.MetricRegistry;

/**
 * What a measured allocator is given. Time moves only when it is told to, so that no pause is measured; offers are
 * collected. Nothing is taken back and no task is ended. For one thread.
 */
final class BenchContext implements AllocatorContext {
    private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");
    private static final Comparator<Event> ORDER =
            Comparator.comparingLong(Event::time).thenComparingLong(Event::number);

    private final PriorityQueue<Event> events = new PriorityQueue<>(ORDER);
    private final MetricRegistry metrics = new MetricRegistry();
    private final Random random;
    private List<Allocation> offers = new ArrayList<>();
    private long now;
    private long scheduled;

    BenchContext(long seed) {
        this.random = new Random(seed);
    }

    private record Event(long time, long number, Runnable action) {}

    /** Lets time pass, and runs what is due meanwhile, in order. */
    void advance(Duration time) {
        long end = now + time.toNanos();
        for (Event next = events.peek(); next != null && next.time() <= end; next = events.peek()) {
            events.poll();
            now = Math.max(now, next.time());
            next.action().run();
        }
        now = end;
    }

    /** What was offered since the last call. */
    List<Allocation> takeOffers() {
        List<Allocation> taken = offers;
        offers = new ArrayList<>(taken.size());
        return taken;
    }

    @Override
    public void offer(List<Allocation> allocations) {
        offers.addAll(allocations);
    }

    @Override
    public void rescind(FrameworkId framework, Role role, AgentId agent) {}

    @Override
    public void preempt(List<Preemption> tasks) {}

    @Override
    public Scheduled schedule(Duration delay, Runnable event) {
        Event added = new Event(now + delay.toNanos(), scheduled++, event);
        events.add(added);
        return () -> events.remove(added);
    }

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public Instant wallTime() {
        return BEGINNING.plusNanos(now);
    }

    @Override
    public RandomGenerator random() {
        return random;
    }

    @Override
    public MetricRegistry metrics() {
        return metrics;
    }
}
