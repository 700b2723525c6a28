// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import org.tepui.allocator.AgentConstraint;
import org.tepui.api.FrameworkId;
import org.tepui.api.OfferId;
import org.tepui.api.Role;
import org.tepui.api.TaskId;
import org.tepui.proto.convert.CapabilityConversion;
import org.tepui.proto.convert.ReservationFormat;
import org.tepui.runtime.Timer;
import org.tepui.transport.Connection;
import org.tepui.v1.FrameworkInfo;
import org.tepui.v1.scheduler.Event;
import org.tepui.v1.scheduler.OfferConstraints;

/**
 * One framework in the books. That it exists, and its description, is hard state and in the registry; its stream, its
 * tasks and its offers are soft: after a failover of the master its scheduler subscribes again, and its tasks come back
 * with their agents.
 */
final class FrameworkEntry {
    final FrameworkId id;
    /** Tasks on agents that are in the books, those included that ended and whose end was not acknowledged. */
    final Map<TaskId, TaskEntry> tasks = new LinkedHashMap<>();
    /** Tasks that came back with their agent after another was launched under their id; they are being killed. */
    final Set<TaskEntry> displaced = new LinkedHashSet<>();
    /** Tasks of agents that are unreachable, oldest first; bounded. */
    final Map<TaskId, TaskEntry> unreachableTasks = new LinkedHashMap<>();
    /** Tasks that are over and settled. */
    final CompletedTasks completedTasks = new CompletedTasks();

    final Map<OfferId, OfferEntry> offers = new LinkedHashMap<>();

    FrameworkInfo info;
    SortedSet<Role> roles;
    final Set<Role> suppressedRoles = new LinkedHashSet<>();
    /** Which agents it wants to be offered, as it was said, and by role in the form that policies ask. */
    OfferConstraints constraintsMessage = OfferConstraints.getDefaultInstance();

    Map<Role, AgentConstraint> constraints = Map.of();
    boolean partitionAware;
    /** The form of reservations that its scheduler reads. */
    ReservationFormat reservationFormat;
    /** Its end is being made durable. */
    boolean ending;

    @Nullable
    Connection connection;

    Optional<String> streamId = Optional.empty();
    boolean http;
    Optional<String> principal = Optional.empty();

    @Nullable
    Instant registeredTime;

    @Nullable
    Instant reregisteredTime;

    @Nullable
    Instant unregisteredTime;

    @Nullable
    Timer heartbeat;

    @Nullable
    Timer failover;

    private FrameworkState state;

    FrameworkEntry(FrameworkId id, FrameworkInfo info, FrameworkState state) {
        this.id = id;
        this.info = info;
        this.state = state;
        this.roles = FrameworkRules.roles(info);
        this.partitionAware = FrameworkRules.has(info, FrameworkInfo.Capability.Type.PARTITION_AWARE);
        this.reservationFormat = ReservationFormat.of(CapabilityConversion.toApi(info));
    }

    /** Takes over a new description. */
    void describe(FrameworkInfo description) {
        info = description;
        roles = FrameworkRules.roles(description);
        partitionAware = FrameworkRules.has(description, FrameworkInfo.Capability.Type.PARTITION_AWARE);
        reservationFormat = ReservationFormat.of(CapabilityConversion.toApi(description));
    }

    /**
     * Takes over what the scheduler wants to be offered and what not.
     *
     * @throws IllegalArgumentException if a role or a constraint is not allowed
     */
    void want(Iterable<String> suppressed, OfferConstraints offerConstraints) {
        suppressedRoles.clear();
        suppressed.forEach(role -> suppressedRoles.add(new Role(role)));
        constraintsMessage = offerConstraints;
        constraints = RoleConstraints.parse(offerConstraints);
    }

    FrameworkState state() {
        return state;
    }

    /** @throws IllegalStateException if that is no legal move */
    void moveTo(FrameworkState next) {
        if (!FrameworkState.MOVES.allows(state, next)) {
            throw new IllegalStateException("framework " + id + " cannot go from " + state + " to " + next);
        }
        state = next;
    }

    boolean isActive() {
        return state == FrameworkState.ACTIVE;
    }

    /**
     * Sends an event to the scheduler.
     *
     * @return false if it is not there
     */
    boolean send(Event event) {
        Connection open = connection;
        return open != null && isActive() && open.send(event);
    }

    /** Adds a task to those that are over. */
    void complete(TaskEntry task, int maximum) {
        completedTasks.add(task.key.task(), task.toTask(partitionAware), maximum);
    }

    /**
     * Adds a task to those of unreachable agents.
     *
     * @return how many were forgotten for it
     */
    int loseSight(TaskEntry task, int maximum) {
        int forgotten = unreachableTasks.remove(task.key.task()) == null ? 0 : 1;
        unreachableTasks.put(task.key.task(), task);
        Iterator<TaskEntry> oldest = unreachableTasks.values().iterator();
        while (unreachableTasks.size() > maximum) {
            oldest.next();
            oldest.remove();
            forgotten++;
        }
        return forgotten;
    }

    void cancelTimers() {
        if (heartbeat != null) {
            heartbeat.cancel();
            heartbeat = null;
        }
        if (failover != null) {
            failover.cancel();
            failover = null;
        }
    }
}
