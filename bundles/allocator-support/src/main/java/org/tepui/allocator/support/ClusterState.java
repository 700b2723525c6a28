// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator.support;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.tepui.allocator.AgentProfile;
import org.tepui.allocator.FrameworkProfile;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkCapability;
import org.tepui.api.FrameworkId;
import org.tepui.api.Quotas;
import org.tepui.api.Role;
import org.tepui.api.resources.Resource;
import org.tepui.api.resources.Resources;

/**
 * What an allocator knows of the cluster: agents, frameworks, who holds what, and who declined what. Keeps the books
 * and decides nothing.
 *
 * <p>All of it is soft: the master tells it anew after a failover or a swap, except the decline filters, which are
 * lost.
 */
final class ClusterState implements ClusterView {
    final ScalarTotals totals = new ScalarTotals();
    final QuotaBooks quotas = new QuotaBooks();
    final RoleTree tree;
    final DeclineFilters filters = new DeclineFilters();

    private final HierarchicalOptions options;
    private final Map<AgentId, AgentEntry> agents = new LinkedHashMap<>();
    private final List<@Nullable AgentEntry> agentsByIndex = new ArrayList<>();
    private final BitSet agentIndexes = new BitSet();
    private final Map<FrameworkId, FrameworkEntry> frameworks = new LinkedHashMap<>();
    private final BitSet clientIndexes = new BitSet();

    /** Those who do not want every agent. */
    private final Set<Client> constrained = new LinkedHashSet<>();

    private Consumer<AgentEntry> changed = agent -> {};

    /** How many clients have a minimum of their own, which may be less than that of the cluster. */
    private int ownMinimums;

    ClusterState(Sorter sorter, HierarchicalOptions options, LongSupplier clock) {
        this.tree = new RoleTree(sorter, totals, quotas, clock);
        this.options = options;
    }

    @Override
    public Collection<AgentEntry> agents() {
        return Collections.unmodifiableCollection(agents.values());
    }

    @Override
    public @Nullable AgentEntry agent(AgentId id) {
        return agents.get(id);
    }

    @Override
    public Iterable<ClientView> clients() {
        return () -> frameworks.values().stream()
                .flatMap(framework -> framework.clients.values().stream())
                .map(ClientView.class::cast)
                .iterator();
    }

    @Override
    public @Nullable ClientView client(FrameworkId framework, Role role) {
        FrameworkEntry entry = frameworks.get(framework);
        return entry == null ? null : entry.clients.get(role);
    }

    /** Names who is to be told when a policy wants an agent to be looked at again. */
    void tellOfChanges(Consumer<AgentEntry> listener) {
        changed = listener;
    }

    @Override
    public void lookAgain(AgentId id) {
        AgentEntry agent = agents.get(id);
        if (agent != null) {
            changed.accept(agent);
        }
    }

    @Override
    public Resources admitted(ClientView client, Resources bundle, List<RunningTask> ended) {
        if (quotas.isEmpty()) {
            return bundle;
        }
        Map<Client, Resources> freed = new LinkedHashMap<>();
        for (RunningTask task : ended) {
            FrameworkEntry framework = frameworks.get(task.profile().framework());
            Client holder = framework == null
                    ? null
                    : framework.clients.get(task.profile().role());
            if (holder != null) {
                freed.merge(holder, task.profile().resources(), Resources::add);
            }
        }
        return quotas.admitIfFree((Client) client, bundle, freed);
    }

    @Override
    public @Nullable ShareNode role(Role role) {
        return tree.find(role);
    }

    @Nullable
    FrameworkEntry framework(FrameworkId id) {
        return frameworks.get(id);
    }

    /** One more than the largest index of an agent. */
    int agentIndexes() {
        return agentIndexes.length();
    }

    @Nullable
    AgentEntry agentAt(int index) {
        return agentsByIndex.get(index);
    }

    AgentEntry requireAgentAt(int index) {
        AgentEntry agent = agentsByIndex.get(index);
        if (agent == null) {
            throw new IllegalStateException("there is no agent with index " + index);
        }
        return agent;
    }

    /** Whether anybody has a minimum of its own. */
    boolean hasOwnMinimums() {
        return ownMinimums > 0;
    }

    /** Whether a bundle is so large that it may be worth an offer to somebody. */
    boolean isWorthwhileForAny(Resources bundle) {
        return ownMinimums > 0 || Client.isWorthwhile(options.minimumAllocatable(), bundle);
    }

