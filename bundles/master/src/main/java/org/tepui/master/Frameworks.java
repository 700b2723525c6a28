// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.tepui.api.FrameworkId;
import org.tepui.registrar.RegistryState;
import org.tepui.transport.Connection;

/** The frameworks that the master knows, by id and by the connection of their scheduler. */
final class Frameworks {
    private final Map<FrameworkId, FrameworkEntry> live = new LinkedHashMap<>();
    private final Map<FrameworkId, FrameworkEntry> completed = new HashMap<>();
    /** Knows the frameworks that were over before this master began. */
    private final RegistryState registry;

    private final Deque<FrameworkEntry> completedInOrder = new ArrayDeque<>();
    private final Map<Long, FrameworkEntry> byConnection = new HashMap<>();
    private final int maximumCompleted;

    Frameworks(int maximumCompleted, RegistryState registry) {
        this.registry = registry;
        this.maximumCompleted = maximumCompleted;
    }

    Optional<FrameworkEntry> find(FrameworkId id) {
        return Optional.ofNullable(live.get(id));
    }

    boolean isCompleted(FrameworkId id) {
        return completed.containsKey(id) || registry.isRemoved(id.value());
    }

    Optional<FrameworkEntry> byConnection(Connection connection) {
        return Optional.ofNullable(byConnection.get(connection.id()));
    }

    /** Every framework that is not over, in the order in which they came. */
    Collection<FrameworkEntry> all() {
        return live.values();
    }

    /** The last frameworks that are over, oldest first. */
    Collection<FrameworkEntry> completed() {
        return completedInOrder;
    }

    void add(FrameworkEntry framework) {
        live.put(framework.id, framework);
    }

    /** Links a framework with the connection of its scheduler, in place of an earlier one. */
    void connect(FrameworkEntry framework, Connection connection) {
        disconnect(framework);
        framework.connection = connection;
        byConnection.put(connection.id(), framework);
    }

    void disconnect(FrameworkEntry framework) {
        if (framework.connection != null) {
            byConnection.remove(framework.connection.id());
            framework.connection = null;
        }
    }

    /** Moves a framework to those that are over. */
    void complete(FrameworkEntry framework) {
        disconnect(framework);
        live.remove(framework.id);
        completed.put(framework.id, framework);
        completedInOrder.addLast(framework);
        while (completedInOrder.size() > maximumCompleted) {
            completed.remove(completedInOrder.removeFirst().id);
        }
    }
}
