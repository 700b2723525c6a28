// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import com.google.protobuf.ByteString;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.proto.convert.IdConversion;
import org.tepui.proto.registry.AgentAdmitted;
import org.tepui.proto.registry.AgentMarkedReachable;
import org.tepui.proto.registry.AgentMarkedUnreachable;
import org.tepui.proto.registry.AgentRemoved;
import org.tepui.proto.registry.AgentUpdated;
import org.tepui.proto.registry.AllocatorChosen;
import org.tepui.proto.registry.AllocatorStateSaved;
import org.tepui.proto.registry.FrameworkRemoved;
import org.tepui.proto.registry.FrameworkUpdated;
import org.tepui.proto.registry.MaintenanceScheduled;
import org.tepui.proto.registry.QuotasUpdated;
import org.tepui.proto.registry.Record;
import org.tepui.proto.registry.WeightsUpdated;
import org.tepui.registrar.Registrar;
import org.tepui.runtime.Clock;
import org.tepui.v1.AgentID;
import org.tepui.v1.AgentInfo;
import org.tepui.v1.FrameworkInfo;
import org.tepui.v1.WeightInfo;
import org.tepui.v1.maintenance.Schedule;
import org.tepui.v1.quota.QuotaConfig;

/** The master's changes of hard state, as records: what they lead to is done once they are durable, in their order. */
final class Registry {
    /** Records of one commit, so that it is never too long for one write. */
    private static final int MOST_REMOVALS = 5000;

    private final Registrar log;
    private final Clock clock;

    Registry(Registrar log, Clock clock) {
        this.log = log;
        this.clock = clock;
    }

    /** A new agent, maybe in place of another. */
    void agentAdmitted(AgentInfo agent, Optional<AgentId> replaced, Runnable durable) {
        List<Record> records = new ArrayList<>(2);
        replaced.ifPresent(id -> records.add(removed(IdConversion.toWire(id))));
        records.add(Record.newBuilder()
                .setAgentAdmitted(AgentAdmitted.newBuilder().setAgent(agent))
                .build());
        log.commit(records, durable);
    }

    /** An agent that the registry does not know comes back. */
    void agentReadmitted(AgentInfo agent, Runnable durable) {
        agentAdmitted(agent, Optional.empty(), durable);
    }

    /** An unreachable agent comes back. */
    void agentReachable(AgentInfo agent, boolean changed, Runnable durable) {
        List<Record> records = new ArrayList<>(2);
        records.add(Record.newBuilder()
                .setAgentMarkedReachable(AgentMarkedReachable.newBuilder().setAgentId(agent.getId()))
                .build());
        if (changed) {
            records.add(updated(agent));
        }
        log.commit(records, durable);
    }

    /** An admitted agent has another description. */
    void agentUpdated(AgentInfo agent, Runnable durable) {
        log.commit(List.of(updated(agent)), durable);
    }

    private static Record updated(AgentInfo agent) {
        return Record.newBuilder()
                .setAgentUpdated(AgentUpdated.newBuilder().setAgent(agent))
                .build();
    }

    void agentUnreachable(AgentId agent, Instant since, Runnable durable) {
        log.commit(
                List.of(Record.newBuilder()
                        .setAgentMarkedUnreachable(AgentMarkedUnreachable.newBuilder()
                                .setAgentId(IdConversion.toWire(agent))
                                .setUnreachableTime(Statuses.time(since)))
                        .build()),
                durable);
    }

    /** Agents that were unreachable or gone for too long. */
    void agentsForgotten(List<AgentID> agents) {
        for (int from = 0; from < agents.size(); from += MOST_REMOVALS) {
            List<AgentID> some = agents.subList(from, Math.min(agents.size(), from + MOST_REMOVALS));
            log.commit(some.stream().map(Registry::removed).toList(), () -> {});
        }
    }

    private static Record removed(AgentID agent) {
        return Record.newBuilder()
                .setAgentRemoved(AgentRemoved.newBuilder().setAgentId(agent))
                .build();
    }

    /** New quotas of some roles. */
    void quotasUpdated(List<QuotaConfig> quotas, Runnable durable) {
        log.commit(
                List.of(Record.newBuilder()
                        .setQuotasUpdated(QuotasUpdated.newBuilder().addAllConfigs(quotas))
                        .build()),
                durable);
    }

    /** Another schedule of maintenance. */
    void maintenanceScheduled(Schedule schedule, Runnable durable) {
        log.commit(
                List.of(Record.newBuilder()
                        .setMaintenanceScheduled(
                                MaintenanceScheduled.newBuilder().setSchedule(schedule))
                        .build()),
                durable);
    }

    /** New weights of some roles. */
    void weightsUpdated(List<WeightInfo> weights, Runnable durable) {
        log.commit(
                List.of(Record.newBuilder()
                        .setWeightsUpdated(WeightsUpdated.newBuilder().addAllWeights(weights))
                        .build()),
                durable);
    }

    void frameworkSubscribed(FrameworkInfo framework, Runnable durable) {
        log.commit(
                List.of(Record.newBuilder()
                        .setFrameworkUpdated(FrameworkUpdated.newBuilder()
                                .setFramework(framework)
                                .setConnected(true))
                        .build()),
                durable);
    }

    /** The scheduler of a framework is gone, and the framework is to be removed if it does not come back in time. */
    void frameworkDisconnected(FrameworkInfo framework, Instant deadline) {
        log.commit(
                List.of(Record.newBuilder()
                        .setFrameworkUpdated(FrameworkUpdated.newBuilder()
                                .setFramework(framework)
                                .setConnected(false)
                                .setFailoverDeadlineNs(Statuses.time(deadline).getNanoseconds()))
                        .build()),
                () -> {});
    }

    void frameworkRemoved(FrameworkId framework, String reason, Runnable durable) {
        log.commit(
                List.of(Record.newBuilder()
                        .setFrameworkRemoved(FrameworkRemoved.newBuilder()
                                .setFrameworkId(IdConversion.toWire(framework))
                                .setReason(reason)
                                .setTime(Statuses.time(clock.wallTime())))
                        .build()),
                durable);
    }

    /** A policy is to be used from now on, also after a failover. */
    void allocatorChosen(String name, Optional<String> version, Map<String, String> configuration, Runnable durable) {
        AllocatorChosen.Builder chosen = AllocatorChosen.newBuilder()
                .setName(name)
                .putAllConfiguration(configuration)
                .setTime(Statuses.time(clock.wallTime()));
        version.ifPresent(chosen::setVersion);
        log.commit(List.of(Record.newBuilder().setAllocatorChosen(chosen).build()), durable);
    }

    /** What a policy wants to be kept for its successors. */
    void allocatorStateSaved(String name, int stateVersion, ByteString state) {
        log.commit(
                List.of(Record.newBuilder()
                        .setAllocatorStateSaved(AllocatorStateSaved.newBuilder()
                                .setName(name)
                                .setStateVersion(stateVersion)
                                .setState(state))
                        .build()),
                () -> {});
    }
}
