// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.allocator.Allocation;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.api.OfferId;
import org.tepui.api.Role;
import org.tepui.api.resources.Resources;
import org.tepui.proto.convert.IdConversion;
import org.tepui.proto.convert.ResourceConversion;
import org.tepui.v1.Address;
import org.tepui.v1.Filters;
import org.tepui.v1.Offer;
import org.tepui.v1.OfferID;
import org.tepui.v1.Resource;
import org.tepui.v1.URL;
import org.tepui.v1.scheduler.Call;

/**
 * The offers outstanding. An allocation becomes an offer only if the master's own books have room for it, so that a
 * wrong policy can be unfair but never give out twice what is there once. Soft state: offers end with the master that
 * made them.
 */
final class OfferManager {
    private static final Logger log = LoggerFactory.getLogger(OfferManager.class);
    private static final double DEFAULT_REFUSE_SECONDS = 5;
    private static final double MAXIMUM_REFUSE_SECONDS = Duration.ofDays(365).toSeconds();
    /** Names are written otherwise: an IPv6 address has colons, and only an IPv4 address ends in a number. */
    private static final Pattern NUMERIC_HOST = Pattern.compile(".*:.*|\\d{1,3}(\\.\\d{1,3}){3}");

    private final MasterContext context;
    private final Frameworks frameworks;
    private final Agents agents;
    private final AllocatorSlot slot;
    private final Map<OfferId, OfferEntry> outstanding = new LinkedHashMap<>();
    private long nextOffer;

    OfferManager(MasterContext context, Frameworks frameworks, Agents agents, AllocatorSlot slot) {
        this.context = context;
        this.frameworks = frameworks;
        this.agents = agents;
        this.slot = slot;
    }