    AgentEntry addAgent(AgentProfile profile, Map<FrameworkId, Resources> used) {
        int index = agentIndexes.nextClearBit(0);
        agentIndexes.set(index);
        AgentEntry agent = new AgentEntry(profile, index);
        agents.put(profile.id(), agent);
        if (index == agentsByIndex.size()) {
            agentsByIndex.add(agent);
        } else {
            agentsByIndex.set(index, agent);
        }
        constrained.forEach(client -> client.askAgain(agent));
        totals.add(profile.total());
        tree.totalsChanged();
        used.forEach((id, resources) ->
                resources.allocations().forEach((role, part) -> give(agent, client(frameworkEntry(id), role), part)));
        quotas.chargeReservations(profile.total(), 1);
        quotas.supply(agent);
        return agent;
    }

    void removeAgent(AgentEntry agent) {
        filters.removeAll(agent);
        for (Map.Entry<Client, Resources> part : agent.held.entrySet()) {
            Client client = part.getKey();
            tree.release(client, part.getValue());
            quotas.charge(client, part.getValue(), -1);
            client.agents--;
            dropIfUnused(client);
        }
        quotas.withdraw(agent);
        quotas.chargeReservations(agent.profile().total(), -1);
        totals.subtract(agent.profile().total());
        tree.totalsChanged();
        agents.remove(agent.profile().id());
        agentsByIndex.set(agent.index, null);
        agentIndexes.clear(agent.index);
    }

    /** Changes an agent's description. */
    void setProfile(AgentEntry agent, AgentProfile profile) {
        Resources before = agent.profile().total();
        agent.setProfile(profile);
        constrained.forEach(client -> client.askAgain(agent));
        totalChanged(agent, before);
    }

    private void totalChanged(AgentEntry agent, Resources before) {
        Resources now = agent.profile().total();
        if (!before.equals(now)) {
            totals.subtract(before);
            totals.add(now);
            tree.totalsChanged();
            quotas.chargeReservations(before, -1);
            quotas.chargeReservations(now, 1);
        }
        quotas.supply(agent);
    }

    void setActive(AgentEntry agent, boolean active) {
        agent.active = active;
        quotas.supply(agent);
    }

    /** Takes over other quotas, and counts everything again. */
    void setQuotas(Quotas changed) {
        quotas.reset(changed);
        tree.quotasChanged();
        for (FrameworkEntry framework : frameworks.values()) {
            for (Client client : framework.clients.values()) {
                client.quota = quotas.nearest(client.role);
                client.group().quota = client.quota;
            }
        }
        for (AgentEntry agent : agents.values()) {
            agent.supply = AgentEntry.NO_SUPPLY;
            quotas.chargeReservations(agent.profile().total(), 1);
            agent.held.forEach((client, resources) -> quotas.charge(client, resources, 1));
            quotas.supply(agent);
        }
    }

    void give(AgentEntry agent, Client client, Resources allocated) {
        agent.give(client, allocated);
        tree.allocate(client, allocated);
        quotas.charge(client, allocated, 1);
        quotas.supply(agent);
    }

    /**
     * Books that a framework gives back resources in one role.
     *
     * @throws IllegalArgumentException if it does not hold them there
     */
    Client takeBack(AgentEntry agent, FrameworkId id, Role role, Resources allocated, Resources unallocated) {
        FrameworkEntry framework = frameworks.get(id);
        Client client = framework == null ? null : framework.clients.get(role);
        if (client == null || !agent.takeBack(client, allocated, unallocated)) {
            throw notHeld(id, agent, allocated);
        }
        tree.release(client, allocated);
        quotas.charge(client, allocated, -1);
        quotas.supply(agent);
        return client;
    }

    private static IllegalArgumentException notHeld(FrameworkId id, AgentEntry agent, Resources resources) {
        return new IllegalArgumentException("framework " + id + " does not hold " + resources + " on agent "
                + agent.profile().id());
    }

    /** Exchanges what a framework holds for something else. */
    void convertHeld(AgentEntry agent, FrameworkId id, Role role, Resources before, Resources after) {
        FrameworkEntry framework = frameworks.get(id);
        Client client = framework == null ? null : framework.clients.get(role);
        Resources total = agent.profile().total();
        if (client == null || !agent.convertHeld(client, before, after)) {
            throw notHeld(id, agent, before);
        }
        tree.release(client, before);
        tree.allocate(client, after);
        quotas.charge(client, before, -1);
        quotas.charge(client, after, 1);
        totalChanged(agent, total);
    }

