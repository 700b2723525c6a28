// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.api.AgentId;
import org.tepui.api.FaultDomain;
import org.tepui.api.TaskState;
import org.tepui.api.resources.DynamicReservations;
import org.tepui.api.resources.Resources;
import org.tepui.proto.convert.DomainConversion;
import org.tepui.proto.convert.IdConversion;
import org.tepui.proto.internal.AgentRefused;
import org.tepui.proto.internal.AgentRegistered;
import org.tepui.proto.internal.PingAgent;
import org.tepui.proto.internal.RegisterAgent;
import org.tepui.proto.internal.ReregisterAgent;
import org.tepui.proto.internal.ShutdownAgent;
import org.tepui.proto.internal.ShutdownFramework;
import org.tepui.proto.internal.TaskReference;
import org.tepui.transport.Connection;
import org.tepui.transport.Exchange;
import org.tepui.v1.AgentInfo;
import org.tepui.v1.FrameworkID;
import org.tepui.v1.TaskStatus;

/**
 * The life of agents: admission, return, loss of sight and removal. Each of them is durable before anybody is told.
 * Agents repeat their requests until they are answered, so that no answer is kept for one that did not get it.
 */
final class AgentManager {
    private static final Logger log = LoggerFactory.getLogger(AgentManager.class);
    private static final PingAgent NOT_CONNECTED =
            PingAgent.newBuilder().setConnected(false).build();

    private final MasterContext context;
    private final Agents agents;
    private final Frameworks frameworks;
    private final OfferManager offers;
    private final TaskManager tasks;
    private final TaskReadmission readmission;
    private final AllocatorSlot slot;
    private final Registry registry;
    private final Maintenance maintenance;
    private final AgentPings pings;
    /** Registrations that wait for the registry: a repeat of one is dropped, the answer is on its way. */
    private final Set<String> registering = new HashSet<>();

    private long nextAgent;

    AgentManager(Managers managers) {
        this.context = managers.context();
        this.agents = managers.agents();
        this.frameworks = managers.frameworks();
        this.offers = managers.offers();
        this.tasks = managers.tasks();
        this.readmission = managers.readmission();
        this.slot = managers.slot();
        this.registry = managers.registry();
        this.maintenance = managers.maintenance();
        this.pings = new AgentPings(context, this::missedPings);
    }

    /** A new agent asks to be admitted. */
    void register(RegisterAgent message, Exchange exchange) {
        context.figures().registerMessages.increment();
        Connection connection = exchange.connection();
        Optional<String> problem = AgentRules.problem(message).or(() -> domainProblem(message.getAgent()));
        if (problem.isPresent()) {
            refuse(connection, problem.get());
            return;
        }
        String uuid = message.getRegistrationUuid();
        Optional<AgentEntry> known = agents.byRegistration(uuid);
        if (known.isPresent()) {
            // the answer to an earlier request got lost, with its connection or without
            AgentEntry agent = known.get();
            connect(agent, connection);
            answer(agent, List.of());
            return;
        }
        if (!registering.add(uuid)) {
            return;
        }
        AgentId id = new AgentId(context.info().getId() + "-S" + nextAgent++);
        AgentInfo info = AgentRules.withId(message.getAgent(), id);
        AgentEntry agent = new AgentEntry(id, info, AgentState.ADMITTING);
        agent.registrationUuid = uuid;
        agent.version = message.getVersion();
        agent.capabilities = message.getCapabilitiesList();
        agents.add(agent);
        Optional<AgentEntry> replaced =
                agents.byAddress(Agents.address(agent)).filter(old -> old.state() == AgentState.DISCONNECTED);
        registry.agentAdmitted(info, replaced.map(old -> old.id), () -> {
            registering.remove(uuid);
            replaced.ifPresent(this::replaced);
            agent.total = AgentRules.total(info);
            agent.remote = isRemote(info);
            agent.registeredTime = context.clock().wallTime();
            agents.move(agent, AgentState.ACTIVE);
            context.figures().agentsActive.incrementAndGet();
            slot.agentAdded(agent);
            connect(agent, connection);
            context.figures().registrations.increment();
            log.info("Agent {} at {} registered with {}", id, Agents.address(agent), agent.total);
            answer(agent, List.of());
        });
    }

    /** A new agent took the address of one that is disconnected: that one's work directory is gone. */
    private void replaced(AgentEntry old) {
        if (!old.state().inBooks()) {
            return;
        }
        log.info("Agent {} is removed: a new agent registered at its address", old.id);
        if (old.state() != AgentState.MARKING_UNREACHABLE) {
            leaveBooks(old);
        }
        tasks.endAll(
                old, TaskState.GONE, TaskStatus.Reason.REASON_AGENT_REMOVED, "A new agent registered at its address");
        agents.move(old, AgentState.REMOVED);
        slot.agentRemoved(old);
        agents.remove(old);
        context.figures().removals.increment();
        frameworks.all().forEach(framework -> framework.send(Events.agentLost(old.id)));
    }

