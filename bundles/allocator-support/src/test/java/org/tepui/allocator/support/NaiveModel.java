// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator.support;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.tepui.allocator.AgentConstraint;
import org.tepui.allocator.AgentProfile;
import org.tepui.allocator.Allocation;
import org.tepui.allocator.FrameworkProfile;
import org.tepui.allocator.RefusalReason;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkCapability;
import org.tepui.api.FrameworkId;
import org.tepui.api.Quotas;
import org.tepui.api.Role;
import org.tepui.api.Weights;
import org.tepui.api.resources.Quantities;
import org.tepui.api.resources.Resource;
import org.tepui.api.resources.Resources;
import org.tepui.api.resources.Scalar;

/**
 * What the hierarchical allocator is to decide, computed from scratch each time: shares, order, filters. Slow, and
 * short enough to be seen right.
 */
final class NaiveModel {
    private static final long TICK = 50_000_000;
    private static final List<Quantities> MINIMUM = List.of(Quantities.parse("cpus:0.01"), Quantities.parse("mem:32"));

    /** A framework in a role. */
    record ClientKey(Role role, FrameworkId framework) {
        String path() {
            return role + "/./" + framework;
        }
    }

    private record Filter(ClientKey client, AgentId agent, Resources refused, long end) {}

    final Map<AgentId, AgentProfile> agents = new LinkedHashMap<>();
    final Set<AgentId> inactiveAgents = new HashSet<>();
    final Map<AgentId, Map<ClientKey, Resources>> held = new HashMap<>();
    final Map<FrameworkId, FrameworkProfile> frameworks = new HashMap<>();
    final Set<FrameworkId> inactiveFrameworks = new HashSet<>();
    final Set<ClientKey> suppressed = new HashSet<>();
    final Map<String, Long> counts = new HashMap<>();
    Weights weights = Weights.none();
    Quotas quotas = Quotas.none();
    private List<Filter> filters = new ArrayList<>();

    Resources free(AgentId agent) {
        Resources free = Objects.requireNonNull(agents.get(agent)).total();
        for (Resources part : held.getOrDefault(agent, Map.of()).values()) {
            free = free.subtractAvailable(part.unallocate());
        }
        return free;
    }

    boolean served(ClientKey client) {
        FrameworkProfile profile = frameworks.get(client.framework());
        return profile != null
                && profile.roles().contains(client.role())
                && !inactiveFrameworks.contains(client.framework())
                && !suppressed.contains(client);
    }

    void filter(ClientKey client, AgentId agent, Resources refused, Duration time, long now) {
        if (served(client)) {
            long nanos = Math.max(time.toNanos(), 1_000_000_000L);
            filters.add(new Filter(client, agent, refused, (now + nanos + TICK - 1) / TICK * TICK));
        }
    }

    void forgetFilters(Predicate<ClientKey> clients) {
        filters.removeIf(filter -> clients.test(filter.client()));
    }

    void forgetFilters(AgentId agent) {
        filters.removeIf(filter -> filter.agent().equals(agent));
    }

    void give(Allocation allocation) {
        ClientKey client = new ClientKey(allocation.role(), allocation.framework());
        hold(allocation.agent(), client, allocation.resources());
        count(client);
    }

    void hold(AgentId agent, ClientKey client, Resources resources) {
        held.computeIfAbsent(agent, id -> new LinkedHashMap<>()).merge(client, resources, Resources::add);
    }

    void count(ClientKey client) {
        counts.merge(client.path(), 1L, Long::sum);
        counts.merge(client.role() + "/.", 1L, Long::sum);
        for (Role role = client.role(); role != null; role = role.parent()) {
            counts.merge(role.name(), 1L, Long::sum);
        }
    }

    void takeBack(AgentId agent, ClientKey client, Resources resources) {
        Map<ClientKey, Resources> onAgent = held.getOrDefault(agent, new HashMap<>());
        Resources rest = onAgent.getOrDefault(client, Resources.empty()).subtract(resources);
        if (rest.isEmpty()) {
            onAgent.remove(client);
        } else {
            onAgent.put(client, rest);
        }
    }

