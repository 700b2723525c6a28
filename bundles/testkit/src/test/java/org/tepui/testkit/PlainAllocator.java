// SPDX-License-Identifier: Apache-2.0
package org.tepui.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.tepui.allocator.AgentProfile;
import org.tepui.allocator.Allocation;
import org.tepui.allocator.AllocationDecision;
import org.tepui.allocator.Allocator;
import org.tepui.allocator.AllocatorContext;
import org.tepui.allocator.FrameworkProfile;
import org.tepui.allocator.RefusalReason;
import org.tepui.allocator.TaskProfile;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkCapability;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;
import org.tepui.api.Weights;
import org.tepui.api.resources.Quantities;
import org.tepui.api.resources.Resource;
import org.tepui.api.resources.Resources;
import org.tepui.api.resources.Scalar;

/**
 * A policy of weighted dominant resource fairness that computes everything anew each time, and may have a fault
 * planted into it. Without one it keeps the contract; it keeps no quotas.
 */
final class PlainAllocator implements Allocator {
    private static final List<Quantities> MINIMUM = List.of(Quantities.parse("cpus:0.01"), Quantities.parse("mem:32"));
    private static final long INTERVAL = Duration.ofSeconds(1).toNanos();

    private final AllocatorContext context;
    private final Fault fault;
    private final Map<AgentId, Agent> agents = new LinkedHashMap<>();
    private final Map<FrameworkId, Framework> frameworks = new LinkedHashMap<>();
    private final Map<String, Long> counts = new HashMap<>();
    private List<Filter> filters = new ArrayList<>();
    private Weights weights = Weights.none();
    private AllocatorContext.@Nullable Scheduled scheduled;

    /** What can be wrong with a policy. */
    enum Fault {
        NONE,
        OFFERS_WHAT_IS_HELD,
        IGNORES_SUPPRESSION,
        FORGETS_DECLINES_TOO_EARLY,
        DECLINES_HOLD_BACK_MORE,
        NEVER_FREES,
        OFFERS_WHAT_OTHERS_RESERVED,
        IGNORES_WEIGHTS,
        EXPLAINS_WRONGLY,
        LOSES_WHAT_WAS_ON_A_LOST_AGENT,
        IGNORES_CONSTRAINTS,
        MISSES_RESERVATIONS,
        GOES_ON_AFTER_ITS_END,
        MINDS_TASKS_TWICE
    }

    private static final class Agent {
        private AgentProfile profile;
        private boolean active = true;
        private final Map<FrameworkId, Resources> held = new LinkedHashMap<>();

        private Agent(AgentProfile profile) {
            this.profile = profile;
        }

        private Resources free() {
            Resources free = profile.total();
            for (Resources part : held.values()) {
                free = free.subtractAvailable(part.unallocate());
            }
            return free;
        }
    }

    private static final class Framework {
        private FrameworkProfile profile;
        private boolean active;
        private final Set<Role> suppressed;

        private Framework(FrameworkProfile profile, boolean active, Set<Role> suppressed) {
            this.profile = profile;
            this.active = active;
            this.suppressed = new TreeSet<>(suppressed);
        }
    }

    private record Client(FrameworkId framework, Role role) {
        /** The nodes on the way from the root to it, the last of which is its own. */
        private List<String> path() {
            List<String> path = new ArrayList<>();
            for (Role above = role; above != null; above = above.parent()) {
                path.add(0, above.name());
            }
            path.add(role + "/.");
            path.add(role + "/./" + framework);
            return path;
        }
    }

    private record Filter(Client client, AgentId agent, Resources refused, long end) {}

    PlainAllocator(AllocatorContext context, Fault fault) {
        this.context = context;
        this.fault = fault;
    }

    private void changed() {
        wakeAt(context.nanoTime());
    }

    private void wakeAt(long time) {
        if (scheduled != null) {
            scheduled.cancel();
        }
        scheduled = context.schedule(Duration.ofNanos(Math.max(0, time - context.nanoTime())), this::round);
    }

