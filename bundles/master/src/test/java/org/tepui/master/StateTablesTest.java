// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.Test;
import org.tepui.api.TaskState;

/** Every pair of states of every machine, against tables written a second time. */
class StateTablesTest {
    private static <S extends Enum<S>> void assertMoves(
            Class<S> states, BiPredicate<S, S> allowed, List<String> expected) {
        Set<String> moves = new LinkedHashSet<>();
        for (S from : EnumSet.allOf(states)) {
            for (S to : EnumSet.allOf(states)) {
                if (allowed.test(from, to)) {
                    moves.add(from + ">" + to);
                }
            }
        }
        assertThat(moves).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void agentsMoveAsTheTableSays() {
        assertMoves(
                AgentState.class,
                AgentState.MOVES::allows,
                List.of(
                        "RECOVERED>ADMITTING",
                        "RECOVERED>MARKING_UNREACHABLE",
                        "RECOVERED>REMOVED",
                        "ADMITTING>ACTIVE",
                        "ADMITTING>REMOVED",
                        "ACTIVE>DISCONNECTED",
                        "ACTIVE>MARKING_UNREACHABLE",
                        "ACTIVE>REMOVED",
                        "DISCONNECTED>ACTIVE",
                        "DISCONNECTED>MARKING_UNREACHABLE",
                        "DISCONNECTED>REMOVED",
                        "MARKING_UNREACHABLE>UNREACHABLE",
                        "MARKING_UNREACHABLE>REMOVED",
                        "UNREACHABLE>ADMITTING",
                        "UNREACHABLE>REMOVED"));
    }

    @Test
    void frameworksMoveAsTheTableSays() {
        assertMoves(
                FrameworkState.class,
                FrameworkState.MOVES::allows,
                List.of(
                        "RECOVERED>ACTIVE",
                        "RECOVERED>COMPLETED",
                        "ACTIVE>DISCONNECTED",
                        "ACTIVE>COMPLETED",
                        "DISCONNECTED>ACTIVE",
                        "DISCONNECTED>COMPLETED"));
    }

    @Test
    void offersEndOnce() {
        assertMoves(
                OfferState.class,
                OfferState.MOVES::allows,
                List.of("OUTSTANDING>ACCEPTED", "OUTSTANDING>DECLINED", "OUTSTANDING>RESCINDED"));
    }

    @Test
    void policiesGoThroughEveryPhaseAndEndOnce() {
        assertMoves(
                PolicyPhase.class,
                PolicyPhase.MOVES::allows,
                List.of(
                        "PREPARING>REPLAYING",
                        "PREPARING>RETIRED",
                        "PREPARING>FAILED",
                        "REPLAYING>VERIFYING",
                        "REPLAYING>CATCHING_UP",
                        "REPLAYING>RETIRED",
                        "REPLAYING>FAILED",
                        "VERIFYING>CATCHING_UP",
                        "VERIFYING>RETIRED",
                        "VERIFYING>FAILED",
                        "CATCHING_UP>SERVING",
                        "CATCHING_UP>RETIRED",
                        "CATCHING_UP>FAILED",
                        "SERVING>RETIRED",
                        "SERVING>FAILED"));
    }

    @Test
    void tasksGoForwardAndEndOnce() {
        Set<TaskState> ends = EnumSet.of(
                TaskState.FINISHED,
                TaskState.FAILED,
                TaskState.KILLED,
                TaskState.ERROR,
                TaskState.LOST,
                TaskState.DROPPED,
                TaskState.GONE,
                TaskState.GONE_BY_OPERATOR);
        List<TaskState> lives = List.of(
                TaskState.STAGING, TaskState.STARTING, TaskState.RUNNING, TaskState.KILLING, TaskState.UNREACHABLE);
        List<String> expected = new ArrayList<>(List.of(
                "STAGING>STARTING",
                "STAGING>RUNNING",
                "STAGING>KILLING",
                "STAGING>UNREACHABLE",
                "STARTING>STARTING",
                "STARTING>RUNNING",
                "STARTING>KILLING",
                "STARTING>UNREACHABLE",
                "RUNNING>RUNNING",
                "RUNNING>KILLING",
                "RUNNING>UNREACHABLE",
                "KILLING>KILLING",
                "KILLING>UNREACHABLE",
                "UNREACHABLE>STAGING",
                "UNREACHABLE>STARTING",
                "UNREACHABLE>RUNNING",
                "UNREACHABLE>KILLING"));
        lives.forEach(life -> ends.forEach(end -> expected.add(life + ">" + end)));
        assertMoves(TaskState.class, TaskMoves::allows, expected);
    }

    @Test
    void refusesTwoRowsForOneState() {
        Transitions.Builder<OfferState> table = Transitions.of(OfferState.class).from(OfferState.OUTSTANDING, Set.of());
        assertThatThrownBy(() -> table.from(OfferState.OUTSTANDING, Set.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("OUTSTANDING");
    }
}
