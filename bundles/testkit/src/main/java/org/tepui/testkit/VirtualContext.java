// SPDX-License-Identifier: Apache-2.0
package org.tepui.testkit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.tepui.allocator.Allocation;
import org.tepui.allocator.AllocatorContext;
import org.tepui.allocator.Preemption;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;
import org.tepui.api.metrics.MetricRegistry;

/**
 * A context whose time moves only when it is told to, so that a test waits for nothing and the same seed gives the
 * same run. Not safe for several threads: the test's thread is the loop.
 */
public final class VirtualContext implements AllocatorContext {
    private static final Comparator<Event> ORDER =
            Comparator.comparingLong(Event::time).thenComparingLong(Event::number);

    private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

    private final PriorityQueue<Event> events = new PriorityQueue<>(ORDER);
    private final MetricRegistry metrics = new MetricRegistry();
    private final Random random;
    private final Consumer<List<Allocation>> offers;
    private final List<Rescinding> rescinded = new ArrayList<>();
    private final List<Preemption> preempted = new ArrayList<>();
    private long now;
    private long scheduled;

    /**
     * Makes a context.
     *
     * @param seed of its random choices
     * @param offers told of what is offered
     */
    public VirtualContext(long seed, Consumer<List<Allocation>> offers) {
        this.random = new Random(seed);
        this.offers = offers;
    }

    /** A request to take offers back. */
    public record Rescinding(FrameworkId framework, Role role, AgentId agent) {}

    private record Event(long time, long number, Runnable action) {}

    /** Runs what is due until the given time has passed, in order. */
    public void advance(Duration time) {
        long end = now + time.toNanos();
        for (Event next = events.peek(); next != null && next.time() <= end; next = events.peek()) {
            events.poll();
            now = Math.max(now, next.time());
            next.action().run();
        }
        now = end;
    }

    /** How many events wait for their time. */
    public int waiting() {
        return events.size();
    }

    /** What the allocator asked to take back so far. */
    public List<Rescinding> rescinded() {
        return List.copyOf(rescinded);
    }

    /** Which tasks the allocator asked to end so far. */
    public List<Preemption> preempted() {
        return List.copyOf(preempted);
    }

    @Override
    public void offer(List<Allocation> allocations) {
        offers.accept(allocations);
    }

    @Override
    public void rescind(FrameworkId framework, Role role, AgentId agent) {
        rescinded.add(new Rescinding(framework, role, agent));
    }

    @Override
    public void preempt(List<Preemption> tasks) {
        preempted.addAll(tasks);
    }

    @Override
    public Scheduled schedule(Duration delay, Runnable event) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("a delay of " + delay + " is not allowed: zero or more");
        }
        Event added = new Event(now + delay.toNanos(), scheduled++, event);
        events.add(added);
        return () -> events.remove(added);
    }

    @Override
    public long nanoTime() {
        return now;
    }

    /** The beginning of 2026 and what passed since this context was made. */
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
