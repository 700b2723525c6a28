// SPDX-License-Identifier: Apache-2.0
package org.tepui.registrar;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.tepui.proto.registry.AgentAdmitted;
import org.tepui.proto.registry.AgentMarkedGone;
import org.tepui.proto.registry.AgentMarkedUnreachable;
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
import org.tepui.v1.WeightInfo;
import org.tepui.v1.maintenance.Schedule;
import org.tepui.v1.quota.QuotaConfig;

/**
 * The hard state of a cluster: what replaying the records of its registry gives. A master that leads and one that
 * recovers come to the same state, because both only replay. An agent is admitted, unreachable or gone, or not
 * known.
 *
 * <p>Hard state. A plain class: read and written on the loop of its owner.
 */
public final class RegistryState {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    /** Policies for which a state is kept: each may have 1 MiB. */
    private static final int ALLOCATOR_STATES = 4;

    private final RegistryLimits limits;
    private long epoch;
    private String masterId = "";
    private final Map<String, AgentInfo> admitted = new LinkedHashMap<>();
    private final Map<String, UnreachableAgent> unreachable = new LinkedHashMap<>();
    private final Map<String, AgentMarkedGone> gone = new LinkedHashMap<>();
    private final Map<String, FrameworkUpdated> frameworks = new LinkedHashMap<>();
    private final Map<String, FrameworkRemoved> removedFrameworks = new LinkedHashMap<>();
    private @Nullable AllocatorChosen allocator;
    private final Map<String, AllocatorStateSaved> allocatorStates = new LinkedHashMap<>();
    private final SortedMap<String, QuotaConfig> quotas = new TreeMap<>();
    private final SortedMap<String, WeightInfo> weights = new TreeMap<>();
    private Schedule maintenance = Schedule.getDefaultInstance();

    /** An empty state. */
    public RegistryState(RegistryLimits limits) {
        this.limits = limits;
    }

    /**
     * An agent that does not answer.
     *
     * @param agent as it was admitted
     * @param since when it was given up, on the wall clock
     */
    public record UnreachableAgent(AgentInfo agent, Instant since) {
        private static UnreachableAgent of(AgentInfo agent, AgentMarkedUnreachable mark) {
            return new UnreachableAgent(agent, instant(mark.getUnreachableTime().getNanoseconds()));
        }

        private AgentMarkedUnreachable mark() {
            AgentMarkedUnreachable.Builder mark =
                    AgentMarkedUnreachable.newBuilder().setAgentId(agent.getId());
            mark.getUnreachableTimeBuilder().setNanoseconds(nanos(since));
            return mark.build();
        }
    }

    /** The largest epoch of a master so far, 0 before the first. */
    public long epoch() {
        return epoch;
    }

    /** The id of the master that started last; empty before the first. */
    public String masterId() {
        return masterId;
    }

    /** The agents that are admitted and not given up, oldest first. */
    public Collection<AgentInfo> admittedAgents() {
        return Collections.unmodifiableCollection(admitted.values());
    }

    /** The agents that were given up and may come back, by the time at which they were. */
    public Collection<UnreachableAgent> unreachableAgents() {
        return Collections.unmodifiableCollection(unreachable.values());
    }

    /** The agents that never come back, by the time at which that was said. */
    public Collection<AgentMarkedGone> goneAgents() {
        return Collections.unmodifiableCollection(gone.values());
    }

    /** The frameworks that did not end, with what was recorded of them last. */
    public Collection<FrameworkUpdated> frameworks() {
        return Collections.unmodifiableCollection(frameworks.values());
    }

    /** The frameworks that ended, oldest first. */
    public Collection<FrameworkRemoved> removedFrameworks() {
        return Collections.unmodifiableCollection(removedFrameworks.values());
    }

    /** The allocation policy that was chosen, if one ever was. */
    public Optional<AllocatorChosen> allocator() {
        return Optional.ofNullable(allocator);
    }

    /** What the policy of a name wanted to be kept, if anything. */
    public Optional<AllocatorStateSaved> allocatorState(String name) {
        return Optional.ofNullable(allocatorStates.get(name));
    }

    /** The quotas that operators set, by role. */
    public Collection<QuotaConfig> quotas() {
        return Collections.unmodifiableCollection(quotas.values());
    }

    /** The weights that operators set, by role. */
    public Collection<WeightInfo> weights() {
        return Collections.unmodifiableCollection(weights.values());
    }