    private void round() {
        scheduled = null;
        filters.removeIf(filter -> filter.end() <= context.nanoTime());
        List<Allocation> made = new ArrayList<>();
        List<Client> order = order();
        for (Agent agent : agents.values()) {
            int before = made.size();
            for (Client client : order) {
                if (reason(client, agent) == RefusalReason.WAITING) {
                    Resources allocated = part(client, agent).allocate(client.role());
                    agent.held.merge(client.framework(), allocated, Resources::add);
                    client.path().forEach(node -> counts.merge(node, 1L, Long::sum));
                    made.add(new Allocation(client.framework(), client.role(), agent.profile.id(), allocated));
                }
            }
            order = made.size() > before ? order() : order;
        }
        if (!made.isEmpty()) {
            context.offer(made);
        }
        filters.stream().mapToLong(Filter::end).min().ifPresent(this::wakeAt);
    }

    /** All clients that may be offered something, the one with the lowest share first, level by level. */
    private List<Client> order() {
        Map<String, Long> totals = new TreeMap<>();
        Map<String, Map<String, Long>> sums = new HashMap<>();
        for (Agent agent : agents.values()) {
            addScalars(totals, agent.profile.total());
            agent.held.forEach((framework, held) -> held.allocations().forEach((role, part) -> {
                for (String node : new Client(framework, role).path()) {
                    addScalars(sums.computeIfAbsent(node, path -> new TreeMap<>()), part);
                }
            }));
        }
        List<Client> order = new ArrayList<>();
        frameworks.forEach(
                (id, framework) -> framework.profile.roles().forEach(role -> order.add(new Client(id, role))));
        Comparator<String> byShare =
                Comparator.comparingDouble(node -> share(sums.getOrDefault(node, Map.of()), totals) / weight(node));
        Comparator<String> nodes =
                byShare.thenComparing(node -> counts.getOrDefault(node, 0L)).thenComparing(Comparator.naturalOrder());
        order.sort((one, other) -> compare(one.path(), other.path(), nodes));
        return order;
    }

    private double weight(String node) {
        return fault == Fault.IGNORES_WEIGHTS || node.contains("/.") ? 1 : weights.of(new Role(node));
    }

