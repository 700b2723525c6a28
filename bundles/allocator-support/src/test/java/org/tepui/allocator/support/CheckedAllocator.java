// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.tepui.allocator.AgentProfile;
import org.tepui.allocator.Allocation;
import org.tepui.allocator.AllocationDecision;
import org.tepui.allocator.Allocator;
import org.tepui.allocator.AllocatorContext;
import org.tepui.allocator.FrameworkProfile;
import org.tepui.allocator.Preemption;
import org.tepui.allocator.RefusalReason;
import org.tepui.allocator.support.NaiveModel.ClientKey;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.api.Quotas;
import org.tepui.api.Role;
import org.tepui.api.Weights;
import org.tepui.api.metrics.MetricRegistry;
import org.tepui.api.resources.Resources;

/**
 * Tells a hierarchical allocator and the naive model the same, and compares each decision of the one with what the
 * other would decide at that moment.
 */
final class CheckedAllocator implements Allocator, AllocatorContext {
    final NaiveModel model = new NaiveModel();
    private final AllocatorContext context;
    private final HierarchicalAllocator allocator;
    private long compared;

    CheckedAllocator(AllocatorContext context, Sorter sorter) {
        this.context = context;
        this.allocator = new HierarchicalAllocator(this, HierarchicalOptions.defaults(), sorter);
    }

    long compared() {
        return compared;
    }

    /** Agents of which something is to be offered by the model now. */
    List<AgentId> undecided() {
        List<AgentId> undecided = new ArrayList<>();
        for (AgentId agent : model.agents.keySet()) {
            if (!model.decide(agent, nanoTime()).isEmpty()) {
                undecided.add(agent);
            }
        }
        return undecided;
    }

    @Override
    public void offer(List<Allocation> allocations) {
        List<Allocation> rest = allocations;
        while (!rest.isEmpty()) {
            List<Allocation> expected = model.decide(rest.get(0).agent(), nanoTime());
            int count = Math.min(expected.size(), rest.size());
            assertThat(rest.subList(0, Math.max(1, count))).isEqualTo(expected);
            expected.forEach(model::give);
            rest = rest.subList(count, rest.size());
            compared++;
        }
        context.offer(allocations);
    }

    @Override
    public void addFramework(FrameworkProfile framework, boolean active, Set<Role> suppressed) {
        model.frameworks.put(framework.id(), framework);
        if (!active) {
            model.inactiveFrameworks.add(framework.id());
        }
        suppressed.forEach(role -> model.suppressed.add(new ClientKey(role, framework.id())));
        allocator.addFramework(framework, active, suppressed);
    }

    @Override
    public void updateFramework(FrameworkProfile framework, Set<Role> suppressed) {
        FrameworkId id = framework.id();
        model.frameworks.put(id, framework);
        model.forgetFilters(
                client -> client.framework().equals(id) && !framework.roles().contains(client.role()));
        model.suppressed.removeIf(client -> client.framework().equals(id));
        suppressed.forEach(role -> model.suppressed.add(new ClientKey(role, id)));
        model.prune();
        allocator.updateFramework(framework, suppressed);
    }

    @Override
    public void removeFramework(FrameworkId framework) {
        model.frameworks.remove(framework);
        model.inactiveFrameworks.remove(framework);
        model.suppressed.removeIf(client -> client.framework().equals(framework));
        model.forgetFilters(client -> client.framework().equals(framework));
        model.prune();
        allocator.removeFramework(framework);
    }

    @Override
    public void activateFramework(FrameworkId framework) {
        model.inactiveFrameworks.remove(framework);
        allocator.activateFramework(framework);
    }

    @Override
    public void deactivateFramework(FrameworkId framework) {
        model.inactiveFrameworks.add(framework);
        model.forgetFilters(client -> client.framework().equals(framework));
        allocator.deactivateFramework(framework);
    }

    @Override
    public void addAgent(AgentProfile agent, Map<FrameworkId, Resources> used) {
        assertThat(used).isEmpty();
        model.agents.put(agent.id(), agent);
        allocator.addAgent(agent, used);
    }

    @Override
    public void updateAgent(AgentProfile agent) {
        if (!agent.equals(model.agents.put(agent.id(), agent))) {
            model.forgetFilters(agent.id());
        }
        allocator.updateAgent(agent);
    }

