// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.proto.convert.IdConversion;
import org.tepui.runtime.Timer;
import org.tepui.transport.Exchange;
import org.tepui.transport.Refusal.Kind;
import org.tepui.v1.Filters;
import org.tepui.v1.InverseOffer;
import org.tepui.v1.MachineID;
import org.tepui.v1.OfferID;
import org.tepui.v1.Unavailability;
import org.tepui.v1.allocator.InverseOfferStatus;
import org.tepui.v1.maintenance.ClusterStatus;
import org.tepui.v1.maintenance.Schedule;
import org.tepui.v1.maintenance.Window;
import org.tepui.v1.master.Response;

/**
 * Which machines will not be available when. The schedule is hard state. Who runs something there is asked to leave by
 * inverse offers, again and again until it left; these and the answers to them are soft.
 */
final class Maintenance {
    private static final Logger log = LoggerFactory.getLogger(Maintenance.class);
    /** Between two looks at who runs something where it should not. */
    static final Duration INTERVAL = Duration.ofSeconds(1);

    private final MasterContext context;
    private final Agents agents;
    private final Frameworks frameworks;
    private final OfferManager offers;
    private final Registry registry;
    /** Those outstanding, by whom and what they are about. */
    private final Map<Key, Asked> outstanding = new LinkedHashMap<>();

    private final Map<Key, Answer> answers = new LinkedHashMap<>();
    private Schedule schedule = Schedule.getDefaultInstance();
    private @Nullable Timer timer;
    private long nextOffer;

    Maintenance(MasterContext context, Agents agents, Frameworks frameworks, OfferManager offers, Registry registry) {
        this.context = context;
        this.agents = agents;
        this.frameworks = frameworks;
        this.offers = offers;
        this.registry = registry;
    }

    private record Key(FrameworkId framework, AgentId agent) {}

    /**
     * An inverse offer that is out.
     *
     * @param connection of the scheduler that has it: one that takes its place has to be asked itself
     */
    private record Asked(InverseOffer offer, long connection) {}

    /**
     * What a framework said, and until when it does not want to be asked again.
     *
     * @param untilNanos on the monotonic clock
     */
    private record Answer(InverseOfferStatus status, long untilNanos) {}

    /** Takes what earlier masters left. */
    void recover(Schedule recovered) {
        schedule = recovered;
        review();
    }

    /** Ends the timer. */
    void stop() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    /** An agent is connected, maybe from another address. */
    void connected(AgentEntry agent) {
        take(agent);
    }

    /** Replaces the schedule. */
    void update(Schedule next, Exchange exchange) {
        Optional<String> problem = MaintenanceRules.problem(next);
        if (problem.isPresent()) {
            exchange.refuse(Kind.BAD_REQUEST, "Invalid maintenance schedule: " + problem.get());
            return;
        }
        registry.maintenanceScheduled(next, () -> {
            schedule = next;
            log.info("Maintenance is scheduled in {} windows", next.getWindowsCount());
            agents.snapshot().forEach(this::take);
            review();
            exchange.accept();
        });
    }

    /** Takes over when the machine of an agent is not available; offers that say otherwise are void. */
    private void take(AgentEntry agent) {
        Unavailability now = MaintenanceRules.of(agent, schedule).orElse(null);
        if (!Objects.equals(now, agent.unavailability)) {
            agent.unavailability = now;
            answers.keySet().removeIf(key -> key.agent.equals(agent.id));
            offers.rescindAll(agent);
        }
    }

    /** Takes void inverse offers back, and makes those that are due; again and again while there is a schedule. */
    private void review() {
        stop();
        List.copyOf(outstanding.keySet()).forEach(this::reconsider);
        answers.keySet()
                .removeIf(key -> frameworks.find(key.framework).isEmpty()
                        || agents.find(key.agent)
                                .filter(agent -> agent.unavailability != null)
                                .isEmpty());
        if (schedule.getWindowsCount() == 0) {
            return;
        }
        Map<FrameworkEntry, List<InverseOffer>> events = new LinkedHashMap<>();
        for (AgentEntry agent : agents.all()) {
            Unavailability unavailability = agent.unavailability;
            if (unavailability != null && agent.isActive()) {
                ask(agent, unavailability, events);
            }
        }
        events.forEach((framework, made) -> framework.send(Events.inverseOffers(made)));
        timer = context.loop().schedule("review maintenance", INTERVAL, this::review);
    }