    private static int compare(List<String> one, List<String> other, Comparator<String> nodes) {
        for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
            int order = one.get(i).equals(other.get(i)) ? 0 : nodes.compare(one.get(i), other.get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static void addScalars(Map<String, Long> sums, Resources resources) {
        for (Resource resource : resources) {
            if (resource.value() instanceof Scalar) {
                sums.merge(resource.name(), resource.thousandths(), Long::sum);
            }
        }
    }

    private static double share(Map<String, Long> sums, Map<String, Long> totals) {
        double dominant = 0;
        for (Map.Entry<String, Long> sum : sums.entrySet()) {
            dominant = Math.max(dominant, (double) sum.getValue() / Math.max(1, totals.getOrDefault(sum.getKey(), 0L)));
        }
        return dominant;
    }

    private Resources part(Client client, Agent agent) {
        FrameworkProfile profile = Objects.requireNonNull(frameworks.get(client.framework())).profile;
        Resources free = fault == Fault.OFFERS_WHAT_IS_HELD ? agent.profile.total() : agent.free();
        return fault == Fault.OFFERS_WHAT_OTHERS_RESERVED ? free : OfferRules.usable(profile, client.role(), free);
    }

    /** Why a client is not offered what is free on an agent; WAITING if it is. */
    private RefusalReason reason(Client client, Agent agent) {
        Framework framework = frameworks.get(client.framework());
        if (framework == null || !framework.active || !framework.profile.roles().contains(client.role())) {
            return RefusalReason.NOT_SUBSCRIBED;
        }
        Set<FrameworkCapability> can = framework.profile.capabilities();
        List<Quantities> minimum = framework.profile.minimumAllocatable().getOrDefault(client.role(), MINIMUM);
        Resources part = part(client, agent);
        Map<RefusalReason, Boolean> reasons = new EnumMap<>(RefusalReason.class);
        reasons.put(
                RefusalReason.SUPPRESSED,
                fault != Fault.IGNORES_SUPPRESSION && framework.suppressed.contains(client.role()));
        reasons.put(RefusalReason.AGENT_INACTIVE, !agent.active);
        reasons.put(
                RefusalReason.AGENT_CAPABILITY, OfferRules.isTooOld(agent.profile.capabilities(), can, client.role()));
        reasons.put(RefusalReason.GPU, OfferRules.isKeptForGpus(agent.profile, can));
        reasons.put(RefusalReason.REGION, agent.profile.remote() && !can.contains(FrameworkCapability.REGION_AWARE));
        reasons.put(
                RefusalReason.CONSTRAINT,
                fault != Fault.IGNORES_CONSTRAINTS
                        && !OfferRules.admits(framework.profile, client.role(), agent.profile));
        reasons.put(RefusalReason.NOTHING_FREE, agent.free().isEmpty() && fault != Fault.OFFERS_WHAT_IS_HELD);
        reasons.put(RefusalReason.NOT_FOR_ROLE, part.isEmpty());
        reasons.put(RefusalReason.BELOW_MINIMUM, !OfferRules.isWorthwhile(minimum, part));
        reasons.put(RefusalReason.DECLINED, isDeclined(client, agent, part));
        reasons.put(RefusalReason.WAITING, true);
        return reasons.entrySet().stream()
                .filter(Map.Entry::getValue)
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    private boolean isDeclined(Client client, Agent agent, Resources part) {
        return filters.stream()
                .anyMatch(filter -> filter.client().equals(client)
                        && filter.agent().equals(agent.profile.id())
                        && filter.end() > context.nanoTime()
                        && (fault == Fault.DECLINES_HOLD_BACK_MORE
                                || filter.refused().contains(part)));
    }

    @Override
    public void addFramework(FrameworkProfile framework, boolean active, Set<Role> suppressed) {
        frameworks.put(framework.id(), new Framework(framework, active, suppressed));
        changed();
    }

    @Override
    public void updateFramework(FrameworkProfile framework, Set<Role> suppressed) {
        Framework known = frameworks.get(framework.id());
        if (known != null) {
            known.profile = framework;
            known.suppressed.clear();
            known.suppressed.addAll(suppressed);
            filters.removeIf(filter -> filter.client().framework().equals(framework.id())
                    && !framework.roles().contains(filter.client().role()));
            changed();
        }
    }

    @Override
    public void removeFramework(FrameworkId framework) {
        frameworks.remove(framework);
        filters.removeIf(filter -> filter.client().framework().equals(framework));
    }

    @Override
    public void activateFramework(FrameworkId framework) {
        Framework known = frameworks.get(framework);
        if (known != null) {
            known.active = true;
            changed();
        }
    }

    @Override
    public void deactivateFramework(FrameworkId framework) {
        Framework known = frameworks.get(framework);
        if (known != null) {
            known.active = false;
            filters.removeIf(filter -> filter.client().framework().equals(framework));
        }
    }

    @Override
    public void addAgent(AgentProfile agent, Map<FrameworkId, Resources> used) {
        Agent added = new Agent(agent);
        Agent known = agents.get(agent.id());
        if (known != null && fault == Fault.LOSES_WHAT_WAS_ON_A_LOST_AGENT) {
            added.held.putAll(known.held);
        }
        added.held.putAll(used);
        filters.removeIf(filter -> filter.agent().equals(agent.id()));
        agents.put(agent.id(), added);
        changed();
    }

    @Override
    public void updateAgent(AgentProfile agent) {
        Agent known = agents.get(agent.id());
        if (known != null && !known.profile.equals(agent)) {
            known.profile = agent;
            filters.removeIf(filter -> filter.agent().equals(agent.id()));
            changed();
        }
    }

    @Override
    public void removeAgent(AgentId agent) {
        Agent known = agents.get(agent);
        if (known != null && fault == Fault.LOSES_WHAT_WAS_ON_A_LOST_AGENT) {
            known.active = false;
        } else {
            agents.remove(agent);
        }
        filters.removeIf(filter -> filter.agent().equals(agent));
        changed();
    }

    @Override
    public void activateAgent(AgentId agent) {
        Agent known = agents.get(agent);
        if (known != null) {
            known.active = true;
            changed();
        }
    }

    @Override
    public void deactivateAgent(AgentId agent) {
        Agent known = agents.get(agent);
        if (known != null) {
            known.active = false;
        }
    }

    @Override
    public void updateAllocation(FrameworkId framework, AgentId agent, Resources before, Resources after) {
        Agent known = agents.get(agent);
        if (known != null && fault != Fault.MISSES_RESERVATIONS) {
            release(known, framework, before);
            known.held.merge(framework, after, Resources::add);
            Resources total = known.profile.total().subtractAvailable(before.unallocate());
            known.profile = known.profile.withTotal(total.add(after.unallocate()));
            changed();
        }
    }

    private static void release(Agent agent, FrameworkId framework, Resources resources) {
        Resources held = agent.held.getOrDefault(framework, Resources.empty());
        if (!held.contains(resources)) {
            throw new IllegalArgumentException(
                    "framework " + framework + " does not hold " + resources + " on agent " + agent.profile.id());
        }
        Resources rest = held.subtract(resources);
        if (rest.isEmpty()) {
            agent.held.remove(framework);
        } else {
            agent.held.put(framework, rest);
        }
    }

    @Override
    public boolean updateAvailable(AgentId agent, Resources before, Resources after) {
        Agent known = agents.get(agent);
        if (known == null || !known.free().contains(before)) {
            return false;
        }
        known.profile = known.profile.withTotal(
                known.profile.total().subtractAvailable(before).add(after));
        changed();
        return true;
    }

    @Override
    public void recoverResources(
            FrameworkId framework, AgentId agent, Resources resources, @Nullable Duration refusal) {
        Agent known = agents.get(agent);
        if (known == null || (fault == Fault.NEVER_FREES && refusal == null)) {
            return;
        }
        release(known, framework, resources);
        Framework owner = frameworks.get(framework);
        resources.allocations().forEach((role, part) -> {
            boolean served = owner != null
                    && owner.active
                    && owner.profile.roles().contains(role)
                    && !owner.suppressed.contains(role);
            if (served && refusal != null) {
                long nanos =
                        fault == Fault.FORGETS_DECLINES_TOO_EARLY ? INTERVAL : Math.max(INTERVAL, refusal.toNanos());
                long end = context.nanoTime() + nanos;
                filters.add(new Filter(new Client(framework, role), agent, part.unallocate(), end));
            }
        });
        changed();
    }

    @Override
    public void suppressOffers(FrameworkId framework, Set<Role> roles) {
        Framework known = frameworks.get(framework);
        if (known != null) {
            Set<Role> own = new TreeSet<>(known.profile.roles());
            own.removeIf(role -> !roles.isEmpty() && !roles.contains(role));
            known.suppressed.addAll(own);
        }
    }

    @Override
    public void reviveOffers(FrameworkId framework, Set<Role> roles) {
        Framework known = frameworks.get(framework);
        if (known != null) {
            known.suppressed.removeIf(role -> roles.isEmpty() || roles.contains(role));
            filters.removeIf(filter -> filter.client().framework().equals(framework)
                    && (roles.isEmpty() || roles.contains(filter.client().role())));
            changed();
        }
    }

    @Override
    public void updateWeights(Weights changed) {
        weights = changed;
    }

    @Override
    public void addTask(TaskProfile task) {
        Agent known = agents.get(task.agent());
        if (known != null && fault == Fault.MINDS_TASKS_TWICE) {
            known.held.merge(task.framework(), task.resources(), Resources::add);
        }
    }

    @Override
    public AllocationDecision explain(FrameworkId framework, Role role) {
        Map<RefusalReason, Integer> reasons = new TreeMap<>();
        for (Agent agent : agents.values()) {
            RefusalReason reason = reason(new Client(framework, role), agent);
            boolean wrong = fault == Fault.EXPLAINS_WRONGLY && reason == RefusalReason.NOT_FOR_ROLE;
            reasons.merge(wrong ? RefusalReason.NOTHING_FREE : reason, 1, Integer::sum);
        }
        return new AllocationDecision(framework, role, agents.size(), new TreeMap<>(reasons));
    }

    @Override
    public void close() {
        if (scheduled != null && fault != Fault.GOES_ON_AFTER_ITS_END) {
            scheduled.cancel();
        }
    }
}
