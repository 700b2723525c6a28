// SPDX-License-Identifier: Apache-2.0
package org.tepui.registrar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.UnknownFieldSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.tepui.proto.registry.Record;
import org.tepui.runtime.simulated.SimulatedRandomness;
import org.tepui.v1.AgentID;
import org.tepui.v1.AgentInfo;

class RegistryStateTest {
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

    private final RegistryState state = new RegistryState(RegistryLimits.DEFAULT);

    @Test
    void isTheSameLiveRecoveredAndFromASnapshotWhateverTheRecords() {
        RegistryLimits tight = new RegistryLimits(4, 3, 5, Duration.ofDays(14));
        for (int seed = 0; seed < 300; seed++) {
            SimulatedRandomness random = new SimulatedRandomness(seed);
            List<Record> records = new ArrayList<>();
            RegistryState live = new RegistryState(tight);
            RegistryState fromSnapshots = new RegistryState(tight);
            for (int i = 0; i < 200; i++) {
                Record record = Records.any(random, i);
                records.add(record);
                live.replay(record);
                fromSnapshots.replay(record);
                if (random.nextInt(20) == 0) {
                    fromSnapshots = replayed(tight, fromSnapshots.toRecords());
                }
                assertConsistent(live, tight);
            }
            List<String> expected = content(live);
            assertThat(content(replayed(tight, records))).isEqualTo(expected);
            assertThat(content(fromSnapshots)).isEqualTo(expected);
        }
    }

    private static RegistryState replayed(RegistryLimits limits, List<Record> records) {
        RegistryState replayed = new RegistryState(limits);
        records.forEach(replayed::replay);
        return replayed;
    }

    /** Everything; of the kinds that are forgotten by age also in order, since that decides what is forgotten next. */
    private static List<String> content(RegistryState state) {
        List<String> content = new ArrayList<>();
        content.add(state.epoch() + " " + state.masterId());
        state.admittedAgents().forEach(agent -> content.add("admitted " + agent));
        state.frameworks().forEach(framework -> content.add("framework " + framework));
        state.quotas().forEach(quota -> content.add("quota " + quota));
        state.weights().forEach(weight -> content.add("weight " + weight));
        content.add("maintenance " + state.maintenance());
        content.sort(null);
        state.unreachableAgents().forEach(agent -> content.add("unreachable " + agent));
        state.goneAgents().forEach(agent -> content.add("gone " + agent));
        state.removedFrameworks().forEach(removal -> content.add("removed " + removal));
        content.add("allocator " + state.allocator());
        for (int i = 0; i < 12; i++) {
            content.add("state " + state.allocatorState("policy" + i));
        }
        return content;
    }

    @Test
    void keepsTheStateOfTheFourPoliciesThatSavedItLast() {
        for (int i = 0; i < 6; i++) {
            state.replay(Records.allocatorStateSaved("policy" + i, i));
        }
        state.replay(Records.allocatorStateSaved("policy2", 100));
        state.replay(Records.allocatorStateSaved("policy6", 6));
        assertThat(state.allocatorState("policy2").map(saved -> saved.getState().toStringUtf8()))
                .contains("state100");
        assertThat(state.allocatorState("policy3")).isEmpty();
        assertThat(state.allocatorState("policy4")).isPresent();
    }

    private static void assertConsistent(RegistryState state, RegistryLimits limits) {
        assertThat(state.unreachableAgents()).hasSizeLessThanOrEqualTo(limits.unreachableAgents());
        assertThat(state.goneAgents()).hasSizeLessThanOrEqualTo(limits.goneAgents());
        assertThat(state.removedFrameworks()).hasSizeLessThanOrEqualTo(limits.removedFrameworks());
        Set<String> seen = new HashSet<>();
        state.admittedAgents()
                .forEach(agent -> assertThat(seen.add(agent.getId().getValue())).isTrue());
        state.unreachableAgents()
                .forEach(agent ->
                        assertThat(seen.add(agent.agent().getId().getValue())).isTrue());
        state.goneAgents()
                .forEach(mark ->
                        assertThat(seen.add(mark.getAgentId().getValue())).isTrue());
        state.frameworks()
                .forEach(update -> assertThat(
                                state.isRemoved(update.getFramework().getId().getValue()))
                        .isFalse());
    }