    /** An agent that has an id comes back, with everything it runs. */
    void reregister(ReregisterAgent message, Exchange exchange) {
        context.figures().reregisterMessages.increment();
        Connection connection = exchange.connection();
        Optional<String> problem = AgentRules.problem(message).or(() -> domainProblem(message.getAgent()));
        if (problem.isPresent()) {
            refuse(connection, problem.get());
            return;
        }
        AgentId id = new AgentId(message.getAgent().getId().getValue());
        if (agents.isGone(id)) {
            connection.send(ShutdownAgent.newBuilder()
                    .setMessage("Agent " + id + " has been marked gone")
                    .build());
            return;
        }
        AgentEntry agent = agents.find(id).orElse(null);
        if (agent == null) {
            AgentEntry forgotten = new AgentEntry(id, message.getAgent(), AgentState.ADMITTING);
            agents.add(forgotten);
            registry.agentReadmitted(message.getAgent(), () -> admitAgain(forgotten, message, connection));
            return;
        }
        problem = AgentRules.changeProblem(agent.info, message.getAgent());
        if (problem.isPresent()) {
            refuse(connection, problem.get());
            return;
        }
        switch (agent.state()) {
            case ACTIVE, DISCONNECTED -> comeBack(agent, message, connection);
            case RECOVERED -> {
                agents.move(agent, AgentState.ADMITTING);
                if (agent.info.equals(message.getAgent())) {
                    admitAgain(agent, message, connection);
                } else {
                    registry.agentUpdated(message.getAgent(), () -> admitAgain(agent, message, connection));
                }
            }
            case UNREACHABLE -> {
                agents.move(agent, AgentState.ADMITTING);
                context.figures().agentsUnreachable.decrementAndGet();
                Runnable admit = () -> admitAgain(agent, message, connection);
                if (agents.isUnreachable(id)) {
                    boolean changed = !agent.info.equals(message.getAgent());
                    registry.agentReachable(message.getAgent(), changed, admit);
                } else {
                    registry.agentReadmitted(message.getAgent(), admit);
                }
            }
            // its request is under way, or a record that contradicts it: it asks again
            case ADMITTING, MARKING_UNREACHABLE, REMOVED -> log.debug("Agent {} has to wait", id);
        }
    }

    /** Takes an agent that is not in the books into them, with its tasks. */
    private void admitAgain(AgentEntry agent, ReregisterAgent message, Connection connection) {
        describe(agent, message);
        agents.move(agent, AgentState.ACTIVE);
        context.figures().agentsActive.incrementAndGet();
        TaskReadmission.Outcome outcome = readmission.readmit(agent, message);
        slot.agentAdded(agent);
        connect(agent, connection);
        finish(agent, outcome);
    }

    /** An agent in the books lost its connection, or believes so. */
    private void comeBack(AgentEntry agent, ReregisterAgent message, Connection connection) {
        Runnable back = () -> {
            // while the record was made durable its pings may have run out
            if (!agent.isActive() && agent.state() != AgentState.DISCONNECTED) {
                return;
            }
            boolean changed = !agent.info.equals(message.getAgent());
            Resources before = agent.total;
            describe(agent, message);
            boolean forgot = !DynamicReservations.of(agent.total).equals(AgentRules.reserved(message));
            boolean resized = !before.equals(agent.total);
            if (resized) {
                offers.rescindAll(agent);
            }
            connect(agent, connection);
            if (forgot) {
                agent.openLink().ifPresent(link -> link.send(Reserver.message(agent)));
            }
            TaskReadmission.Outcome outcome = readmission.readmit(agent, message);
            if (resized || !outcome.taken().isEmpty()) {
                slot.agentReplaced(agent);
            } else if (changed) {
                slot.agentUpdated(agent);
            }
            finish(agent, outcome);
        };
        if (agent.info.equals(message.getAgent())) {
            back.run();
        } else {
            registry.agentUpdated(message.getAgent(), back);
        }
    }

    private void describe(AgentEntry agent, ReregisterAgent message) {
        // an agent in the books may have missed what was reserved last; of another the master knows nothing
        Resources reserved = agent.state() == AgentState.ACTIVE || agent.state() == AgentState.DISCONNECTED
                ? DynamicReservations.of(agent.total)
                : AgentRules.reserved(message);
        agents.describe(agent, message.getAgent());
        agent.version = message.getVersion();
        agent.capabilities = message.getCapabilitiesList();
        agent.remote = isRemote(agent.info);
        agent.total = DynamicReservations.apply(AgentRules.total(agent.info), reserved);
        agent.reregisteredTime = context.clock().wallTime();
        agent.unreachableTime = null;
    }

    private Optional<String> domainProblem(AgentInfo info) {
        return AgentRules.domainProblem(info, context.config().domain());
    }

    /** Whether an agent stands in another region than this master. */
    private boolean isRemote(AgentInfo info) {
        Optional<String> own = context.config().domain().map(FaultDomain::region);
        Optional<String> its = DomainConversion.toApi(info.getDomain()).map(FaultDomain::region);
        return its.isPresent() && !its.equals(own);
    }

