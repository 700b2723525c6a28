// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;
import org.osgi.annotation.versioning.ProviderType;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;
import org.tepui.api.metrics.MetricRegistry;

/**
 * What an allocator is given. All of it is to be used on the loop that calls the allocator, except
 * {@link #metrics()}, and only until the allocator is closed.
 */
@ProviderType
public interface AllocatorContext {
    /**
     * Offers resources. From now on the allocator counts them as allocated; they come back by
     * {@link Allocator#recoverResources} when they are declined, when what ran on them ends, or at once for an
     * allocation that the master refuses because its books say otherwise.
     *
     * <p>The master does not call back into the allocator before the call that led here has returned.
     *
     * @param allocations one for each framework, role and agent; not empty
     */
    void offer(List<Allocation> allocations);

    /**
     * Asks for the offers of one framework in one role on one agent to be taken back, as far as they are not accepted
     * yet. What was offered comes back by {@link Allocator#recoverResources}; nothing happens if there is none.
     */
    void rescind(FrameworkId framework, Role role, AgentId agent);

    /**
     * Asks for tasks to be ended. The master does so within the limits that the operator set, and tells the owner
     * why. What they hold comes back by {@link Allocator#recoverResources}. Tasks that are gone, or end already,
     * are passed over.
     */
    void preempt(List<Preemption> tasks);

    /**
     * Runs something on the allocator's loop after a delay, never early, and not after the allocator was closed.
     *
     * @param delay zero or more
     */
    Scheduled schedule(Duration delay, Runnable event);

    /** A monotonic clock in nanoseconds with an arbitrary origin. */
    long nanoTime();

    /** The time of day, for what is to last longer than this allocator. It may jump. */
    Instant wallTime();

    /** The source of every random choice, so that a simulated run can be repeated. */
    RandomGenerator random();

    /**
     * Where the allocator registers its own metrics, under {@code allocator/}. They are removed when it is closed.
     */
    MetricRegistry metrics();

    /** Something that waits for its time. */
    @ProviderType
    interface Scheduled {
        /** Takes it back: from now on it does not run. Nothing happens if it ran already. */
        void cancel();
    }
}