    /** Which machines will not be available when. */
    public Schedule maintenance() {
        return maintenance;
    }

    /** The admitted agent of an id. */
    public Optional<AgentInfo> admittedAgent(String agentId) {
        return Optional.ofNullable(admitted.get(agentId));
    }

    /** The unreachable agent of an id. */
    public Optional<UnreachableAgent> unreachableAgent(String agentId) {
        return Optional.ofNullable(unreachable.get(agentId));
    }

    /** Whether an agent was said to be gone. */
    public boolean isGone(String agentId) {
        return gone.containsKey(agentId);
    }

    /** Whether a framework ended. */
    public boolean isRemoved(String frameworkId) {
        return removedFrameworks.containsKey(frameworkId);
    }

    /**
     * Makes one change. A change that has no object any more, as the mark on an agent that was removed, changes
     * nothing.
     *
     * @throws UnknownRecordException if the record is none of those that this version knows
     */
    public void replay(Record record) {
        switch (record.getChangeCase()) {
            case MASTER_STARTED -> masterStarted(record.getMasterStarted());
            case AGENT_ADMITTED -> agentAdmitted(record.getAgentAdmitted().getAgent());
            case AGENT_UPDATED -> agentUpdated(record.getAgentUpdated().getAgent());
            case AGENT_MARKED_UNREACHABLE -> agentMarkedUnreachable(record.getAgentMarkedUnreachable());
            case AGENT_MARKED_REACHABLE ->
                agentMarkedReachable(record.getAgentMarkedReachable().getAgentId());
            case AGENT_MARKED_GONE -> agentMarkedGone(record.getAgentMarkedGone());
            case AGENT_REMOVED ->
                forgetAgent(record.getAgentRemoved().getAgentId().getValue());
            case FRAMEWORK_UPDATED -> frameworkUpdated(record.getFrameworkUpdated());
            case FRAMEWORK_REMOVED -> frameworkRemoved(record.getFrameworkRemoved());
            case ALLOCATOR_CHOSEN -> allocator = record.getAllocatorChosen();
            case ALLOCATOR_STATE_SAVED -> allocatorStateSaved(record.getAllocatorStateSaved());
            case QUOTAS_UPDATED -> record.getQuotasUpdated().getConfigsList().forEach(this::quotaUpdated);
            case WEIGHTS_UPDATED ->
                record.getWeightsUpdated().getWeightsList().forEach(weight -> weights.put(weight.getRole(), weight));
            case MAINTENANCE_SCHEDULED ->
                maintenance = record.getMaintenanceScheduled().getSchedule();
            case CHANGE_NOT_SET ->
                throw new UnknownRecordException("the registry has a record of an unknown kind (fields "
                        + record.getUnknownFields().asMap().keySet() + "): a newer version of this program wrote it");
        }
    }

    private void masterStarted(MasterStarted start) {
        epoch = Math.max(epoch, start.getEpoch());
        masterId = start.getMasterId();
    }

    private void agentAdmitted(AgentInfo agent) {
        forgetAgent(agent.getId().getValue());
        admitted.put(agent.getId().getValue(), agent);
    }

    private void agentUpdated(AgentInfo agent) {
        String id = agent.getId().getValue();
        admitted.computeIfPresent(id, (key, old) -> agent);
        unreachable.computeIfPresent(id, (key, old) -> new UnreachableAgent(agent, old.since()));
    }

    private void agentMarkedUnreachable(AgentMarkedUnreachable mark) {
        String id = mark.getAgentId().getValue();
        AgentInfo agent = admitted.remove(id);
        if (agent != null) {
            unreachable.put(id, UnreachableAgent.of(agent, mark));
            keepNewest(unreachable, limits.unreachableAgents());
        }
    }

    private void agentMarkedReachable(AgentID agentId) {
        UnreachableAgent back = unreachable.remove(agentId.getValue());
        if (back != null) {
            admitted.put(agentId.getValue(), back.agent());
        }
    }

    private void agentMarkedGone(AgentMarkedGone mark) {
        String id = mark.getAgentId().getValue();
        forgetAgent(id);
        gone.put(id, mark);
        keepNewest(gone, limits.goneAgents());
    }

    private void forgetAgent(String id) {
        admitted.remove(id);
        unreachable.remove(id);
        gone.remove(id);
    }

    private void frameworkUpdated(FrameworkUpdated update) {
        String id = update.getFramework().getId().getValue();
        removedFrameworks.remove(id);
        frameworks.put(id, update);
    }

