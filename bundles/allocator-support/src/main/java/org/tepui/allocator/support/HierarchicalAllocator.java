// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator.support;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.tepui.allocator.AgentProfile;
import org.tepui.allocator.AllocationDecision;
import org.tepui.allocator.Allocator;
import org.tepui.allocator.AllocatorContext;
import org.tepui.allocator.FrameworkProfile;
import org.tepui.allocator.PolicyState;
import org.tepui.allocator.Preemption;
import org.tepui.allocator.RefusalReason;
import org.tepui.allocator.ResourceRequest;
import org.tepui.allocator.TaskProfile;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.api.Quotas;
import org.tepui.api.Role;
import org.tepui.api.TaskId;
import org.tepui.api.Weights;
import org.tepui.api.resources.Resources;

/**
 * Offers what is free on an agent to frameworks in the order of a {@link Sorter}, along the tree of roles.
 *
 * <h2>What it does</h2>
 *
 * <ul>
 *   <li>The first framework in order that may have something on an agent is offered all that it may have there: what
 *       is reserved for nobody, for its role and for the roles above; what is left after that goes to the next.
 *   <li>A framework is passed over on an agent that it cannot use (GPUs, another region, roles that the agent does
 *       not know), that has too little to be worth an offer, or whose resources it declined: a filter holds back what
 * it declined and every part of it, and lets more than that pass.
 *   <li>A framework that suppressed offers in a role is not there for the order, and what it holds counts all the
 * same.
 * </ul>
 *
 * <h2>What it costs</h2>
 *
 * An event costs the depth of the role tree and a search in halves among siblings, whatever the number of agents. A
 * round costs the agents with something new to decide, each the number of frameworks that have to be passed over.
 * Agents that nobody may have are not looked at again until something changes.
 *
 * <p>The state is soft, see {@link Allocator}. To be used on one loop.
 */
public final class HierarchicalAllocator implements Allocator {
    private final AllocatorContext context;
    private final HierarchicalOptions options;
    private final @Nullable HierarchicalPolicy policy;
    private final ClusterState state;
    private final AllocationRounds rounds;

    /** Makes an allocator that knows nothing yet, for a policy that only puts in order. It keeps no tasks. */
    public HierarchicalAllocator(AllocatorContext context, HierarchicalOptions options, Sorter sorter) {
        this(context, options, sorter, null);
    }

    /** Makes an allocator that knows nothing yet, for a policy that does more than put in order. */
    public HierarchicalAllocator(AllocatorContext context, HierarchicalOptions options, HierarchicalPolicy policy) {
        this(context, options, policy, policy);
        policy.begin(state);
    }

    private HierarchicalAllocator(
            AllocatorContext context, HierarchicalOptions options, Sorter sorter, @Nullable HierarchicalPolicy policy) {
        this.context = context;
        this.options = options;
        this.policy = policy;
        this.state = new ClusterState(sorter, options, context::nanoTime);
        this.rounds = new AllocationRounds(context, options, state, policy);
        state.tellOfChanges(this::lookAgain);
    }

    private void lookAgain(AgentEntry agent) {
        rounds.lookAt(agent);
        rounds.arrange();
    }

    @Override
    public void addFramework(FrameworkProfile framework, boolean active, Set<Role> suppressed) {
        FrameworkEntry entry = state.frameworkEntry(framework.id());
        state.subscribe(entry, framework, suppressed);
        entry.active = active;
        state.refresh(entry);
        rounds.arrange();
    }

    @Override
    public void updateFramework(FrameworkProfile framework, Set<Role> suppressed) {
        FrameworkEntry entry = state.framework(framework.id());
        if (entry != null && entry.profile != null) {
            state.subscribe(entry, framework, suppressed);
            state.refresh(entry);
            rounds.arrange();
        }
    }

    @Override
    public void removeFramework(FrameworkId framework) {
        FrameworkEntry entry = state.framework(framework);
        if (entry != null) {
            state.unsubscribe(entry);
        }
    }

    @Override
    public void activateFramework(FrameworkId framework) {
        setActive(framework, true);
    }

    @Override
    public void deactivateFramework(FrameworkId framework) {
        setActive(framework, false);
    }

    private void setActive(FrameworkId framework, boolean active) {
        FrameworkEntry entry = state.framework(framework);
        if (entry == null || entry.profile == null) {
            return;
        }
        entry.active = active;
        if (!active) {
            entry.clients.values().forEach(state.filters::removeAll);
        }
        state.refresh(entry);
        rounds.arrange();
    }