    private void reconsider(Key key) {
        Asked asked = Objects.requireNonNull(outstanding.get(key));
        FrameworkEntry framework = frameworks.find(key.framework).orElse(null);
        boolean sameScheduler = framework != null && connection(framework) == asked.connection;
        if (sameScheduler && isDue(key, asked.offer.getUnavailability())) {
            return;
        }
        outstanding.remove(key);
        if (sameScheduler && framework != null) {
            framework.send(Events.rescindInverseOffer(asked.offer.getId()));
        }
    }

    /** That of its scheduler; -1 without. */
    private static long connection(FrameworkEntry framework) {
        return framework.connection == null ? -1 : framework.connection.id();
    }

    private void ask(AgentEntry agent, Unavailability unavailability, Map<FrameworkEntry, List<InverseOffer>> events) {
        long now = context.clock().nanoTime();
        agent.tasks.keySet().stream().map(TaskKey::framework).distinct().forEach(id -> {
            Key key = new Key(id, agent.id);
            Answer answer = answers.get(key);
            boolean wanted = !outstanding.containsKey(key) && (answer == null || answer.untilNanos - now <= 0);
            if (wanted && isDue(key, unavailability)) {
                FrameworkEntry framework = frameworks.find(id).orElseThrow();
                InverseOffer offer = InverseOffer.newBuilder()
                        .setId(OfferID.newBuilder().setValue(context.info().getId() + "-I" + nextOffer++))
                        .setFrameworkId(framework.info.getId())
                        .setAgentId(IdConversion.toWire(agent.id))
                        .setUrl(OfferManager.url(agent))
                        .setUnavailability(unavailability)
                        .build();
                outstanding.put(key, new Asked(offer, connection(framework)));
                events.computeIfAbsent(framework, any -> new ArrayList<>()).add(offer);
            }
        });
    }

    /** Whether a framework is to leave an agent because of this. */
    private boolean isDue(Key key, Unavailability unavailability) {
        AgentEntry agent = agents.find(key.agent).orElse(null);
        FrameworkEntry framework = frameworks.find(key.framework).orElse(null);
        return agent != null
                && framework != null
                && agent.isActive()
                && framework.isActive()
                && unavailability.equals(agent.unavailability)
                && agent.tasks.values().stream()
                        .anyMatch(task -> task.charged() && task.key.framework().equals(key.framework));
    }

    /** A framework answers inverse offers; those that are not outstanding any more are passed over. */
    void answer(FrameworkEntry framework, List<OfferID> ids, Filters filters, InverseOfferStatus.Status status) {
        long until = context.clock().nanoTime() + OfferManager.refusal(filters).toNanos();
        for (OfferID id : ids) {
            Optional<Key> key = outstanding.entrySet().stream()
                    .filter(entry -> entry.getKey().framework.equals(framework.id)
                            && entry.getValue().offer.getId().equals(id))
                    .map(Map.Entry::getKey)
                    .findFirst();
            if (key.isEmpty()) {
                log.debug("Framework {} answers inverse offer {}, which is not outstanding", framework.id, id);
                continue;
            }
            outstanding.remove(key.get());
            answers.put(
                    key.get(),
                    new Answer(
                            InverseOfferStatus.newBuilder()
                                    .setStatus(status)
                                    .setFrameworkId(framework.info.getId())
                                    .setTimestamp(Statuses.time(context.clock().wallTime()))
                                    .build(),
                            until));
        }
    }

    Response showSchedule() {
        return Response.newBuilder()
                .setType(Response.Type.GET_MAINTENANCE_SCHEDULE)
                .setGetMaintenanceSchedule(
                        Response.GetMaintenanceSchedule.newBuilder().setSchedule(schedule))
                .build();
    }

    /** The machines that are to leave, with what frameworks said. None is down: that is not built. */
    Response showStatus() {
        ClusterStatus.Builder status = ClusterStatus.newBuilder();
        for (Window window : schedule.getWindowsList()) {
            for (MachineID machine : window.getMachineIdsList()) {
                ClusterStatus.DrainingMachine.Builder draining =
                        status.addDrainingMachinesBuilder().setId(machine);
                answers.forEach((key, answer) -> {
                    if (agents.find(key.agent)
                            .filter(agent -> MaintenanceRules.isOn(agent, machine))
                            .isPresent()) {
                        draining.addStatuses(answer.status);
                    }
                });
            }
        }
        return Response.newBuilder()
                .setType(Response.Type.GET_MAINTENANCE_STATUS)
                .setGetMaintenanceStatus(
                        Response.GetMaintenanceStatus.newBuilder().setStatus(status))
                .build();
    }
}
