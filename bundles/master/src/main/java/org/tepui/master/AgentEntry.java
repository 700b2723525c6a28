// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tepui.api.AgentId;
import org.tepui.api.OfferId;
import org.tepui.api.resources.Resources;
import org.tepui.proto.internal.KillTask;
import org.tepui.runtime.Timer;
import org.tepui.v1.AgentInfo;
import org.tepui.v1.Unavailability;

/**
 * One agent in the books. That it is admitted, unreachable or gone is hard state and in the registry; its connection,
 * its tasks, its offers and what of it is used are soft and come back with its re-registration.
 */
final class AgentEntry {
    final AgentId id;
    final Map<TaskKey, TaskEntry> tasks = new LinkedHashMap<>();
    final Map<OfferId, OfferEntry> offers = new LinkedHashMap<>();
    /** Kills that were asked for while it was disconnected. */
    final Map<TaskKey, KillTask> waitingKills = new LinkedHashMap<>();

    AgentInfo info;
    String version = "";
    List<AgentInfo.Capability> capabilities = List.of();
    /** Of the registration that admitted it; empty for one that came back with its id. */
    String registrationUuid = "";

    @Nullable
    AgentLink link;

    Resources total = Resources.empty();
    /** It stands in another region than the master. */
    boolean remote;

    /** When its machine is not available, as operators planned it. */
    @Nullable
    Unavailability unavailability;

    @Nullable
    Instant registeredTime;

    @Nullable
    Instant reregisteredTime;

    @Nullable
    Instant unreachableTime;

    /** An earlier master admitted it, and what it runs is not known yet. */
    boolean awaited;

    /** Pings sent since the last answer. */
    int unansweredPings;

    @Nullable
    Timer pingTimer;

    private AgentState state;
    private Resources used = Resources.empty();
    private Resources offered = Resources.empty();

    AgentEntry(AgentId id, AgentInfo info, AgentState state) {
        this.id = id;
        this.info = info;
        this.state = state;
    }

    AgentState state() {
        return state;
    }

    /** @throws IllegalStateException if that is no legal move */
    void moveTo(AgentState next) {
        if (!AgentState.MOVES.allows(state, next)) {
            throw new IllegalStateException("agent " + id + " cannot go from " + state + " to " + next);
        }
        state = next;
    }

    boolean isActive() {
        return state == AgentState.ACTIVE;
    }

    /** What tasks that have not ended hold. */
    Resources used() {
        return used;
    }

    /** What outstanding offers hold. */
    Resources offered() {
        return offered;
    }

    /** What neither a task nor an offer holds. Tasks may hold more than there is, as after the agent shrank. */
    Resources free() {
        return total.subtractAvailable(used).subtractAvailable(offered);
    }

    void add(TaskEntry task) {
        tasks.put(task.key, task);
    }

    /** Charges the agent with a task that has not ended. */
    void charge(TaskEntry task) {
        if (!task.charged()) {
            task.setCharged(true);
            used = used.add(task.resources);
        }
    }

    /**
     * Frees what a task holds.
     *
     * @return false if it held nothing any more
     */
    boolean release(TaskEntry task) {
        if (!task.charged()) {
            return false;
        }
        task.setCharged(false);
        used = used.subtractAvailable(task.resources);
        return true;
    }

    void add(OfferEntry offer) {
        offers.put(offer.id, offer);
        offered = offered.add(offer.resources);
    }

    void remove(OfferEntry offer) {
        if (offers.remove(offer.id) != null) {
            offered = offered.subtractAvailable(offer.resources);
        }
    }

    Optional<AgentLink> openLink() {
        return link != null && link.isOpen() ? Optional.of(link) : Optional.empty();
    }
}
