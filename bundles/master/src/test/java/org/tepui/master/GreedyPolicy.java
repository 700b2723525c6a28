// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.tepui.allocator.AgentProfile;
import org.tepui.allocator.Allocation;
import org.tepui.allocator.AllocationDecision;
import org.tepui.allocator.Allocator;
import org.tepui.allocator.AllocatorContext;
import org.tepui.allocator.AllocatorFactory;
import org.tepui.allocator.FrameworkProfile;
import org.tepui.allocator.Preemption;
import org.tepui.allocator.ResourceRequest;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.api.Quotas;
import org.tepui.api.Role;
import org.tepui.api.Weights;
import org.tepui.api.resources.Resources;

/**
 * Gives everything that is free on an agent to the first framework that did not decline it, taking turns. Keeps the
 * contract of an allocator to the letter, and fails when it is told something that contradicts what it knows.
 */
final class GreedyPolicy implements Allocator {
    /** Makes greedy policies, and remembers the last. */
    static final class Factory implements AllocatorFactory {
        final List<GreedyPolicy> made = new ArrayList<>();
        boolean failsToStart;
        private final String name;

        Factory() {
            this("greedy");
        }

        Factory(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Allocator create(AllocatorContext context, Map<String, String> configuration) {
            if (failsToStart) {
                throw new IllegalArgumentException("refuses to start");
            }
            GreedyPolicy policy = new GreedyPolicy(context);
            made.add(policy);
            return policy;
        }

        GreedyPolicy last() {
            return made.get(made.size() - 1);
        }
    }

    private record Filter(FrameworkId framework, AgentId agent) {}

    private static final class Agent {
        private AgentProfile profile;
        private boolean active = true;
        private final Map<FrameworkId, Resources> used;

        private Agent(AgentProfile profile, Map<FrameworkId, Resources> used) {
            this.profile = profile;
            this.used = new HashMap<>(used);
        }

        private Resources free() {
            Resources free = profile.total();
            for (Resources held : used.values()) {
                free = free.subtractAvailable(held.unallocate());
            }
            return free;
        }
    }

    private static final class Framework {
        private FrameworkProfile profile;
        private boolean active;
        private Set<Role> suppressed;

        private Framework(FrameworkProfile profile, boolean active, Set<Role> suppressed) {
            this.profile = profile;
            this.active = active;
            this.suppressed = new HashSet<>(suppressed);
        }
    }

    private final AllocatorContext context;
    private final Map<AgentId, Agent> agents = new LinkedHashMap<>();
    private final Map<FrameworkId, Framework> frameworks = new LinkedHashMap<>();
    private final Set<Filter> declined = new HashSet<>();
    final List<ResourceRequest> requests = new ArrayList<>();
    Weights weights = Weights.none();
    Quotas quotas = Quotas.none();
    /** Tasks that it wants to end as soon as it is called. */
    List<Preemption> preemptions = List.of();

    boolean failsNext;
    boolean linksNext = true;
    boolean oversells;
    private boolean runs;
    private int turn;

    private GreedyPolicy(AllocatorContext context) {
        this.context = context;
        context.metrics().gauge("allocator/greedy/agents", agents::size);
    }

    private void run() {
        if (failsNext) {
            failsNext = false;
            throw new IllegalStateException("the policy is told to fail");
        }
        if (!linksNext) {
            throw new NoClassDefFoundError("a class of the policy is not there");
        }
        if (!runs) {
            runs = true;
            context.schedule(Duration.ZERO, this::allocate);
        }
    }

    private Framework framework(FrameworkId id) {
        return Objects.requireNonNull(frameworks.get(id), "framework " + id + " is not known");
    }

    private Agent agent(AgentId id) {
        return Objects.requireNonNull(agents.get(id), "agent " + id + " is not known");
    }

    private void allocate() {
        runs = false;
        if (!preemptions.isEmpty()) {
            context.preempt(preemptions);
            preemptions = List.of();
        }
        List<Allocation> allocations = new ArrayList<>();
        List<Framework> takers = new ArrayList<>(frameworks.values());
        for (Agent agent : agents.values()) {
            for (int i = 0; i < takers.size() && agent.active; i++) {
                Framework taker = takers.get((turn + i) % takers.size());
                give(taker, agent, allocations);
            }
            turn++;
        }
        if (!allocations.isEmpty()) {
            context.offer(allocations);
        }
    }