    private void frameworkRemoved(FrameworkRemoved removal) {
        String id = removal.getFrameworkId().getValue();
        frameworks.remove(id);
        removedFrameworks.remove(id);
        removedFrameworks.put(id, removal);
        keepNewest(removedFrameworks, limits.removedFrameworks());
    }

    private void allocatorStateSaved(AllocatorStateSaved saved) {
        allocatorStates.remove(saved.getName());
        allocatorStates.put(saved.getName(), saved);
        keepNewest(allocatorStates, ALLOCATOR_STATES);
    }

    private void quotaUpdated(QuotaConfig quota) {
        if (quota.getGuaranteesCount() == 0 && quota.getLimitsCount() == 0) {
            quotas.remove(quota.getRole());
        } else {
            quotas.put(quota.getRole(), quota);
        }
    }

    private static void keepNewest(Map<String, ?> entries, int limit) {
        Iterator<String> oldest = entries.keySet().iterator();
        while (entries.size() > limit) {
            oldest.next();
            oldest.remove();
        }
    }

    /**
     * The unreachable and gone agents which are too old. The master is to commit their removal now and then: age is a
     * decision, and replaying does not look at a clock.
     *
     * @param now on the wall clock
     */
    public List<AgentID> expired(Instant now) {
        Instant oldest = now.minus(limits.agentAge());
        List<AgentID> agents = new ArrayList<>();
        for (UnreachableAgent agent : unreachable.values()) {
            if (agent.since().isBefore(oldest)) {
                agents.add(agent.agent().getId());
            }
        }
        for (AgentMarkedGone mark : gone.values()) {
            if (instant(mark.getTime().getNanoseconds()).isBefore(oldest)) {
                agents.add(mark.getAgentId());
            }
        }
        return agents;
    }

    /** The fewest records that give this state when an empty one replays them. */
    public List<Record> toRecords() {
        List<Record> records = new ArrayList<>();
        if (epoch > 0) {
            records.add(Record.newBuilder()
                    .setMasterStarted(
                            MasterStarted.newBuilder().setMasterId(masterId).setEpoch(epoch))
                    .build());
        }
        for (UnreachableAgent agent : unreachable.values()) {
            records.add(admission(agent.agent()));
            records.add(
                    Record.newBuilder().setAgentMarkedUnreachable(agent.mark()).build());
        }
        for (AgentInfo agent : admitted.values()) {
            records.add(admission(agent));
        }
        for (AgentMarkedGone mark : gone.values()) {
            records.add(Record.newBuilder().setAgentMarkedGone(mark).build());
        }
        for (FrameworkUpdated framework : frameworks.values()) {
            records.add(Record.newBuilder().setFrameworkUpdated(framework).build());
        }
        for (FrameworkRemoved removal : removedFrameworks.values()) {
            records.add(Record.newBuilder().setFrameworkRemoved(removal).build());
        }
        if (allocator != null) {
            records.add(Record.newBuilder().setAllocatorChosen(allocator).build());
        }
        for (AllocatorStateSaved saved : allocatorStates.values()) {
            records.add(Record.newBuilder().setAllocatorStateSaved(saved).build());
        }
        addSettings(records);
        return records;
    }

    private void addSettings(List<Record> records) {
        // one each, so that no record is too long for one write
        for (QuotaConfig quota : quotas.values()) {
            records.add(Record.newBuilder()
                    .setQuotasUpdated(QuotasUpdated.newBuilder().addConfigs(quota))
                    .build());
        }
        for (WeightInfo weight : weights.values()) {
            records.add(Record.newBuilder()
                    .setWeightsUpdated(WeightsUpdated.newBuilder().addWeights(weight))
                    .build());
        }
        if (maintenance.getWindowsCount() > 0) {
            records.add(Record.newBuilder()
                    .setMaintenanceScheduled(MaintenanceScheduled.newBuilder().setSchedule(maintenance))
                    .build());
        }
    }

    private static Record admission(AgentInfo agent) {
        return Record.newBuilder()
                .setAgentAdmitted(AgentAdmitted.newBuilder().setAgent(agent))
                .build();
    }

    private static Instant instant(long nanos) {
        return Instant.EPOCH.plus(Duration.ofNanos(nanos));
    }

    private static long nanos(Instant time) {
        return Math.addExact(Math.multiplyExact(time.getEpochSecond(), NANOS_PER_SECOND), time.getNano());
    }
}