    Optional<OfferEntry> find(String id) {
        try {
            return Optional.ofNullable(outstanding.get(new OfferId(id)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    Iterable<OfferEntry> all() {
        return outstanding.values();
    }

    /** A copy, for walks during which offers go. */
    List<OfferEntry> snapshot() {
        return List.copyOf(outstanding.values());
    }

    /**
     * Makes offers of what the policy allocated, one event per framework. What came too late, since framework or agent
     * left meanwhile, goes back to the policy; a policy that gave out what is not there is not heard any more.
     */
    void offer(List<Allocation> allocations) {
        Map<FrameworkEntry, List<Offer>> events = new LinkedHashMap<>();
        String oversold = "";
        for (Allocation allocation : allocations) {
            FrameworkEntry framework = frameworks
                    .find(allocation.framework())
                    .filter(f -> f.isActive() && f.roles.contains(allocation.role()))
                    .orElse(null);
            AgentEntry agent =
                    agents.find(allocation.agent()).filter(AgentEntry::isActive).orElse(null);
            if (framework == null || agent == null) {
                slot.refused(allocation);
            } else if (isFree(agent, allocation)) {
                events.computeIfAbsent(framework, f -> new ArrayList<>())
                        .add(make(framework, agent, allocation).message);
            } else {
                context.figures().allocationsRefused.increment();
                oversold = allocation + ", where " + agent.free() + " is free";
            }
        }
        events.forEach((framework, offers) -> {
            context.figures().offersSent.add(offers.size());
            framework.send(Events.offers(offers));
        });
        if (!oversold.isEmpty()) {
            slot.oversold(oversold);
        }
    }

    private static boolean isFree(AgentEntry agent, Allocation allocation) {
        Resources wanted = allocation.resources().unallocate();
        return !wanted.isEmpty()
                && agent.free().allocatableTo(allocation.role()).contains(wanted);
    }

    private OfferEntry make(FrameworkEntry framework, AgentEntry agent, Allocation allocation) {
        OfferId id = new OfferId(context.info().getId() + "-O" + nextOffer++);
        OfferEntry offer = new OfferEntry(
                id,
                framework,
                agent,
                allocation.role(),
                allocation.resources().unallocate(),
                message(id, framework, agent, allocation));
        outstanding.put(id, offer);
        framework.offers.put(id, offer);
        agent.add(offer);
        context.figures().outstandingOffers.set(outstanding.size());
        context.config()
                .offerTimeout()
                .ifPresent(timeout ->
                        offer.expiry = context.loop().schedule("offer timeout", timeout, () -> expire(offer)));
        return offer;
    }

    private static Offer message(OfferId id, FrameworkEntry framework, AgentEntry agent, Allocation allocation) {
        Resource.AllocationInfo role = Resource.AllocationInfo.newBuilder()
                .setRole(allocation.role().name())
                .build();
        Offer.Builder offer = Offer.newBuilder()
                .setId(OfferID.newBuilder().setValue(id.value()))
                .setFrameworkId(framework.info.getId())
                .setAgentId(IdConversion.toWire(agent.id))
                .setHostname(agent.info.getHostname())
                .setUrl(url(agent))
                .addAllResources(ResourceConversion.toWire(
                        allocation.resources().unallocate().allocate(allocation.role()), framework.reservationFormat))
                .addAllAttributes(agent.info.getAttributesList())
                .setAllocationInfo(role);
        if (agent.unavailability != null) {
            offer.setUnavailability(agent.unavailability);
        }
        if (agent.info.hasDomain()) {
            offer.setDomain(agent.info.getDomain());
        }
        return offer.build();
    }

    /** Where an agent serves HTTP. */
    static URL url(AgentEntry agent) {
        return URL.newBuilder()
                .setScheme("http")
                .setAddress(address(agent))
                .setPath("/slave(1)")
                .build();
    }

    /** Schedulers give tasks this numeric address to reach their agent by: it is that of the agent's connection. */
    private static Address address(AgentEntry agent) {
        Address.Builder address =
                Address.newBuilder().setHostname(agent.info.getHostname()).setPort(agent.info.getPort());
        agent.openLink()
                .map(link -> link.connection().peer().remote().host())
                .filter(host -> NUMERIC_HOST.matcher(host).matches())
                .ifPresent(address::setIp);
        return address.build();
    }

    private void expire(OfferEntry offer) {
        if (offer.state() == OfferState.OUTSTANDING) {
            rescind(offer, Optional.empty());
        }
    }

    /** Takes an offer back, tells its scheduler and gives the resources back to the policy. */
    void rescind(OfferEntry offer, Optional<Duration> refuse) {
        remove(offer, OfferState.RESCINDED);
        context.figures().offersRescinded.increment();
        offer.framework.send(Events.rescind(offer.message.getId()));
        slot.declined(offer.framework, offer.agent, offer.role, offer.resources, refuse);
    }

    /** The policy wants the offers of a framework on an agent back. */
    void rescind(FrameworkId framework, Role role, AgentId agent) {
        agents.find(agent)
                .ifPresent(entry -> List.copyOf(entry.offers.values()).stream()
                        .filter(offer -> offer.framework.id.equals(framework) && offer.role.equals(role))
                        .forEach(offer -> rescind(offer, Optional.empty())));
    }

    /** The agent is not there any more: all of its offers are void. */
    void rescindAll(AgentEntry agent) {
        List.copyOf(agent.offers.values()).forEach(offer -> rescind(offer, Optional.empty()));
    }

    /** The scheduler is not there any more, or another took its place: its offers are void, and nobody is told. */
    void withdrawAll(FrameworkEntry framework) {
        for (OfferEntry offer : List.copyOf(framework.offers.values())) {
            remove(offer, OfferState.RESCINDED);
            slot.declined(framework, offer.agent, offer.role, offer.resources, Optional.empty());
        }
    }

    /** A framework left a role: it has no use for offers to it. */
    void rescindAll(FrameworkEntry framework, Role role) {
        List.copyOf(framework.offers.values()).stream()
                .filter(offer -> offer.role.equals(role))
                .forEach(offer -> rescind(offer, Optional.empty()));
    }

    /** Takes an offer out of the books; what becomes of its resources is the caller's. */
    void remove(OfferEntry offer, OfferState end) {
        offer.moveTo(end);
        outstanding.remove(offer.id);
        offer.framework.offers.remove(offer.id);
        offer.agent.remove(offer);
        if (offer.expiry != null) {
            offer.expiry.cancel();
            offer.expiry = null;
        }
        context.figures().outstandingOffers.set(outstanding.size());
    }

    /** Stops the timers of all offers. */
    void stop() {
        outstanding.values().forEach(offer -> {
            if (offer.expiry != null) {
                offer.expiry.cancel();
            }
        });
    }

    /** Gives offers back; those that are not outstanding any more are passed over. */
    void decline(FrameworkEntry framework, Call.Decline call) {
        Optional<Duration> refuse = Optional.of(refusal(call.getFilters()));
        for (OfferID id : call.getOfferIdsList()) {
            OfferEntry offer = framework.offers.get(new OfferId(id.getValue()));
            if (offer == null) {
                log.debug("Framework {} declined offer {}, which is not outstanding", framework.id, id.getValue());
                continue;
            }
            remove(offer, OfferState.DECLINED);
            slot.declined(framework, offer.agent, offer.role, offer.resources, refuse);
        }
    }

    /** How long what was declined is not to be offered again: 5 s unless said otherwise, a year at most. */
    static Duration refusal(Filters filters) {
        double seconds = filters.getRefuseSeconds();
        if (!(seconds >= 0)) {
            seconds = DEFAULT_REFUSE_SECONDS;
        }
        return Duration.ofMillis(Math.round(Math.min(seconds, MAXIMUM_REFUSE_SECONDS) * 1000));
    }
}
