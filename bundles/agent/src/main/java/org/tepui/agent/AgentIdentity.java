// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.tepui.api.AgentId;
import org.tepui.proto.agent.Admitted;
import org.tepui.proto.agent.AgentRecord;
import org.tepui.proto.convert.IdConversion;
import org.tepui.v1.AgentInfo;

/**
 * Who this agent is: what it offers, the id that a master gave it, and the newest epoch of a leader that it has
 * seen. Hard state; without it a restarted agent would be a new one.
 */
final class AgentIdentity {
    private final Journal journal;
    private AgentInfo info = AgentInfo.getDefaultInstance();
    private @Nullable AgentInfo recorded;
    private @Nullable AgentId id;
    private long epoch;

    AgentIdentity(Journal journal) {
        this.journal = journal;
    }

    /** What it offers, with its id once it has one. */
    AgentInfo info() {
        return info;
    }

    Optional<AgentId> id() {
        return Optional.ofNullable(id);
    }

    /** The newest epoch of a leader that the agent has seen; 0 for none. */
    long epoch() {
        return epoch;
    }

    /** What it offered when it was admitted last, as the log has it. */
    Optional<AgentInfo> recorded() {
        return Optional.ofNullable(recorded);
    }

    /** What it offers in this life. */
    void configure(AgentInfo configured) {
        info = id == null ? configured : withId(configured, id);
    }

    /** Gives up the id: the agent registers as a new one, once it is described. */
    void reset() {
        id = null;
        recorded = null;
        info = AgentInfo.getDefaultInstance();
    }

    /** A master of this epoch admitted the agent under this id. */
    void admit(AgentId admitted, long leaderEpoch) {
        AgentInfo named = withId(info, admitted);
        if (named.equals(recorded) && leaderEpoch == epoch) {
            return;
        }
        apply(named, leaderEpoch);
        info = named;
        journal.append(record(named));
    }

    void replay(Admitted admitted) {
        apply(admitted.getAgent(), admitted.getEpoch());
    }

    private void apply(AgentInfo named, long leaderEpoch) {
        recorded = named;
        id = IdConversion.toApi(named.getId());
        epoch = leaderEpoch;
    }

    /** The record that makes it as it is. */
    void snapshot(Consumer<AgentRecord> records) {
        if (recorded != null) {
            records.accept(record(recorded));
        }
    }

    private AgentRecord record(AgentInfo named) {
        return AgentRecord.newBuilder()
                .setAdmitted(Admitted.newBuilder().setAgent(named).setEpoch(epoch))
                .build();
    }

    private static AgentInfo withId(AgentInfo info, AgentId id) {
        return info.toBuilder().setId(IdConversion.toWire(id)).build();
    }
}
