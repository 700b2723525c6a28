// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator.support;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;
import org.tepui.allocator.PolicyState;
import org.tepui.allocator.Preemption;

/**
 * A policy that does more than put in order: it looks at the cluster after each round, preempts, or keeps a history.
 * What it needs of time, timers and preemption is in the {@link org.tepui.allocator.AllocatorContext} that it was made
 * with. Called on the allocator's loop.
 */
@ConsumerType
public interface HierarchicalPolicy extends Sorter {
    /** The first call: where to look from now on. */
    default void begin(ClusterView cluster) {}

    /**
     * Whether a framework may be offered something of an agent now, as far as the policy is concerned: it may keep an
     * agent for a while for those for whom it makes room there. Asked for each of the pairs that a round looks at, so
     * it has to be quick. When the answer becomes another one, the policy calls {@link ClusterView#lookAgain}.
     */
    default boolean admits(ClientView client, AgentView agent) {
        return true;
    }

    /** Everything that could be offered now was. Not called between rounds, while nothing is decided. */
    default void roundEnded() {}

    /** As {@link org.tepui.allocator.Allocator#saveState}. */
    default @Nullable PolicyState saveState() {
        return null;
    }

    /**
     * As {@link org.tepui.allocator.Allocator#restoreState}; after {@link #begin}.
     *
     * @throws IllegalArgumentException if the state is not understood
     */
    default void restoreState(PolicyState state) {
        throw new IllegalArgumentException("this policy keeps no state");
    }

    /** As {@link org.tepui.allocator.Allocator#planPreemptions}. */
    default List<Preemption> planPreemptions() {
        return List.of();
    }
}
