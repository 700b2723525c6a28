// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.tepui.allocator.Allocation;
import org.tepui.allocator.Allocator;
import org.tepui.allocator.AllocatorContext;
import org.tepui.allocator.AllocatorFactory;
import org.tepui.allocator.Preemption;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;
import org.tepui.api.metrics.MetricRegistry;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.Randomness;
import org.tepui.runtime.Timer;

/**
 * One life of one policy, on the allocator's own loop: what it is called with comes from the master in batches, what it
 * allocates goes back to the master. Once it threw it is closed and hears nothing more.
 */
final class PolicyLink implements AllocatorContext {
    /** What the master hears of a policy. Called on the allocator's loop. */
    interface Listener {
        /**
         * The policy wants these to be offered.
         *
         * @param lives which life of its agent each allocation is from, in the same order
         */
        void allocated(PolicyLink policy, List<Allocation> allocations, long[] lives);

        void rescind(PolicyLink policy, FrameworkId framework, Role role, AgentId agent);

        void preempt(PolicyLink policy, List<Preemption> tasks);

        /** The policy threw and is closed. */
        void failed(PolicyLink policy, RuntimeException failure);
    }

    private final EventLoop loop;
    private final Randomness randomness;
    private final MetricRegistry service;
    /** The policy's own, listed with those of the service as long as the policy lives. */
    private final MetricRegistry metrics = new MetricRegistry();

    private final Listener listener;
    /** Which life of each agent the policy knows: allocations from an earlier one are void. */
    private final Map<AgentId, Long> lives = new HashMap<>();

    private @Nullable Allocator allocator;

    /** @param service lists the metrics of the policy while it lives */
    PolicyLink(EventLoop loop, Randomness randomness, MetricRegistry service, Listener listener) {
        this.loop = loop;
        this.randomness = randomness;
        this.service = service;
        this.listener = listener;
    }

    /** Makes the allocator; the first event of this life. */
    void start(AllocatorFactory factory, Map<String, String> configuration) {
        service.include(metrics);
        guarded(() -> allocator = factory.create(this, configuration));
    }

    /** Makes calls to the allocator, in order. */
    void call(List<Consumer<Allocator>> calls) {
        for (Consumer<Allocator> call : calls) {
            Allocator live = allocator;
            if (live == null) {
                return;
            }
            guarded(() -> call.accept(live));
        }
    }

    /** Notes that the policy is told of a new life of an agent with the next call. */
    void livesAs(AgentId agent, long life) {
        lives.put(agent, life);
    }

    void forget(AgentId agent) {
        lives.remove(agent);
    }

    /** Ends this life. */
    void stop() {
        service.exclude(metrics);
        Allocator live = allocator;
        allocator = null;
        if (live != null) {
            guarded(live::close);
        }
    }

    private void guarded(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            fail(e);
        } catch (LinkageError | StackOverflowError | AssertionError e) {
            // a fault of the plug-in and not of the machine
            fail(new IllegalStateException("the policy cannot go on: " + e, e));
        }
    }

    private void fail(RuntimeException failure) {
        stop();
        listener.failed(this, failure);
    }

    @Override
    public void offer(List<Allocation> allocations) {
        loop.assertInLoop();
        long[] of = new long[allocations.size()];
        for (int i = 0; i < of.length; i++) {
            of[i] = lives.getOrDefault(allocations.get(i).agent(), -1L);
        }
        listener.allocated(this, List.copyOf(allocations), of);
    }

    @Override
    public void rescind(FrameworkId framework, Role role, AgentId agent) {
        loop.assertInLoop();
        listener.rescind(this, framework, role, agent);
    }

    @Override
    public void preempt(List<Preemption> tasks) {
        loop.assertInLoop();
        listener.preempt(this, List.copyOf(tasks));
    }

    @Override
    public Scheduled schedule(Duration delay, Runnable event) {
        Timer timer = loop.schedule("allocator timer", delay, () -> {
            if (allocator != null) {
                guarded(event);
            }
        });
        return timer::cancel;
    }

    @Override
    public long nanoTime() {
        return loop.clock().nanoTime();
    }

    @Override
    public Instant wallTime() {
        return loop.clock().wallTime();
    }

    @Override
    public RandomGenerator random() {
        return randomness;
    }

    @Override
    public MetricRegistry metrics() {
        return metrics;
    }
}