    private void finish(AgentEntry agent, TaskReadmission.Outcome outcome) {
        context.figures().reregistrations.increment();
        log.info("Agent {} re-registered with {} tasks", agent.id, agent.tasks.size());
        answer(agent, outcome.missing());
        agent.openLink().ifPresent(link -> {
            outcome.over()
                    .forEach(framework -> link.send(ShutdownFramework.newBuilder()
                            .setFrameworkId(FrameworkID.newBuilder().setValue(framework.value()))
                            .build()));
            outcome.kills().forEach(link::send);
            agent.waitingKills.values().forEach(link::send);
            agent.waitingKills.clear();
        });
    }

    /** The agent speaks over this connection from now on. */
    private void connect(AgentEntry agent, Connection connection) {
        AgentLink previous = agent.link;
        if (previous == null || previous.connection().id() != connection.id()) {
            agents.connect(agent, new AgentLink(connection, this::flushLater));
            if (previous != null && agents.byConnection(previous.connection()).isEmpty()) {
                previous.connection().close("the agent came back over another connection");
            }
        }
        if (agent.state() == AgentState.DISCONNECTED) {
            agents.move(agent, AgentState.ACTIVE);
            context.figures().agentsDisconnected.decrementAndGet();
            context.figures().agentsActive.incrementAndGet();
            slot.agentActivated(agent);
        }
        maintenance.connected(agent);
        pings.start(agent);
        if (!connection.isOpen()) {
            disconnected(connection);
        }
    }

    private void flushLater(AgentLink link) {
        context.loop().execute("flush agent messages", link::flushNow);
    }

    private void answer(AgentEntry agent, List<TaskReference> missing) {
        agent.openLink()
                .ifPresent(link -> link.send(AgentRegistered.newBuilder()
                        .setAgentId(IdConversion.toWire(agent.id))
                        .setMaster(context.info())
                        .setPingTimeoutMs(context.config().totalPingTimeout().toMillis())
                        .addAllUnknownTasks(missing)
                        .build()));
    }

    private void refuse(Connection connection, String reason) {
        log.warn("Refused the agent at {}: {}", connection.peer().address(), reason);
        connection.send(AgentRefused.newBuilder().setReason(reason).build());
    }

    /** An agent answers a ping. */
    void pong(Connection connection) {
        agents.byConnection(connection).forEach(pings::answered);
    }

    /** A connection broke: agents have until their pings run out to come back. */
    void disconnected(Connection connection) {
        for (AgentEntry agent : List.copyOf(agents.byConnection(connection))) {
            agents.disconnect(agent);
            if (agent.isActive()) {
                log.info("Agent {} disconnected", agent.id);
                agents.move(agent, AgentState.DISCONNECTED);
                context.figures().agentsActive.decrementAndGet();
                context.figures().agentsDisconnected.incrementAndGet();
                slot.agentDeactivated(agent);
                offers.rescindAll(agent);
            }
        }
    }

    private void missedPings(AgentEntry agent) {
        markUnreachable(agent, "it did not answer " + context.config().maxAgentPingTimeouts() + " pings");
    }

    /** After a failover: agents that did not come back in time are unreachable. */
    void giveUpRecovered() {
        for (AgentEntry agent : agents.snapshot()) {
            if (agent.state() == AgentState.RECOVERED) {
                markUnreachable(agent, "it did not re-register in time");
            }
        }
    }

    private void markUnreachable(AgentEntry agent, String why) {
        boolean wasInBooks = agent.state().inBooks();
        if (wasInBooks) {
            slot.agentDeactivated(agent);
            leaveBooks(agent);
        }
        agents.move(agent, AgentState.MARKING_UNREACHABLE);
        agent.unreachableTime = context.clock().wallTime();
        registry.agentUnreachable(agent.id, agent.unreachableTime, () -> {
            if (agent.state() != AgentState.MARKING_UNREACHABLE) {
                // a new agent took its place meanwhile
                return;
            }
            log.warn("Agent {} is unreachable: {}", agent.id, why);
            agent.openLink().ifPresent(link -> link.send(NOT_CONNECTED));
            agents.forgetWays(agent);
            agents.move(agent, AgentState.UNREACHABLE);
            context.figures().unreachableTransitions.increment();
            context.figures().agentsUnreachable.incrementAndGet();
            tasks.loseSight(agent, "Agent " + agent.info.getHostname() + " is unreachable: " + why);
            if (wasInBooks) {
                slot.agentRemoved(agent);
            }
            frameworks.all().forEach(framework -> framework.send(Events.agentLost(agent.id)));
        });
    }

    /** What leaves with an agent at once: its pings, its offers, its place in the counts. */
    private void leaveBooks(AgentEntry agent) {
        pings.stop(agent);
        offers.rescindAll(agent);
        (agent.isActive() ? context.figures().agentsActive : context.figures().agentsDisconnected).decrementAndGet();
    }

    /** Stops the timers of all agents. */
    void stop() {
        agents.all().forEach(pings::stop);
    }
}