    private void give(Framework taker, Agent agent, List<Allocation> allocations) {
        FrameworkId id = taker.profile.id();
        for (Role role : taker.profile.roles()) {
            Resources free = (oversells ? agent.profile.total() : agent.free()).allocatableTo(role);
            boolean wanted = taker.active
                    && !taker.suppressed.contains(role)
                    && taker.profile
                            .constraints()
                            .getOrDefault(role, any -> true)
                            .admits(agent.profile)
                    && !declined.contains(new Filter(id, agent.profile.id()));
            if (wanted && !free.isEmpty()) {
                Resources given = free.allocate(role);
                agent.used.merge(id, given, Resources::add);
                allocations.add(new Allocation(id, role, agent.profile.id(), given));
            }
        }
        oversells = false;
    }

    @Override
    public void addFramework(FrameworkProfile framework, boolean active, Set<Role> suppressed) {
        frameworks.put(framework.id(), new Framework(framework, active, suppressed));
        run();
    }

    @Override
    public void updateFramework(FrameworkProfile framework, Set<Role> suppressed) {
        Framework known = framework(framework.id());
        known.profile = framework;
        known.suppressed = new HashSet<>(suppressed);
        run();
    }

    @Override
    public void removeFramework(FrameworkId framework) {
        frameworks.remove(framework);
        run();
    }

    @Override
    public void activateFramework(FrameworkId framework) {
        framework(framework).active = true;
        run();
    }

    @Override
    public void deactivateFramework(FrameworkId framework) {
        framework(framework).active = false;
        declined.removeIf(filter -> filter.framework.equals(framework));
    }

    @Override
    public void addAgent(AgentProfile agent, Map<FrameworkId, Resources> used) {
        agents.put(agent.id(), new Agent(agent, used));
        run();
    }

    @Override
    public void updateAgent(AgentProfile agent) {
        agent(agent.id()).profile = agent;
        run();
    }

    @Override
    public void removeAgent(AgentId agent) {
        agents.remove(agent);
    }

    @Override
    public void activateAgent(AgentId agent) {
        agent(agent).active = true;
        run();
    }

    @Override
    public void deactivateAgent(AgentId agent) {
        agent(agent).active = false;
    }

    @Override
    public void updateAllocation(FrameworkId framework, AgentId agent, Resources before, Resources after) {
        Agent on = agent(agent);
        Resources held = on.used.getOrDefault(framework, Resources.empty());
        on.used.put(framework, held.subtract(before).add(after));
        on.profile = on.profile.withTotal(
                on.profile.total().subtract(before.unallocate()).add(after.unallocate()));
    }

    @Override
    public boolean updateAvailable(AgentId agent, Resources before, Resources after) {
        throw new UnsupportedOperationException("not called: the master adds the agent anew");
    }

    @Override
    public void recoverResources(
            FrameworkId framework, AgentId agentId, Resources resources, @Nullable Duration refusal) {
        Agent agent = agents.get(agentId);
        if (agent == null) {
            return;
        }
        Resources held = agent.used.getOrDefault(framework, Resources.empty());
        agent.used.put(framework, held.subtract(resources));
        if (refusal != null && !refusal.isZero()) {
            Filter filter = new Filter(framework, agentId);
            declined.add(filter);
            context.schedule(refusal, () -> {
                declined.remove(filter);
                run();
            });
        }
        run();
    }

    @Override
    public void suppressOffers(FrameworkId framework, Set<Role> roles) {
        framework(framework).suppressed.addAll(roles);
    }

    @Override
    public void reviveOffers(FrameworkId framework, Set<Role> roles) {
        framework(framework).suppressed.removeAll(roles);
        declined.removeIf(filter -> filter.framework.equals(framework));
        run();
    }

    @Override
    public void updateWeights(Weights weights) {
        this.weights = weights;
    }

    @Override
    public void updateQuotas(Quotas quotas) {
        this.quotas = quotas;
    }

    @Override
    public void requestResources(FrameworkId framework, List<ResourceRequest> wanted) {
        requests.addAll(wanted);
    }

    @Override
    public AllocationDecision explain(FrameworkId framework, Role role) {
        return new AllocationDecision(framework, role, 0, new TreeMap<>());
    }

    @Override
    public void close() {
        agents.clear();
        frameworks.clear();
    }

    /** What the policy knows of an agent. */
    AgentProfile profile(AgentId agent) {
        return agent(agent).profile;
    }

    /** What the policy believes that a framework holds on an agent. */
    Resources held(FrameworkId framework, AgentId agent) {
        Agent known = agents.get(agent);
        return known == null ? Resources.empty() : known.used.getOrDefault(framework, Resources.empty());
    }
}
