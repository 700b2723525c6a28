// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.tepui.allocator.AgentProfile;
import org.tepui.allocator.Allocation;
import org.tepui.allocator.FrameworkProfile;
import org.tepui.allocator.Preemption;
import org.tepui.allocator.ResourceRequest;
import org.tepui.allocator.TaskProfile;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.api.Quotas;
import org.tepui.api.Role;
import org.tepui.api.Weights;
import org.tepui.api.metrics.MetricRegistry;
import org.tepui.api.resources.Resources;
import org.tepui.registrar.RegistryState;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.Randomness;

/**
 * Where the allocation policy sits. The master tells it what happens; the policy, on a loop of its own, answers with
 * allocations. Used on the master's loop.
 *
 * <p>Which policy that is, and how another takes its place, is the {@link PolicySupervisor}'s. Without a policy nothing
 * is offered, and everything else goes on.
 */
final class AllocatorSlot {
    /** What the slot wants of the master. Called on the master's loop. */
    interface Client {
        /** The policy wants these to be offered. What cannot be goes back by {@link AllocatorSlot#refused}. */
        void offer(List<Allocation> allocations);

        /** The policy wants these offers back. */
        void rescind(FrameworkId framework, Role role, AgentId agent);

        /** The policy wants these tasks to end. */
        void preempt(List<Preemption> tasks);

        /** Every framework that is not over. */
        Iterable<FrameworkEntry> frameworks();

        /** Every agent that tasks and offers are booked on, connected or not. */
        Iterable<AgentEntry> agents();

        Optional<FrameworkEntry> framework(FrameworkId id);

        /** The agent, if tasks and offers are booked on it. */
        Optional<AgentEntry> agent(AgentId id);

        /** The quotas of all roles. */
        Quotas quotas();

        /** The weights of all roles. */
        Weights weights();
    }

    private final EventLoop masterLoop;
    private final PolicySupervisor policies;

    private @Nullable Client client;

    AllocatorSlot(
            EventLoop masterLoop,
            AllocatorParts parts,
            Registry registry,
            RegistryState hardState,
            Randomness randomness,
            MetricRegistry metrics) {
        this.masterLoop = masterLoop;
        this.policies = new PolicySupervisor(
                parts.settings(),
                new PolicyChoices(parts.shelf(), hardState, parts.settings().firstChoice()),
                registry,
                new PolicyStates(registry, hardState),
                parts.uses(),
                new PolicyLink.Environment(masterLoop, parts.loops(), randomness, metrics, new Answers()));
    }

    /** Connects the slot with the master, before anything else: from now on a policy may serve. */
    void serve(Client master) {
        client = master;
        policies.start(master);
    }

    /** Takes the policy out. Offers that are out stay valid. */
    void stop() {
        client = null;
        policies.stop();
    }

    /** Which policy serves and what is to be done about it. */
    PolicySupervisor policies() {
        return policies;
    }

    /** What policies say, brought to the master's loop. What one that does not serve says has no effect. */
    private final class Answers implements PolicyLink.Listener {
        @Override
        public void allocated(PolicyLink from, List<Allocation> allocations, long[] of) {
            masterLoop.execute("allocations", () -> AllocatorSlot.this.allocated(from, allocations, of));
        }

        @Override
        public void rescind(PolicyLink from, FrameworkId framework, Role role, AgentId agent) {
            masterLoop.execute("rescind offers", () -> {
                Client master = client;
                if (master != null && serves(from)) {
                    master.rescind(framework, role, agent);
                }
            });
        }

        @Override
        public void preempt(PolicyLink from, List<Preemption> tasks) {
            masterLoop.execute("preempt tasks", () -> {
                Client master = client;
                if (master != null && serves(from)) {
                    master.preempt(tasks);
                }
            });
        }

        @Override
        public void failed(PolicyLink from, String reason) {
            masterLoop.execute("allocator failure", () -> policies.misbehaves(from, reason, false));
        }
    }

    private boolean serves(PolicyLink link) {
        return policies.serving().filter(feed -> feed.link() == link).isPresent();
    }

    private void allocated(PolicyLink from, List<Allocation> allocations, long[] of) {
        Client master = client;
        PolicyFeed serving = policies.serving().orElse(null);
        PolicySwap swap = policies.swap().orElse(null);
        if (master != null && serving != null && serving.link() == from) {
            master.offer(serving.ofThisLife(allocations, of));
            if (swap != null) {
                allocations.forEach(allocation -> swap.feed().tellAgain(allocation.agent()));
            }
        } else if (swap != null && swap.link() == from) {
            swap.allocated(allocations);
        }
    }

    /** The policy gave out what is not there: what it believes is wrong, and goes on to be wrong. */
    void oversold(String what) {
        policies.oversold(what);
    }

    /** The policy that serves, and the one that is being brought up. */
    private void each(Consumer<PolicyFeed> told) {
        policies.serving().ifPresent(told);
        policies.swap().map(PolicySwap::feed).ifPresent(told);
    }