    @Override
    public void addAgent(AgentProfile agent, Map<FrameworkId, Resources> used) {
        AgentEntry known = state.agent(agent.id());
        if (known != null) {
            removeAgent(agent.id());
        }
        rounds.lookAt(state.addAgent(agent, used));
        rounds.arrange();
    }

    @Override
    public void updateAgent(AgentProfile agent) {
        AgentEntry entry = state.agent(agent.id());
        if (entry == null || entry.profile().equals(agent)) {
            return;
        }
        state.filters.removeAll(entry);
        state.setProfile(entry, agent);
        rounds.lookAt(entry);
        rounds.arrange();
    }

    @Override
    public void removeAgent(AgentId agent) {
        AgentEntry entry = state.agent(agent);
        if (entry != null) {
            rounds.forget(entry);
            state.removeAgent(entry);
            rounds.arrange();
        }
    }

    @Override
    public void activateAgent(AgentId agent) {
        AgentEntry entry = state.agent(agent);
        if (entry != null && !entry.active) {
            state.setActive(entry, true);
            rounds.lookAt(entry);
            rounds.arrange();
        }
    }

    @Override
    public void deactivateAgent(AgentId agent) {
        AgentEntry entry = state.agent(agent);
        if (entry != null) {
            state.setActive(entry, false);
        }
    }

    @Override
    public void updateAllocation(FrameworkId framework, AgentId agent, Resources before, Resources after) {
        AgentEntry entry = state.agent(agent);
        if (entry == null) {
            return;
        }
        Role role = ClusterState.commonRole(before.add(after));
        if (role == null) {
            throw new IllegalArgumentException(
                    "not allocated to one role: " + before + " of framework " + framework + ", to become " + after);
        }
        state.convertHeld(entry, framework, role, before, after);
        rounds.arrange();
    }

    @Override
    public boolean updateAvailable(AgentId agent, Resources before, Resources after) {
        AgentEntry entry = state.agent(agent);
        if (entry == null || !state.convertFree(entry, before, after)) {
            return false;
        }
        rounds.lookAt(entry);
        rounds.arrange();
        return true;
    }

    @Override
    public void recoverResources(
            FrameworkId framework, AgentId agent, Resources resources, @Nullable Duration refusal) {
        AgentEntry entry = state.agent(agent);
        if (entry == null || resources.isEmpty()) {
            return;
        }
        Role role = ClusterState.commonRole(resources);
        if (role != null) {
            recover(framework, entry, role, resources, refusal);
        } else {
            recoverParts(framework, entry, resources, refusal);
        }
        rounds.arrange();
    }

    private void recoverParts(
            FrameworkId framework, AgentEntry agent, Resources resources, @Nullable Duration refusal) {
        Map<Role, Resources> parts = resources.allocations();
        FrameworkEntry entry = state.framework(framework);
        Resources found = Resources.empty();
        for (Map.Entry<Role, Resources> part : parts.entrySet()) {
            Client client = entry == null ? null : entry.clients.get(part.getKey());
            Resources held = client == null ? null : agent.heldBy(client);
            found = held != null && held.contains(part.getValue()) ? found.add(part.getValue()) : found;
        }
        if (!found.equals(resources)) {
            throw new IllegalArgumentException("framework " + framework + " does not hold " + resources + " on agent "
                    + agent.profile().id());
        }
        parts.forEach((role, part) -> recover(framework, agent, role, part, refusal));
    }

    private void recover(
            FrameworkId framework, AgentEntry agent, Role role, Resources allocated, @Nullable Duration refusal) {
        Resources unallocated = agent.filters.shared(allocated.unallocate());
        Client client = state.takeBack(agent, framework, role, allocated, unallocated);
        if (refusal == null) {
            rounds.lookAt(agent);
        } else {
            if (client.served) {
                Duration least = options.allocationInterval();
                Duration time = refusal.compareTo(least) < 0 ? least : refusal;
                state.filters.add(client, agent, unallocated, time, rounds.now());
            }
            rounds.lookAtLater(agent);
        }
        state.dropIfUnused(client);
    }

    @Override
    public void suppressOffers(FrameworkId framework, Set<Role> roles) {
        setSuppressed(framework, roles, true);
    }

    @Override
    public void reviveOffers(FrameworkId framework, Set<Role> roles) {
        setSuppressed(framework, roles, false);
    }

    private void setSuppressed(FrameworkId framework, Set<Role> roles, boolean suppressed) {
        FrameworkEntry entry = state.framework(framework);
        if (entry == null) {
            return;
        }
        for (Client client : entry.clients.values()) {
            if (client.subscribed && (roles.isEmpty() || roles.contains(client.role))) {
                client.suppressed = suppressed;
                if (!suppressed) {
                    revive(client);
                }
            }
        }
        state.refresh(entry);
        rounds.arrange();
    }