    @Override
    public void removeAgent(AgentId agent) {
        model.agents.remove(agent);
        model.inactiveAgents.remove(agent);
        model.held.remove(agent);
        model.forgetFilters(agent);
        model.prune();
        allocator.removeAgent(agent);
    }

    @Override
    public void activateAgent(AgentId agent) {
        model.inactiveAgents.remove(agent);
        allocator.activateAgent(agent);
    }

    @Override
    public void deactivateAgent(AgentId agent) {
        model.inactiveAgents.add(agent);
        allocator.deactivateAgent(agent);
    }

    @Override
    public void updateAllocation(FrameworkId framework, AgentId agent, Resources before, Resources after) {
        before.allocations().keySet().forEach(role -> {
            ClientKey client = new ClientKey(role, framework);
            model.takeBack(agent, client, before);
            model.hold(agent, client, after);
            model.count(client);
        });
        AgentProfile profile = Objects.requireNonNull(model.agents.get(agent));
        model.agents.put(
                agent,
                profile.withTotal(
                        profile.total().subtractAvailable(before.unallocate()).add(after.unallocate())));
        allocator.updateAllocation(framework, agent, before, after);
    }

    @Override
    public boolean updateAvailable(AgentId agent, Resources before, Resources after) {
        boolean free = model.free(agent).contains(before);
        if (free) {
            AgentProfile profile = Objects.requireNonNull(model.agents.get(agent));
            model.agents.put(
                    agent,
                    profile.withTotal(profile.total().subtractAvailable(before).add(after)));
        }
        assertThat(allocator.updateAvailable(agent, before, after)).isEqualTo(free);
        return free;
    }

    @Override
    public void recoverResources(
            FrameworkId framework, AgentId agent, Resources resources, @Nullable Duration refusal) {
        resources.allocations().forEach((role, part) -> {
            ClientKey client = new ClientKey(role, framework);
            model.takeBack(agent, client, part);
            if (refusal != null) {
                model.filter(client, agent, part.unallocate(), refusal, nanoTime());
            }
        });
        model.prune();
        allocator.recoverResources(framework, agent, resources, refusal);
    }

    private Set<ClientKey> clients(FrameworkId framework, Set<Role> roles) {
        Set<ClientKey> clients = new HashSet<>();
        for (Role role : Objects.requireNonNull(model.frameworks.get(framework)).roles()) {
            if (roles.isEmpty() || roles.contains(role)) {
                clients.add(new ClientKey(role, framework));
            }
        }
        return clients;
    }

    @Override
    public void suppressOffers(FrameworkId framework, Set<Role> roles) {
        model.suppressed.addAll(clients(framework, roles));
        allocator.suppressOffers(framework, roles);
    }

    @Override
    public void reviveOffers(FrameworkId framework, Set<Role> roles) {
        Set<ClientKey> revived = clients(framework, roles);
        model.suppressed.removeAll(revived);
        model.forgetFilters(revived::contains);
        allocator.reviveOffers(framework, roles);
    }

    @Override
    public void updateWeights(Weights weights) {
        model.weights = weights;
        allocator.updateWeights(weights);
    }

    @Override
    public void updateQuotas(Quotas quotas) {
        model.quotas = quotas;
        allocator.updateQuotas(quotas);
    }

    @Override
    public AllocationDecision explain(FrameworkId framework, Role role) {
        AllocationDecision decision = allocator.explain(framework, role);
        ClientKey client = new ClientKey(role, framework);
        Map<RefusalReason, Integer> expected = new TreeMap<>();
        for (AgentId agent : model.agents.keySet()) {
            expected.merge(model.reason(client, agent, nanoTime()), 1, Integer::sum);
        }
        assertThat(decision.refusals()).isEqualTo(expected);
        return decision;
    }

    @Override
    public void close() {
        allocator.close();
    }

    @Override
    public void rescind(FrameworkId framework, Role role, AgentId agent) {
        context.rescind(framework, role, agent);
    }

    @Override
    public Scheduled schedule(Duration delay, Runnable event) {
        return context.schedule(delay, event);
    }

    @Override
    public void preempt(List<Preemption> tasks) {
        context.preempt(tasks);
    }

    @Override
    public Instant wallTime() {
        return context.wallTime();
    }

    @Override
    public long nanoTime() {
        return context.nanoTime();
    }

    @Override
    public RandomGenerator random() {
        return context.random();
    }

    @Override
    public MetricRegistry metrics() {
        return context.metrics();
    }
}