    boolean convertFree(AgentEntry agent, Resources before, Resources after) {
        Resources total = agent.profile().total();
        if (!agent.convertFree(before, after)) {
            return false;
        }
        totalChanged(agent, total);
        return true;
    }

    FrameworkEntry frameworkEntry(FrameworkId id) {
        return frameworks.computeIfAbsent(id, FrameworkEntry::new);
    }

    private Client client(FrameworkEntry framework, Role role) {
        Client known = framework.clients.get(role);
        if (known != null) {
            return known;
        }
        int index = clientIndexes.nextClearBit(0);
        clientIndexes.set(index);
        Client client = tree.addClient(framework, role, index, options.minimumAllocatable());
        framework.clients.put(role, client);
        return client;
    }

    /** Takes over what a framework says of itself. */
    void subscribe(FrameworkEntry framework, FrameworkProfile profile, Set<Role> suppressed) {
        boolean changed = !profile.equals(framework.profile);
        framework.profile = profile;
        for (Role role : profile.roles()) {
            client(framework, role).subscribed = true;
        }
        for (Client client : List.copyOf(framework.clients.values())) {
            if (!profile.roles().contains(client.role)) {
                leave(client);
                continue;
            }
            client.suppressed = suppressed.contains(client.role);
            describe(client, profile);
            if (changed && client.served) {
                tree.freshen(client);
            }
        }
    }

    private void describe(Client client, FrameworkProfile profile) {
        Set<FrameworkCapability> can = profile.capabilities();
        client.takesRevocable = can.contains(FrameworkCapability.REVOCABLE_RESOURCES);
        client.takesShared = can.contains(FrameworkCapability.SHARED_RESOURCES);
        client.takesRefined = can.contains(FrameworkCapability.RESERVATION_REFINEMENT);
        boolean excludesGpus = options.keepGpus() && !can.contains(FrameworkCapability.GPU_RESOURCES);
        client.excludedTraits = (excludesGpus ? AgentEntry.GPUS : 0)
                | (can.contains(FrameworkCapability.REGION_AWARE) ? 0 : AgentEntry.REMOTE)
                | (can.contains(FrameworkCapability.MULTI_ROLE) ? AgentEntry.SINGLE_ROLE : 0)
                | (client.role.parent() == null ? 0 : AgentEntry.FLAT_ROLES);
        ownMinimums -= client.minimum == null ? 0 : 1;
        client.minimum = profile.minimumAllocatable().get(client.role);
        ownMinimums += client.minimum == null ? 0 : 1;
        if (client.constrain(profile.constraints().get(client.role))) {
            constrained.add(client);
        } else {
            constrained.remove(client);
        }
    }

    private void leave(Client client) {
        client.subscribed = false;
        client.suppressed = false;
        ownMinimums -= client.minimum == null ? 0 : 1;
        client.minimum = null;
        client.constrain(null);
        constrained.remove(client);
        filters.removeAll(client);
        tree.deactivate(client);
        dropIfUnused(client);
    }

    /** A framework is not subscribed any more. What it holds stays its own. */
    void unsubscribe(FrameworkEntry framework) {
        framework.profile = null;
        framework.requests = List.of();
        framework.active = false;
        for (Client client : List.copyOf(framework.clients.values())) {
            leave(client);
        }
        dropIfUnused(framework);
    }

    /** Serves the framework in those roles in which it wants to be served, and in no others. */
    void refresh(FrameworkEntry framework) {
        for (Client client : framework.clients.values()) {
            boolean served = framework.active && client.subscribed && !client.suppressed;
            if (served && !client.served) {
                tree.activate(client);
            } else if (!served && client.served) {
                tree.deactivate(client);
            }
        }
    }

    /** Forgets a client that has no reason to be there: its framework left the role and holds nothing in it. */
    void dropIfUnused(Client client) {
        if (!client.subscribed && client.agents == 0) {
            tree.removeClient(client);
            clientIndexes.clear(client.index);
            client.framework.clients.remove(client.role);
            dropIfUnused(client.framework);
        }
    }

    private void dropIfUnused(FrameworkEntry framework) {
        if (framework.profile == null && framework.clients.isEmpty()) {
            frameworks.remove(framework.id);
        }
    }

    /** The role that all of a bundle is allocated to, or null if that is not one. */
    static @Nullable Role commonRole(Resources resources) {
        Role common = null;
        for (Resource resource : resources) {
            Role role = resource.identity().allocationRole();
            if (role == null || (common != null && !common.equals(role))) {
                return null;
            }
            common = role;
        }
        return common;
    }
}
