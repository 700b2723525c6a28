// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.api.Quotas;
import org.tepui.api.Role;
import org.tepui.api.TaskId;
import org.tepui.api.Weights;
import org.tepui.api.resources.Resources;

/**
 * Decides who is offered what. One allocator serves the leading master; all of its state is soft, because the master
 * can tell it everything again.
 *
 * <h2>Threading</h2>
 *
 * All calls come one at a time on one loop, and what the allocator schedules runs there too. A call must return soon,
 * well within a second: it is watched, and a policy that blocks is suspended. Time, randomness and timers are those
 * of the {@link AllocatorContext}. An allocator starts no threads.
 *
 * <h2>Order</h2>
 *
 * Frameworks and agents come in any order. An agent may be added with resources allocated to a framework that is not
 * known (yet, or any more): they count as allocated to that framework, which gets nothing more until it is added.
 * Adding every framework and every agent with what is allocated on it, to an allocator that knows nothing, gives it
 * the state of the one it replaces, once it is told of tasks, quotas and weights; offers that are out count as
 * allocated and stay valid. What is not handed over that way are decline filters: a framework may see once more
 * what it declined.
 *
 * <h2>Idempotence</h2>
 *
 * Adding what is there replaces its description. Activating what is active, suppressing what is suppressed, and the
 * opposites change nothing. Calls that name a framework or agent that is not known are ignored, with the exceptions
 * said below.
 *
 * <h2>Books</h2>
 *
 * Resources in these calls carry the role that they are allocated to, except the totals of agents. What is offered
 * counts as allocated. An allocator offers only what its agent has and nobody holds; the master checks that against
 * its own books and hands back what it refuses.
 *
 * <h2>Settings</h2>
 *
 * An allocator has the settings that it was made with. When an operator changes them at run time, a new allocator
 * is made with the new ones beside the old, told everything, and takes over.
 *
 * <h2>Failure</h2>
 *
 * An exception, from any of these calls or from a scheduled event, means that the policy is broken: it is suspended
 * and replaced. A refused argument leaves the allocator as it was.
 */
@ConsumerType
public interface Allocator {
    /**
     * A framework subscribed, or did so before this allocator was made. It keeps what is allocated to it already.
     *
     * @param active whether it is connected and may be offered something
     * @param suppressed roles of it for which it wants no offers
     */
    void addFramework(FrameworkProfile framework, boolean active, Set<Role> suppressed);

    /**
     * A framework changed its description. What it holds in roles that it left stays allocated until it is recovered.
     * Its decline filters in those roles are forgotten.
     *
     * @param suppressed roles of it for which it wants no offers; for its other roles it wants them
     */
    void updateFramework(FrameworkProfile framework, Set<Role> suppressed);

    /**
     * A framework is gone. What is still allocated to it stays so until it is recovered or its agent removed.
     */
    void removeFramework(FrameworkId framework);

    /** A framework is connected (again) and may be offered resources. */
    void activateFramework(FrameworkId framework);

    /**
     * A framework is disconnected: nothing is offered to it, its decline filters are forgotten, and it keeps what it
     * holds.
     */
    void deactivateFramework(FrameworkId framework);

    /**
     * An agent is there, active.
     *
     * @param used what is allocated on it, by framework, with allocation roles; may be more than its total
     */
    void addAgent(AgentProfile agent, Map<FrameworkId, Resources> used);

    /**
     * An agent changed its description or its total. What is allocated on it stays allocated, even beyond a smaller
     * total. If total, attributes, capabilities or domain changed, decline filters for it are forgotten.
     */
    void updateAgent(AgentProfile agent);

    /** An agent is gone, and everything allocated on it with it. */
    void removeAgent(AgentId agent);

    /** An agent may be offered from (again). */
    void activateAgent(AgentId agent);

    /** Nothing of an agent is to be offered: it is disconnected, or draining. What is allocated stays allocated. */
    void deactivateAgent(AgentId agent);

