// SPDX-License-Identifier: Apache-2.0
package org.tepui.registrar;

import com.google.protobuf.ByteString;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.tepui.proto.registry.AgentAdmitted;
import org.tepui.proto.registry.AgentMarkedGone;
import org.tepui.proto.registry.AgentMarkedReachable;
import org.tepui.proto.registry.AgentMarkedUnreachable;
import org.tepui.proto.registry.AgentRemoved;
import org.tepui.proto.registry.AgentUpdated;
import org.tepui.proto.registry.AllocatorChosen;
import org.tepui.proto.registry.AllocatorStateSaved;
import org.tepui.proto.registry.FrameworkRemoved;
import org.tepui.proto.registry.FrameworkUpdated;
import org.tepui.proto.registry.MaintenanceScheduled;
import org.tepui.proto.registry.MasterStarted;
import org.tepui.proto.registry.QuotasUpdated;
import org.tepui.proto.registry.Record;
import org.tepui.proto.registry.WeightsUpdated;
import org.tepui.v1.AgentID;
import org.tepui.v1.AgentInfo;
import org.tepui.v1.FrameworkID;
import org.tepui.v1.FrameworkInfo;
import org.tepui.v1.TimeInfo;
import org.tepui.v1.Value;
import org.tepui.v1.WeightInfo;
import org.tepui.v1.maintenance.Schedule;
import org.tepui.v1.maintenance.Window;
import org.tepui.v1.quota.QuotaConfig;

/** Makes records for tests. */
final class Records {
    private static final int IDS = 12;

    private Records() {}

    static Record masterStarted(String masterId, long epoch) {
        return Record.newBuilder()
                .setMasterStarted(
                        MasterStarted.newBuilder().setMasterId(masterId).setEpoch(epoch))
                .build();
    }

    static Record admitted(String id, String hostname) {
        return Record.newBuilder()
                .setAgentAdmitted(AgentAdmitted.newBuilder().setAgent(agent(id, hostname)))
                .build();
    }

    static Record updated(String id, String hostname) {
        return Record.newBuilder()
                .setAgentUpdated(AgentUpdated.newBuilder().setAgent(agent(id, hostname)))
                .build();
    }

    static Record unreachable(String id, Instant since) {
        return Record.newBuilder()
                .setAgentMarkedUnreachable(AgentMarkedUnreachable.newBuilder()
                        .setAgentId(agentId(id))
                        .setUnreachableTime(time(since)))
                .build();
    }

    static Record reachable(String id) {
        return Record.newBuilder()
                .setAgentMarkedReachable(AgentMarkedReachable.newBuilder().setAgentId(agentId(id)))
                .build();
    }

    static Record gone(String id, Instant when) {
        return Record.newBuilder()
                .setAgentMarkedGone(
                        AgentMarkedGone.newBuilder().setAgentId(agentId(id)).setTime(time(when)))
                .build();
    }

    static Record removed(String id) {
        return Record.newBuilder()
                .setAgentRemoved(AgentRemoved.newBuilder().setAgentId(agentId(id)))
                .build();
    }

    static Record framework(String id, String name, boolean connected) {
        FrameworkUpdated.Builder update = FrameworkUpdated.newBuilder()
                .setFramework(FrameworkInfo.newBuilder()
                        .setUser("user")
                        .setName(name)
                        .setId(FrameworkID.newBuilder().setValue(id)))
                .setConnected(connected);
        if (!connected) {
            update.setFailoverDeadlineNs(1_000_000_000L);
        }
        return Record.newBuilder().setFrameworkUpdated(update).build();
    }

    static Record frameworkRemoved(String id, Instant when) {
        return Record.newBuilder()
                .setFrameworkRemoved(FrameworkRemoved.newBuilder()
                        .setFrameworkId(FrameworkID.newBuilder().setValue(id))
                        .setReason("torn down")
                        .setTime(time(when)))
                .build();
    }

    static Record allocatorChosen(String name, Instant when) {
        return Record.newBuilder()
                .setAllocatorChosen(AllocatorChosen.newBuilder()
                        .setName(name)
                        .putConfiguration("half.life", "7d")
                        .setTime(time(when)))
                .build();
    }

    static Record allocatorStateSaved(String name, int number) {
        return Record.newBuilder()
                .setAllocatorStateSaved(AllocatorStateSaved.newBuilder()
                        .setName(name)
                        .setStateVersion(1)
                        .setState(ByteString.copyFromUtf8("state" + number)))
                .build();
    }

    /** Any record about one of a few agents and frameworks, so that records meet. */
    static Record any(RandomGenerator random, int number) {
        String agent = "agent" + random.nextInt(IDS);
        String framework = "framework" + random.nextInt(IDS);
        Instant time = Instant.ofEpochSecond(1_800_000_000L + number);
        return switch (random.nextInt(16)) {
            case 0 -> masterStarted("master" + number, number + 1L);
            case 1, 2 -> admitted(agent, "host" + number);
            case 3 -> updated(agent, "host" + number);
            case 4 -> unreachable(agent, time);
            case 5 -> reachable(agent);
            case 6 -> gone(agent, time);
            case 7 -> removed(agent);
            case 8 -> framework(framework, "name" + number, random.nextBoolean());
            case 9 -> allocatorChosen("policy" + random.nextInt(IDS), time);
            case 10 -> allocatorStateSaved("policy" + random.nextInt(IDS), number);
            case 11 -> quota(framework, random.nextInt(3));
            case 12 -> weight(framework, 1 + random.nextInt(3));
            case 13 -> maintenance(agent, random.nextInt(2));
            default -> frameworkRemoved(framework, time);
        };
    }

    /** A guarantee and a limit, or no quota any more if there are zero cpus. */
    static Record quota(String role, int cpus) {
        QuotaConfig.Builder quota = QuotaConfig.newBuilder().setRole(role);
        if (cpus > 0) {
            Value.Scalar amount = Value.Scalar.newBuilder().setValue(cpus).build();
            quota.putGuarantees("cpus", amount).putLimits("cpus", amount);
        }
        return Record.newBuilder()
                .setQuotasUpdated(QuotasUpdated.newBuilder().addConfigs(quota))
                .build();
    }

    static Record weight(String role, double weight) {
        return Record.newBuilder()
                .setWeightsUpdated(WeightsUpdated.newBuilder()
                        .addWeights(WeightInfo.newBuilder().setRole(role).setWeight(weight)))
                .build();
    }

    /** A schedule of so many windows for a machine. */
    static Record maintenance(String hostname, int windows) {
        Schedule.Builder schedule = Schedule.newBuilder();
        for (int i = 0; i < windows; i++) {
            Window.Builder window = schedule.addWindowsBuilder();
            window.addMachineIdsBuilder().setHostname(hostname);
            window.getUnavailabilityBuilder().getStartBuilder().setNanoseconds(i);
        }
        return Record.newBuilder()
                .setMaintenanceScheduled(MaintenanceScheduled.newBuilder().setSchedule(schedule))
                .build();
    }

    private static AgentInfo agent(String id, String hostname) {
        return AgentInfo.newBuilder().setHostname(hostname).setId(agentId(id)).build();
    }

    private static AgentID agentId(String id) {
        return AgentID.newBuilder().setValue(id).build();
    }

    private static TimeInfo time(Instant time) {
        return TimeInfo.newBuilder()
                .setNanoseconds(time.getEpochSecond() * 1_000_000_000L + time.getNano())
                .build();
    }
}