    @Test
    void followsAnAgentFromAdmissionToTheEnd() {
        replay(Records.admitted("a", "host"));
        replay(Records.unreachable("a", NOON));
        assertThat(state.admittedAgent("a")).isEmpty();
        assertThat(state.unreachableAgent("a")).hasValueSatisfying(agent -> {
            assertThat(agent.since()).isEqualTo(NOON);
            assertThat(agent.agent().getHostname()).isEqualTo("host");
        });
        replay(Records.updated("a", "other"));
        replay(Records.reachable("a"));
        assertThat(state.admittedAgent("a")).map(AgentInfo::getHostname).hasValue("other");
        replay(Records.gone("a", NOON));
        assertThat(state.isGone("a")).isTrue();
        assertThat(state.admittedAgents()).isEmpty();
        replay(Records.removed("a"));
        assertThat(state.isGone("a")).isFalse();
    }

    @Test
    void takesNoNoticeOfMarksOnAgentsThatAreNotThere() {
        replay(Records.unreachable("a", NOON));
        replay(Records.reachable("a"));
        replay(Records.updated("a", "host"));
        replay(Records.removed("a"));
        assertThat(state.toRecords()).isEmpty();
    }

    @Test
    void remembersThatAFrameworkEnded() {
        replay(Records.framework("f", "one", true));
        replay(Records.framework("f", "one", false));
        assertThat(state.frameworks()).singleElement().satisfies(update -> {
            assertThat(update.getConnected()).isFalse();
            assertThat(update.getFailoverDeadlineNs()).isEqualTo(1_000_000_000L);
        });
        replay(Records.frameworkRemoved("f", NOON));
        assertThat(state.frameworks()).isEmpty();
        assertThat(state.isRemoved("f")).isTrue();
    }

    @Test
    void neverGoesBackToAnOlderEpoch() {
        replay(Records.masterStarted("b", 7));
        replay(Records.masterStarted("c", 3));
        assertThat(state.epoch()).isEqualTo(7);
        assertThat(state.masterId()).isEqualTo("c");
    }

    @Test
    void forgetsTheOldestBeyondTheLimits() {
        RegistryState small = new RegistryState(new RegistryLimits(2, 2, 2, Duration.ofDays(14)));
        for (String id : List.of("a", "b", "c")) {
            small.replay(Records.admitted(id, id));
            small.replay(Records.unreachable(id, NOON));
            small.replay(Records.gone("gone " + id, NOON));
            small.replay(Records.frameworkRemoved("framework " + id, NOON));
        }
        assertThat(small.unreachableAgent("a")).isEmpty();
        assertThat(small.unreachableAgents()).hasSize(2);
        assertThat(small.isGone("gone a")).isFalse();
        assertThat(small.isGone("gone c")).isTrue();
        assertThat(small.isRemoved("framework a")).isFalse();
        assertThat(small.isRemoved("framework b")).isTrue();
    }

    @Test
    void namesTheAgentsThatAreTooOldToBeKept() {
        replay(Records.admitted("old", "h"));
        replay(Records.admitted("new", "h"));
        replay(Records.unreachable("old", NOON));
        replay(Records.unreachable("new", NOON.plusSeconds(1)));
        replay(Records.gone("old gone", NOON));
        Instant now = NOON.plus(Duration.ofDays(14)).plusNanos(1);
        assertThat(state.expired(now)).extracting(AgentID::getValue).containsExactly("old", "old gone");
        replay(Records.removed("old"));
        replay(Records.removed("old gone"));
        assertThat(state.expired(now)).isEmpty();
        assertThat(state.unreachableAgent("new")).isPresent();
    }

    @Test
    void refusesARecordOfANewerVersion() {
        Record unknown = Record.newBuilder()
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                99,
                                UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                        .build())
                .build();
        assertThatThrownBy(() -> replay(unknown))
                .isInstanceOf(UnknownRecordException.class)
                .hasMessageContaining("[99]")
                .hasMessageContaining("newer version");
    }

    @Test
    void refusesLimitsThatKeepNothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RegistryLimits(0, 1, 1, Duration.ofDays(1)))
                .withMessageContaining("1 or more");
    }

    private void replay(Record record) {
        state.replay(record);
    }
}