    private void revive(Client client) {
        boolean declined = client.filters != null;
        state.filters.removeAll(client);
        if (client.served && declined) {
            state.tree.freshen(client);
        }
    }

    @Override
    public void updateWeights(Weights weights) {
        state.tree.setWeights(weights);
    }

    @Override
    public void updateQuotas(Quotas quotas) {
        state.setQuotas(quotas);
        rounds.lookAtEveryAgent();
        rounds.arrange();
    }

    @Override
    public void addTask(TaskProfile task) {
        AgentEntry agent = state.agent(task.agent());
        if (policy != null && agent != null) {
            agent.addTask(new RunningTask(task, context.nanoTime() - task.age().toNanos()));
        }
    }

    @Override
    public void removeTask(FrameworkId framework, AgentId agent, TaskId task) {
        AgentEntry entry = state.agent(agent);
        if (entry != null) {
            entry.removeTask(framework, task);
        }
    }

    @Override
    public void requestResources(FrameworkId framework, List<ResourceRequest> requests) {
        FrameworkEntry entry = state.framework(framework);
        if (entry != null && entry.profile != null) {
            entry.requests = List.copyOf(requests);
            entry.requestedAt = context.nanoTime();
        }
    }

    @Override
    public @Nullable PolicyState saveState() {
        return policy == null ? null : policy.saveState();
    }

    @Override
    public void restoreState(PolicyState kept) {
        if (policy == null) {
            throw new IllegalArgumentException("this policy keeps no state");
        }
        policy.restoreState(kept);
    }

    @Override
    public List<Preemption> planPreemptions() {
        return policy == null ? List.of() : policy.planPreemptions();
    }

    @Override
    public AllocationDecision explain(FrameworkId framework, Role role) {
        FrameworkEntry entry = state.framework(framework);
        Client client = entry == null ? null : entry.clients.get(role);
        Map<RefusalReason, Integer> reasons = new EnumMap<>(RefusalReason.class);
        for (AgentEntry agent : state.agents()) {
            reasons.merge(reason(client, agent), 1, Integer::sum);
        }
        return new AllocationDecision(framework, role, state.agents().size(), new TreeMap<>(reasons));
    }

    private RefusalReason reason(@Nullable Client client, AgentEntry agent) {
        if (client == null || !client.subscribed || !client.framework.active) {
            return RefusalReason.NOT_SUBSCRIBED;
        }
        if (client.suppressed) {
            return RefusalReason.SUPPRESSED;
        }
        if (!agent.active) {
            return RefusalReason.AGENT_INACTIVE;
        }
        int excluded = agent.traits() & client.excludedTraits;
        if ((excluded & (AgentEntry.SINGLE_ROLE | AgentEntry.FLAT_ROLES)) != 0) {
            return RefusalReason.AGENT_CAPABILITY;
        }
        if (excluded != 0) {
            return (excluded & AgentEntry.GPUS) != 0 ? RefusalReason.GPU : RefusalReason.REGION;
        }
        if (!client.admits(agent)) {
            return RefusalReason.CONSTRAINT;
        }
        if (policy != null && !policy.admits(client, agent)) {
            return RefusalReason.KEPT;
        }
        if (agent.free().isEmpty()) {
            return RefusalReason.NOTHING_FREE;
        }
        return reasonForPart(client, agent, client.takes(agent.free()));
    }

    private RefusalReason reasonForPart(Client client, AgentEntry agent, Resources part) {
        if (part.isEmpty()) {
            return RefusalReason.NOT_FOR_ROLE;
        }
        Resources limited = state.quotas.withinLimits(client, part);
        if (!limited.equals(part) && !client.isWorthwhile(limited)) {
            return RefusalReason.ROLE_LIMIT;
        }
        Resources admitted = state.quotas.admit(client, part, false);
        if (!admitted.equals(limited) && !client.isWorthwhile(admitted)) {
            return RefusalReason.GUARANTEES;
        }
        if (!client.isWorthwhile(admitted)) {
            return RefusalReason.BELOW_MINIMUM;
        }
        return agent.filters.blocks(client, admitted, false) ? RefusalReason.DECLINED : RefusalReason.WAITING;
    }

    @Override
    public void close() {
        rounds.close();
    }

    /** How many framework and agent pairs were looked at so far: a measure of the work done, whatever the machine. */
    long examinedPairs() {
        return rounds.examined();
    }

    ClusterState state() {
        return state;
    }
}