    /** Operators set quotas or weights: the policy reads what holds now. */
    void settingsChanged() {
        each(PolicyFeed::settingsChanged);
    }

    void frameworkAdded(FrameworkEntry framework) {
        each(feed -> feed.frameworkAdded(framework));
    }

    /** The framework is subscribed, maybe with another description. */
    void frameworkActivated(FrameworkEntry framework) {
        each(feed -> feed.frameworkActivated(framework));
    }

    /** The framework has another description, or wants other offers. */
    void frameworkUpdated(FrameworkEntry framework) {
        FrameworkProfile profile = Profiles.of(framework);
        Set<Role> suppressed = Collections.unmodifiableSet(new LinkedHashSet<>(framework.suppressedRoles));
        each(feed -> feed.framework(profile.id(), allocator -> allocator.updateFramework(profile, suppressed)));
    }

    void frameworkDeactivated(FrameworkEntry framework) {
        FrameworkId id = framework.id;
        each(feed -> feed.framework(id, allocator -> allocator.deactivateFramework(id)));
    }

    void frameworkRemoved(FrameworkEntry framework) {
        each(feed -> feed.frameworkRemoved(framework.id));
    }

    /** The agent is in the books, with what its tasks and offers hold. */
    void agentAdded(AgentEntry agent) {
        each(feed -> feed.agentAdded(agent));
    }

    /**
     * The agent has other resources, or runs something that the policy was not told of: the policy is told anew, and
     * what it allocated before it knew is void.
     */
    void agentReplaced(AgentEntry agent) {
        agentRemoved(agent);
        agentAdded(agent);
    }

    void agentUpdated(AgentEntry agent) {
        AgentProfile profile = Profiles.of(agent);
        each(feed -> feed.agent(agent.id, allocator -> allocator.updateAgent(profile)));
    }

    /** An operation of a framework changed what it holds on an agent, and with it what the agent has. */
    void allocationUpdated(FrameworkEntry framework, AgentEntry agent, Resources before, Resources after) {
        FrameworkId id = framework.id;
        AgentId on = agent.id;
        each(feed -> feed.agent(on, allocator -> allocator.updateAllocation(id, on, before, after)));
    }

    void agentActivated(AgentEntry agent) {
        AgentId id = agent.id;
        each(feed -> feed.agent(id, allocator -> allocator.activateAgent(id)));
    }

    void agentDeactivated(AgentEntry agent) {
        AgentId id = agent.id;
        each(feed -> feed.agent(id, allocator -> allocator.deactivateAgent(id)));
    }

    void agentRemoved(AgentEntry agent) {
        each(feed -> feed.agentRemoved(agent.id));
    }

    /** What ran on these resources ended. */
    void recovered(FrameworkEntry framework, AgentEntry agent, Role role, Resources resources) {
        recover(framework.id, agent.id, role, resources, null);
    }

    /**
     * An offer, or a part of one, was not used.
     *
     * @param refuse for how long the framework does not want it; empty if it did not say so
     */
    void declined(
            FrameworkEntry framework, AgentEntry agent, Role role, Resources resources, Optional<Duration> refuse) {
        recover(framework.id, agent.id, role, resources, refuse.orElse(null));
    }

    /** An allocation did not become an offer. */
    void refused(Allocation allocation) {
        policies.serving()
                .ifPresent(feed -> feed.agent(
                        allocation.agent(),
                        allocator -> allocator.recoverResources(
                                allocation.framework(), allocation.agent(), allocation.resources(), null)));
    }

    private void recover(
            FrameworkId framework, AgentId agent, Role role, Resources resources, @Nullable Duration refuse) {
        each(feed -> feed.agent(
                agent, allocator -> allocator.recoverResources(framework, agent, resources.allocate(role), refuse)));
    }

    /** A task holds resources on an agent that is in the books. */
    void taskAdded(TaskEntry task) {
        TaskProfile profile = Profiles.of(task, masterLoop.clock().wallTime());
        each(feed -> feed.agent(task.agent, allocator -> allocator.addTask(profile)));
    }

    /** A task holds nothing any more. */
    void taskRemoved(TaskEntry task) {
        TaskKey key = task.key;
        AgentId agent = task.agent;
        each(feed -> feed.agent(agent, allocator -> allocator.removeTask(key.framework(), agent, key.task())));
    }

    void suppressed(FrameworkEntry framework, Set<Role> roles) {
        FrameworkId id = framework.id;
        Set<Role> copy = new TreeSet<>(roles);
        each(feed -> feed.framework(id, allocator -> allocator.suppressOffers(id, copy)));
    }

    void revived(FrameworkEntry framework, Set<Role> roles) {
        FrameworkId id = framework.id;
        Set<Role> copy = new TreeSet<>(roles);
        each(feed -> feed.framework(id, allocator -> allocator.reviveOffers(id, copy)));
    }

    void requested(FrameworkEntry framework, List<ResourceRequest> requests) {
        FrameworkId id = framework.id;
        policies.serving().ifPresent(feed -> feed.framework(id, allocator -> allocator.requestResources(id, requests)));
    }
}