    /** Everybody who is subscribed in a role or holds something in it. */
    private Set<ClientKey> clients() {
        Set<ClientKey> clients = new HashSet<>();
        frameworks.forEach((id, profile) -> profile.roles().forEach(role -> clients.add(new ClientKey(role, id))));
        held.values().forEach(parts -> clients.addAll(parts.keySet()));
        return clients;
    }

    /** Forgets how often those were served who are not there any more. */
    void prune() {
        Set<String> paths = new HashSet<>();
        for (ClientKey client : clients()) {
            paths.add(client.path());
            paths.add(client.role() + "/.");
            for (Role role = client.role(); role != null; role = role.parent()) {
                paths.add(role.name());
            }
        }
        counts.keySet().retainAll(paths);
    }

    /** Everybody who is served, in order. */
    List<ClientKey> order() {
        List<ClientKey> order = new ArrayList<>();
        Set<Role> top = new TreeSet<>();
        for (ClientKey client : clients()) {
            Role role = client.role();
            while (role.parent() != null) {
                role = role.parent();
            }
            top.add(role);
        }
        Map<String, Long> totals = new TreeMap<>();
        agents.values().forEach(agent -> addScalars(totals, agent.total()));
        for (Role role : sortedRoles(top, totals)) {
            addInOrder(order, role, totals);
        }
        return order;
    }

    private List<Role> sortedRoles(Set<Role> roles, Map<String, Long> totals) {
        return roles.stream()
                .sorted(byKey(Role::name, role -> share(role::covers, totals) / weights.of(role)))
                .toList();
    }

    private <T> Comparator<T> byKey(Function<T, String> path, ToDoubleFunction<T> rank) {
        return Comparator.comparingDouble(rank)
                .thenComparingLong((T node) -> counts.getOrDefault(path.apply(node), 0L))
                .thenComparing(path);
    }

    private void addInOrder(List<ClientKey> order, Role role, Map<String, Long> totals) {
        List<Object> children = new ArrayList<>();
        Set<Role> childRoles = new TreeSet<>();
        for (ClientKey client : clients()) {
            for (Role below = client.role(); below != null; below = below.parent()) {
                if (role.equals(below.parent())) {
                    childRoles.add(below);
                }
            }
        }
        children.addAll(childRoles);
        children.add("own");
        children.sort(byKey(
                child -> child instanceof Role below ? below.name() : role + "/.",
                child -> child instanceof Role below
                        ? share(below::covers, totals) / weights.of(below)
                        : share(role::equals, totals)));
        for (Object child : children) {
            if (child instanceof Role below) {
                addInOrder(order, below, totals);
            } else {
                clients().stream()
                        .filter(client -> client.role().equals(role) && served(client))
                        .sorted(byKey(ClientKey::path, client -> shareOf(client::equals, totals)))
                        .forEach(order::add);
            }
        }
    }

    private double share(Predicate<Role> roles, Map<String, Long> totals) {
        return shareOf(client -> roles.test(client.role()), totals);
    }

    private double shareOf(Predicate<ClientKey> whose, Map<String, Long> totals) {
        Map<String, Long> sums = new TreeMap<>();
        held.values()
                .forEach(parts -> parts.forEach((client, resources) -> {
                    if (whose.test(client)) {
                        addScalars(sums, resources);
                    }
                }));
        double dominant = 0;
        for (Map.Entry<String, Long> sum : sums.entrySet()) {
            dominant = Math.max(dominant, (double) sum.getValue() / Math.max(1, totals.getOrDefault(sum.getKey(), 0L)));
        }
        return dominant;
    }

    private static void addScalars(Map<String, Long> sums, Resources resources) {
        for (Resource resource : resources) {
            if (resource.value() instanceof Scalar) {
                sums.merge(resource.name(), resource.thousandths(), Long::sum);
            }
        }
    }

