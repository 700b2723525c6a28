// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.tepui.allocator.Allocation;
import org.tepui.allocator.Preemption;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.api.Quotas;
import org.tepui.api.Role;
import org.tepui.api.Weights;
import org.tepui.proto.convert.IdConversion;
import org.tepui.proto.registry.FrameworkUpdated;
import org.tepui.registrar.RegistryState;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.Timer;
import org.tepui.transport.Connection;
import org.tepui.v1.AgentInfo;
import org.tepui.v1.MasterInfo;

/** The managers of a master that leads, wired, with what the registry knew put into the books. */
final class MasterServices implements AllocatorSlot.Client {
    private final Managers managers;
    private final AgentManager agentManager;
    private final SchedulerCallHandler schedulerCalls;
    private final OperatorCallHandler operatorCalls;
    private final TepuiCallHandler tepuiCalls;
    private final AgentMessageHandler agentMessages;
    private final AgentExpiry agentExpiry;
    private final Timer reregistrationTimeout;

    MasterServices(
            MasterParts parts, AllocatorParts allocator, MasterInfo info, Instant startTime, RegistryState recovered) {
        EventLoop loop = parts.endpoint().loop();
        MasterFigures figures = new MasterFigures(parts.metrics());
        MasterContext context = new MasterContext(
                parts.config(), loop, loop.clock(), parts.randomness(), info, new Statuses(loop.clock()), figures);
        Agents agents = new Agents(recovered);
        Frameworks frameworks = new Frameworks(parts.config().maxCompletedFrameworks(), recovered);
        Registry registry = new Registry(parts.registrar(), loop.clock());
        AllocatorSlot slot =
                new AllocatorSlot(loop, allocator, registry, recovered, parts.randomness(), parts.metrics());
        OfferManager offers = new OfferManager(context, frameworks, agents, slot);
        TaskManager tasks = new TaskManager(context, frameworks, agents, slot);
        FrameworkManager frameworkManager = new FrameworkManager(context, frameworks, offers, tasks, slot, registry);
        TaskReadmission readmission = new TaskReadmission(context, frameworks, frameworkManager, tasks);
        Maintenance maintenance = new Maintenance(context, agents, frameworks, offers, registry);
        Reserver reserver = new Reserver(agents, offers, slot);
        RoleSettings roles = new RoleSettings(agents, frameworks, offers, slot, registry);
        managers = new Managers(
                context,
                agents,
                frameworks,
                slot,
                registry,
                offers,
                tasks,
                roles,
                maintenance,
                reserver,
                frameworkManager,
                readmission);
        agentManager = new AgentManager(managers);
        schedulerCalls = new SchedulerCallHandler(managers);
        operatorCalls = new OperatorCallHandler(
                context,
                new ClusterView(agents, frameworks, roles),
                new RoleCallHandler(roles),
                reserver,
                maintenance,
                parts.metrics(),
                parts.files(),
                startTime,
                loop.clock().wallTime());
        tepuiCalls = new TepuiCallHandler(managers);
        agentMessages = new AgentMessageHandler(managers);
        agentExpiry = new AgentExpiry(context, agents, registry, recovered);
        recover(recovered);
        agentExpiry.start();
        slot.serve(this);
        reregistrationTimeout = loop.schedule(
                "agent re-registration timeout",
                parts.config().agentReregisterTimeout(),
                agentManager::giveUpRecovered);
        ResourceFigures.list(parts.metrics(), agents, loop);
        parts.metrics().gauge("master/elected", () -> 1);
        long started = loop.clock().nanoTime();
        parts.metrics().gauge("master/uptime_secs", () -> (loop.clock().nanoTime() - started) / 1e9);
    }

    private void recover(RegistryState recovered) {
        managers.roles().recover(recovered);
        managers.maintenance().recover(recovered.maintenance());
        Agents agents = managers.agents();
        recovered
                .admittedAgents()
                .forEach(info ->
                        agents.add(new AgentEntry(IdConversion.toApi(info.getId()), info, AgentState.RECOVERED)));
        recovered.unreachableAgents().forEach(unreachable -> {
            AgentInfo info = unreachable.agent();
            AgentEntry agent = new AgentEntry(IdConversion.toApi(info.getId()), info, AgentState.UNREACHABLE);
            agent.unreachableTime = unreachable.since();
            agents.add(agent);
            managers.context().figures().agentsUnreachable.incrementAndGet();
        });
        recovered
                .frameworks()
                .forEach(framework ->
                        managers.frameworkManager().recover(framework.getFramework(), deadline(framework)));
    }

    private static Optional<Instant> deadline(FrameworkUpdated framework) {
        return framework.getConnected() || !framework.hasFailoverDeadlineNs()
                ? Optional.empty()
                : Optional.of(Instant.EPOCH.plusNanos(framework.getFailoverDeadlineNs()));
    }

    Managers managers() {
        return managers;
    }

    AgentManager agentManager() {
        return agentManager;
    }

    AgentMessageHandler agentMessages() {
        return agentMessages;
    }

    SchedulerCallHandler schedulerCalls() {
        return schedulerCalls;
    }

    OperatorCallHandler operatorCalls() {
        return operatorCalls;
    }

    TepuiCallHandler tepuiCalls() {
        return tepuiCalls;
    }

    /** A connection is gone: of an agent, of a scheduler, or of neither. */
    void disconnected(Connection connection) {
        agentManager.disconnected(connection);
        managers.frameworkManager().disconnected(connection);
    }

    /** Ends all timers and lets go of the policy. */
    void stop() {
        reregistrationTimeout.cancel();
        agentExpiry.stop();
        agentManager.stop();
        managers.maintenance().stop();
        managers.frameworkManager().stop();
        managers.offers().stop();
        managers.slot().stop();
    }

    @Override
    public void offer(List<Allocation> allocations) {
        managers.offers().offer(allocations);
    }

    @Override
    public void rescind(FrameworkId framework, Role role, AgentId agent) {
        managers.offers().rescind(framework, role, agent);
    }

    @Override
    public void preempt(List<Preemption> preemptions) {
        for (Preemption preemption : preemptions) {
            managers.frameworks()
                    .find(preemption.framework())
                    .ifPresent(framework -> managers.tasks().preempt(framework, preemption));
        }
    }

    @Override
    public Iterable<FrameworkEntry> frameworks() {
        return managers.frameworks().all();
    }

    @Override
    public Iterable<AgentEntry> agents() {
        return managers.agents().all().stream().filter(MasterServices::isBooked).toList();
    }

    @Override
    public Optional<FrameworkEntry> framework(FrameworkId id) {
        return managers.frameworks().find(id);
    }

    @Override
    public Optional<AgentEntry> agent(AgentId id) {
        return managers.agents().find(id).filter(MasterServices::isBooked);
    }

    private static boolean isBooked(AgentEntry agent) {
        return agent.state() == AgentState.ACTIVE || agent.state() == AgentState.DISCONNECTED;
    }

    @Override
    public Quotas quotas() {
        return managers.roles().quotas();
    }

    @Override
    public Weights weights() {
        return managers.roles().weights();
    }
}
