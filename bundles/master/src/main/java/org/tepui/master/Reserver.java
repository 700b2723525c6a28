// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.api.AgentId;
import org.tepui.api.Role;
import org.tepui.api.resources.DynamicReservations;
import org.tepui.api.resources.Resources;
import org.tepui.master.ReservationRules.Caller;
import org.tepui.master.ReservationRules.Change;
import org.tepui.proto.convert.IdConversion;
import org.tepui.proto.internal.ReserveResources;
import org.tepui.transport.Exchange;
import org.tepui.transport.Refusal.Kind;
import org.tepui.v1.FrameworkInfo;
import org.tepui.v1.Offer;
import org.tepui.v1.master.Call;

/**
 * Reserves resources of agents, and takes reservations back. The books change at once; the agent is told on the same
 * way as of tasks, and makes it durable before it starts one that was sent later. The agent keeps the reservations:
 * masters learn them when it re-registers.
 */
final class Reserver {
    private static final Logger log = LoggerFactory.getLogger(Reserver.class);

    private final Agents agents;
    private final OfferManager offers;
    private final AllocatorSlot slot;

    Reserver(Agents agents, OfferManager offers, AllocatorSlot slot) {
        this.agents = agents;
        this.offers = offers;
        this.slot = slot;
    }

    /** All that is reserved of an agent, as it is told. */
    static ReserveResources message(AgentEntry agent) {
        return ReserveResources.newBuilder()
                .addAllResources(WireResources.of(DynamicReservations.of(agent.total)))
                .build();
    }

    /**
     * Does RESERVE or UNRESERVE on accepted offers. One that is not allowed is dropped; the framework hears of it if
     * it named the operation.
     *
     * @param pool what is left of the offers, not allocated
     * @return what is left then
     */
    Resources accept(FrameworkEntry framework, AgentEntry agent, Role role, Offer.Operation operation, Resources pool) {
        Change change;
        try {
            if (operation.hasId()) {
                throw new IllegalArgumentException("feedback on operations ('id') is not supported");
            }
            Caller caller = new Caller(
                    Optional.of(role),
                    framework.principal,
                    FrameworkRules.has(framework.info, FrameworkInfo.Capability.Type.RESERVATION_REFINEMENT));
            change = operation.getType() == Offer.Operation.Type.RESERVE
                    ? ReservationRules.reserve(
                            operation.getReserve().getSourceList(),
                            operation.getReserve().getResourcesList(),
                            caller)
                    : ReservationRules.unreserve(operation.getUnreserve().getResourcesList(), caller);
            if (!pool.contains(change.before())) {
                throw new IllegalArgumentException(
                        change.before() + " is not a part of what was offered and is left, " + pool);
            }
        } catch (IllegalArgumentException e) {
            log.warn("Dropped {} of framework {}: {}", operation.getType(), framework.id, e.getMessage());
            if (operation.hasId()) {
                framework.send(Events.operationFailed(
                        operation.getId(),
                        IdConversion.toWire(agent.id),
                        operation.getType() + " was dropped: " + e.getMessage()));
            }
            return pool;
        }
        apply(agent, change);
        slot.allocationUpdated(
                framework, agent, change.before().allocate(role), change.after().allocate(role));
        return pool.subtract(change.before()).add(change.after());
    }

    private static void apply(AgentEntry agent, Change change) {
        agent.total = agent.total.subtract(change.before()).add(change.after());
        agent.openLink().ifPresent(link -> link.send(message(agent)));
    }

    /** Reserves what no task uses, or moves a reservation, as an operator. */
    void reserve(Call.ReserveResources call, Exchange exchange) {
        operate(
                call.getAgentId().getValue(),
                "RESERVE",
                caller -> ReservationRules.reserve(call.getSourceList(), call.getResourcesList(), caller),
                exchange);
    }

    /** Takes reservations back of what no task uses, as an operator. */
    void unreserve(Call.UnreserveResources call, Exchange exchange) {
        operate(
                call.getAgentId().getValue(),
                "UNRESERVE",
                caller -> ReservationRules.unreserve(call.getResourcesList(), caller),
                exchange);
    }

    private interface Operation {
        /** @throws IllegalArgumentException if it is not allowed */
        Change of(Caller caller);
    }

    private void operate(String agentId, String name, Operation operation, Exchange exchange) {
        AgentEntry agent;
        Change change;
        try {
            agent = agents.find(new AgentId(agentId))
                    .filter(entry -> entry.state().inBooks())
                    .orElse(null);
            if (agent == null) {
                exchange.refuse(Kind.BAD_REQUEST, "No agent found with specified ID");
                return;
            }
            change = operation.of(
                    new Caller(Optional.empty(), exchange.connection().peer().principal(), true));
        } catch (IllegalArgumentException e) {
            exchange.refuse(Kind.BAD_REQUEST, "Invalid " + name + " operation: " + e.getMessage());
            return;
        }
        if (!agent.isActive()) {
            exchange.refuse(Kind.CONFLICT, "Agent " + agent.id + " is not connected");
            return;
        }
        if (!agent.free().add(agent.offered()).contains(change.before())) {
            exchange.refuse(
                    Kind.CONFLICT,
                    "Invalid " + name + " operation: agent " + agent.id + " has " + agent.total + ", of which "
                            + agent.used() + " is used: " + change.before() + " is not free");
            return;
        }
        for (OfferEntry offer : List.copyOf(agent.offers.values())) {
            if (agent.free().contains(change.before())) {
                break;
            }
            offers.rescind(offer, Optional.empty());
        }
        apply(agent, change);
        // what the policy allocates of the agent until it knows is void
        slot.agentReplaced(agent);
        log.info("{} by an operator on agent {}: {}", name, agent.id, change.after());
        exchange.accept();
    }
}