    /** Why a client is not offered what is left on an agent; WAITING if it is. */
    RefusalReason reason(ClientKey client, AgentId agent, long now) {
        AgentProfile profile = Objects.requireNonNull(agents.get(agent));
        FrameworkProfile framework = frameworks.get(client.framework());
        if (framework == null
                || !framework.roles().contains(client.role())
                || inactiveFrameworks.contains(client.framework())) {
            return RefusalReason.NOT_SUBSCRIBED;
        }
        Set<FrameworkCapability> can = framework.capabilities();
        AgentConstraint constraint = framework.constraints().get(client.role());
        boolean hasGpus = profile.total().thousandths("gpus") > 0;
        Resources part = part(client, agent);
        Resources limited = new QuotaModel(this).limited(client.role(), part);
        Resources admitted = new QuotaModel(this).admitted(client.role(), part);
        Map<RefusalReason, Boolean> reasons = new LinkedHashMap<>();
        reasons.put(RefusalReason.SUPPRESSED, suppressed.contains(client));
        reasons.put(RefusalReason.AGENT_INACTIVE, inactiveAgents.contains(agent));
        reasons.put(RefusalReason.GPU, hasGpus && !can.contains(FrameworkCapability.GPU_RESOURCES));
        reasons.put(RefusalReason.REGION, profile.remote() && !can.contains(FrameworkCapability.REGION_AWARE));
        reasons.put(RefusalReason.CONSTRAINT, constraint != null && !constraint.admits(profile));
        reasons.put(RefusalReason.NOTHING_FREE, free(agent).isEmpty());
        reasons.put(RefusalReason.NOT_FOR_ROLE, part.isEmpty());
        reasons.put(RefusalReason.ROLE_LIMIT, !limited.equals(part) && isTooLittle(limited));
        reasons.put(RefusalReason.GUARANTEES, !admitted.equals(limited) && isTooLittle(admitted));
        reasons.put(RefusalReason.BELOW_MINIMUM, isTooLittle(admitted));
        reasons.put(RefusalReason.DECLINED, isDeclined(client, agent, admitted, now));
        reasons.put(RefusalReason.WAITING, true);
        return reasons.entrySet().stream()
                .filter(Map.Entry::getValue)
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    private Resources part(ClientKey client, AgentId agent) {
        Set<FrameworkCapability> can =
                Objects.requireNonNull(frameworks.get(client.framework())).capabilities();
        boolean refined = can.contains(FrameworkCapability.RESERVATION_REFINEMENT);
        return free(agent)
                .filter(resource -> resource.identity().isAllocatableTo(client.role())
                        && (refined || resource.identity().reservations().size() < 2));
    }

    private static boolean isTooLittle(Resources part) {
        return MINIMUM.stream().noneMatch(least -> part.quantities().contains(least));
    }

    private boolean isDeclined(ClientKey client, AgentId agent, Resources part, long now) {
        return filters.stream()
                .anyMatch(filter -> filter.client().equals(client)
                        && filter.agent().equals(agent)
                        && filter.end() > now
                        && filter.refused().contains(part));
    }

    /** What is to be offered of an agent now, in order: to those who are owed something, or else to everybody. */
    List<Allocation> decide(AgentId agent, long now) {
        List<ClientKey> order = order();
        List<Allocation> owed = decide(agent, now, order, true);
        return owed.isEmpty() ? decide(agent, now, order, false) : owed;
    }

    private List<Allocation> decide(AgentId agent, long now, List<ClientKey> order, boolean owedOnly) {
        List<Allocation> decided = new ArrayList<>();
        for (ClientKey client : order) {
            if (reason(client, agent, now) == RefusalReason.WAITING) {
                QuotaModel books = new QuotaModel(this);
                Resources part = books.admitted(client.role(), part(client, agent));
                if (!owedOnly || books.isOwedSome(client.role(), part)) {
                    Resources allocated = part.allocate(client.role());
                    decided.add(new Allocation(client.framework(), client.role(), agent, allocated));
                    hold(agent, client, allocated);
                }
            }
        }
        // what was held for the sake of the next in order is not given yet
        decided.forEach(made -> takeBack(agent, new ClientKey(made.role(), made.framework()), made.resources()));
        return decided;
    }
}
