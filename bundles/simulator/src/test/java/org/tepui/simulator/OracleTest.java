// SPDX-License-Identifier: Apache-2.0
package org.tepui.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;
import org.tepui.runtime.simulated.SimulatedWorld;
import org.tepui.v1.TaskID;
import org.tepui.v1.TaskState;
import org.tepui.v1.TaskStatus;

class OracleTest {
    private static final TaskName TASK = new TaskName(1, "t");

    private final Oracle oracle = new Oracle(new SimulatedWorld(1).time());

    private static TaskStatus status(TaskState state, String uuid) {
        TaskStatus.Builder status = TaskStatus.newBuilder()
                .setTaskId(TaskID.newBuilder().setValue("t"))
                .setState(state);
        if (!uuid.isEmpty()) {
            status.setUuid(ByteString.copyFromUtf8(uuid));
        }
        return status.build();
    }

    private void hears(TaskState state, String uuid) {
        TaskStatus status = status(state, uuid);
        oracle.received(TASK, status);
        oracle.acknowledged(TASK, status);
    }

    private void violates(String... invariants) {
        assertThat(oracle.violations()).extracting(Violation::invariant).containsExactly(invariants);
    }

    @Test
    void aTaskThatRunsAndFinishesIsFine() {
        oracle.launched(TASK);
        oracle.processStarted(TASK, "a");
        hears(TaskState.TASK_RUNNING, "1");
        hears(TaskState.TASK_RUNNING, "1");
        hears(TaskState.TASK_FINISHED, "2");
        hears(TaskState.TASK_FINISHED, "2");
        oracle.settle(1);

        assertThat(oracle.isSettled()).isTrue();
        violates();
    }

    @Test
    void aTaskNobodySpeaksOfIsLostInSilence() {
        oracle.launched(TASK);
        assertThat(oracle.isSettled()).isFalse();
        oracle.settle(1);
        violates("I3");
    }

    @Test
    void aTaskThatCouldNotBeLaunchedHadNoOffer() {
        oracle.settle(1);
        violates("I16");
    }

    @Test
    void aStatusThatComesAgainAndAgainWasNotAcknowledged() {
        oracle.launched(TASK);
        hears(TaskState.TASK_FINISHED, "1");
        oracle.settle(1);
        violates();
        hears(TaskState.TASK_FINISHED, "1");
        violates("I5");
    }

    @Test
    void aSecondProcessIsADoubleLaunch() {
        oracle.launched(TASK);
        oracle.processStarted(TASK, "a");
        oracle.processStarted(TASK, "b");
        violates("I4");
    }

    @Test
    void aProcessWhoseEndIsOnlySupposedIsOwedAnUpdate() {
        oracle.launched(TASK);
        oracle.processStarted(TASK, "a");
        hears(TaskState.TASK_RUNNING, "1");
        hears(TaskState.TASK_LOST, "");
        oracle.settle(1);
        violates("I5");
    }

    @Test
    void anOlderStatusAfterANewerOneIsOutOfOrder() {
        oracle.launched(TASK);
        hears(TaskState.TASK_STARTING, "1");
        hears(TaskState.TASK_RUNNING, "2");
        hears(TaskState.TASK_STARTING, "1");
        violates("I5");
    }

    @Test
    void newsAfterAnAcknowledgedEndContradictIt() {
        oracle.launched(TASK);
        hears(TaskState.TASK_FAILED, "1");
        hears(TaskState.TASK_LOST, "");
        violates("I6");
    }

    @Test
    void aTaskNobodyLaunchedIsNotRun() {
        oracle.processStarted(TASK, "a");
        violates("I4");
    }
}