    /**
     * Operations of a framework changed resources that it holds, and with them the total of the agent: a reservation,
     * a volume.
     *
     * @param before a part of what is allocated to the framework there, with allocation roles
     * @param after what became of it, with allocation roles
     * @throws IllegalArgumentException if the framework does not hold {@code before} on that agent
     */
    void updateAllocation(FrameworkId framework, AgentId agent, Resources before, Resources after);

    /**
     * An operator changes resources that nobody holds.
     *
     * @param before without allocation roles
     * @param after what becomes of it, without allocation roles
     * @return false, with nothing changed, if {@code before} is not free on that agent or the agent is not known
     */
    boolean updateAvailable(AgentId agent, Resources before, Resources after);

    /**
     * Resources are free again: declined, not used, or what ran on them ended. Ignored for an agent that is not
     * known; a framework that was removed may still give back what it held.
     *
     * @param resources with allocation roles
     * @param refusal null if the framework may be offered the same again at once, as after a task. Otherwise it
     *     declined: neither these nor
     *     a part of them are offered to it on this agent and in this role for that long. Zero means no longer than
     *     until the next regular round, so that nobody is offered the same as fast as it declines.
     * @throws IllegalArgumentException if the framework does not hold them on that agent
     */
    void recoverResources(FrameworkId framework, AgentId agent, Resources resources, @Nullable Duration refusal);

    /**
     * A framework wants no offers in these roles until it asks for them again.
     *
     * @param roles empty for all roles of the framework; roles that it does not have are ignored
     */
    void suppressOffers(FrameworkId framework, Set<Role> roles);

    /**
     * A framework wants offers in these roles (again), and forgets what it declined in them.
     *
     * @param roles empty for all roles of the framework; roles that it does not have are ignored
     */
    void reviveOffers(FrameworkId framework, Set<Role> roles);

    /** The weights of all roles, whether they changed or not. */
    void updateWeights(Weights weights);

    /**
     * The quotas of all roles, whether they changed or not. What a role holds beyond a new limit it keeps.
     *
     * @throws UnsupportedOperationException if there are quotas and the policy does not keep any, as it is unless it
     *     says otherwise: such a policy cannot be used while there are quotas, and they cannot be set while it is
     * used
     */
    default void updateQuotas(Quotas quotas) {
        if (!quotas.isEmpty()) {
            throw new UnsupportedOperationException("this policy keeps no quotas");
        }
    }

    /**
     * A task holds resources on an agent that is known: it is launched, or was before this allocator was made. They
     * count as allocated already. A policy that chooses by tasks takes note of it.
     */
    default void addTask(TaskProfile task) {}

    /** A task ended, or its agent is gone. What it held comes back by {@link #recoverResources}, if the agent is. */
    default void removeTask(FrameworkId framework, AgentId agent, TaskId task) {}

    /** A framework says what it would like to have. A policy may ignore it, and does so unless it says otherwise. */
    default void requestResources(FrameworkId framework, List<ResourceRequest> requests) {}

    /**
     * Why a framework is not offered more in a role at this moment. May take a look at every agent, and changes
     * nothing.
     */
    AllocationDecision explain(FrameworkId framework, Role role);

    /** What is to be kept for a successor, or null if there is nothing, as it is unless the policy says otherwise. */
    default @Nullable PolicyState saveState() {
        return null;
    }

    /**
     * Takes over what a predecessor of the same name kept. The first call, if it comes at all.
     *
     * @throws IllegalArgumentException if it is not understood; the allocator goes on without it
     */
    default void restoreState(PolicyState state) {
        throw new IllegalArgumentException("this policy keeps no state");
    }

    /**
     * Which tasks it would end at this moment, were it allowed to, in their order. Changes nothing. None, unless the
     * policy preempts.
     */
    default List<Preemption> planPreemptions() {
        return List.of();
    }

    /** The end: no other call follows, and nothing that was scheduled runs. */
    void close();
}
