// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tepui.api.AgentId;
import org.tepui.registrar.RegistryState;
import org.tepui.transport.Connection;
import org.tepui.v1.AgentInfo;

/** The agents that the master knows, by id, by connection, by registration and by address. */
final class Agents {
    private final Map<AgentId, AgentEntry> byId = new LinkedHashMap<>();
    private final Map<Long, Set<AgentEntry>> byConnection = new HashMap<>();
    private final Map<String, AgentEntry> byRegistration = new HashMap<>();
    private final Map<String, AgentEntry> byAddress = new HashMap<>();
    /** Knows the agents that an operator declared gone. */
    private final RegistryState registry;
    /** Recovered agents of which is not known yet what they run: while there are some, no task is unknown. */
    private int awaited;

    Agents(RegistryState registry) {
        this.registry = registry;
    }

    Optional<AgentEntry> find(AgentId id) {
        return Optional.ofNullable(byId.get(id));
    }

    Collection<AgentEntry> all() {
        return byId.values();
    }

    /** The agents that speak over a connection: one, save for load generators. */
    Collection<AgentEntry> byConnection(Connection connection) {
        return byConnection.getOrDefault(connection.id(), Set.of());
    }

    Optional<AgentEntry> byRegistration(String uuid) {
        return Optional.ofNullable(byRegistration.get(uuid));
    }

    /** The agent in the books that was last admitted from {@code HOST:PORT}. */
    Optional<AgentEntry> byAddress(String address) {
        return Optional.ofNullable(byAddress.get(address));
    }

    /** How many agents that an earlier master left have neither come back nor been given up yet. */
    int awaited() {
        return awaited;
    }

    boolean isGone(AgentId id) {
        return registry.isGone(id.value());
    }

    /**
     * The agents that cannot come back as those they were: unreachable for so long that the registry is to forget
     * them, or forgotten by it already.
     *
     * @param old of agents that are unreachable or gone, those that the registry is to forget
     */
    List<AgentEntry> forgotten(Set<AgentId> old) {
        return byId.values().stream()
                .filter(agent -> agent.state() == AgentState.UNREACHABLE)
                .filter(agent -> old.contains(agent.id) || !isUnreachable(agent.id))
                .toList();
    }

    /** Whether the registry says that an agent is unreachable. */
    boolean isUnreachable(AgentId id) {
        return registry.unreachableAgent(id.value()).isPresent();
    }

    void add(AgentEntry agent) {
        byId.put(agent.id, agent);
        if (agent.state() == AgentState.RECOVERED) {
            agent.awaited = true;
            awaited++;
        }
    }

    /** Moves an agent to another state and keeps count of those that are awaited. */
    void move(AgentEntry agent, AgentState to) {
        agent.moveTo(to);
        boolean settled = to == AgentState.ACTIVE || to == AgentState.UNREACHABLE || to == AgentState.REMOVED;
        if (agent.awaited && settled) {
            agent.awaited = false;
            awaited--;
        }
    }

    /** Takes over what an agent says of itself; it may listen elsewhere now. */
    void describe(AgentEntry agent, AgentInfo info) {
        String before = address(agent);
        agent.info = info;
        if (!before.equals(address(agent))) {
            byAddress.remove(before, agent);
        }
    }

    /** Makes an agent findable by how it is reached. */
    void connect(AgentEntry agent, AgentLink link) {
        disconnect(agent);
        agent.link = link;
        byConnection
                .computeIfAbsent(link.connection().id(), id -> new LinkedHashSet<>())
                .add(agent);
        byAddress.put(address(agent), agent);
        if (!agent.registrationUuid.isEmpty()) {
            byRegistration.put(agent.registrationUuid, agent);
        }
    }

    void disconnect(AgentEntry agent) {
        AgentLink link = agent.link;
        if (link != null) {
            Set<AgentEntry> sharing = byConnection.get(link.connection().id());
            if (sharing != null && sharing.remove(agent) && sharing.isEmpty()) {
                byConnection.remove(link.connection().id());
            }
            agent.link = null;
        }
    }

    /** Forgets the ways to an agent that left the books. */
    void forgetWays(AgentEntry agent) {
        disconnect(agent);
        byAddress.remove(address(agent), agent);
        byRegistration.remove(agent.registrationUuid, agent);
    }

    void remove(AgentEntry agent) {
        forgetWays(agent);
        byId.remove(agent.id);
    }

    /** A copy, for walks during which agents come and go. */
    List<AgentEntry> snapshot() {
        return List.copyOf(byId.values());
    }

    static String address(AgentEntry agent) {
        return agent.info.getHostname() + ":" + agent.info.getPort();
    }
}
