// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tepui.agent.AgentWorld.framework;
import static org.tepui.agent.AgentWorld.task;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tepui.proto.internal.ReregisterAgent;
import org.tepui.proto.internal.StatusUpdate;
import org.tepui.proto.internal.StatusUpdates;
import org.tepui.v1.Task;
import org.tepui.v1.TaskInfo;
import org.tepui.v1.TaskState;

class StatusUpdateTest {
    @TempDir
    Path directory;

    private AgentWorld world;

    @BeforeEach
    void start() {
        world = new AgentWorld(directory).running();
    }

    @Test
    void sendsOnlyTheFirstInLineButTellsTheNewestState() {
        world.run(framework(), task("t1"));
        StatusUpdate running = world.expectUnacknowledged("t1", TaskState.TASK_RUNNING);
        assertThat(running.getLatestState()).isEqualTo(TaskState.TASK_RUNNING);
        world.machine.exit("t1", 0);
        world.loop.settle();
        assertThat(world.master.takeUpdates()).isEmpty();
        world.loop.advance(Duration.ofSeconds(10));
        StatusUpdate again = world.expectUnacknowledged("t1", TaskState.TASK_RUNNING);
        assertThat(again.getStatus()).isEqualTo(running.getStatus());
        assertThat(again.getLatestState()).isEqualTo(TaskState.TASK_FINISHED);
        world.acknowledge(again);
        world.expect("t1", TaskState.TASK_FINISHED);
    }

    @Test
    void sendsAgainAfterTenSecondsAndThenTwiceAsLongUpToTenMinutes() {
        world.run(framework(), task("t1"));
        world.expectUnacknowledged("t1", TaskState.TASK_RUNNING);
        for (int seconds : List.of(10, 20, 40, 80, 160, 320, 600, 600, 600)) {
            keepPinged(Duration.ofSeconds(seconds).minusMillis(1));
            assertThat(world.master.takeUpdates()).as("before %s s", seconds).isEmpty();
            world.loop.advance(Duration.ofMillis(1));
            world.expectUnacknowledged("t1", TaskState.TASK_RUNNING);
        }
        assertThat(world.metric("agent/status_update_retries")).isEqualTo(9);
    }

    @Test
    void refusesAnAcknowledgementThatIsNotOfTheFirstInLine() {
        world.run(framework(), task("t1"));
        StatusUpdate running = world.expectUnacknowledged("t1", TaskState.TASK_RUNNING);
        world.acknowledge(running, ByteString.copyFromUtf8("0123456789abcdef"));
        world.acknowledge(running, ByteString.EMPTY);
        assertThat(world.metric("agent/unexpected_acknowledgements")).isEqualTo(2);
        world.acknowledge(running);
        world.acknowledge(running);
        assertThat(world.metric("agent/unexpected_acknowledgements"))
                .as("a second time")
                .isEqualTo(3);
        world.loop.advance(Duration.ofSeconds(60));
        assertThat(world.master.takeUpdates()).isEmpty();
    }

    @Test
    void saysNothingWithoutAMasterAndEverythingToTheNext() {
        world.run(framework(), task("t1"), task("t2"));
        assertThat(world.master.takeUpdates()).hasSize(2);
        world.master.disconnect();
        world.machine.exit("t1", 1);
        world.loop.advance(Duration.ofMinutes(30));
        assertThat(world.master.sent).isEmpty();
        ReregisterAgent told = world.reregister();
        assertThat(told.getFrameworksCount()).isEqualTo(1);
        assertThat(told.getTasksList()).hasSize(2);
        Task first = told.getTasks(0);
        assertThat(first.getState()).isEqualTo(TaskState.TASK_FAILED);
        assertThat(first.getStatusUpdateState()).isEqualTo(TaskState.TASK_RUNNING);
        assertThat(first.getStatusesCount()).isEqualTo(2);
        List<StatusUpdate> updates = world.master.takeUpdates();
        assertThat(updates).hasSize(2);
        assertThat(updates)
                .allSatisfy(update -> assertThat(update.getStatus().getState()).isEqualTo(TaskState.TASK_RUNNING));
    }

    @Test
    void putsWhatHappensTogetherIntoOneMessage() {
        TaskInfo[] tasks = new TaskInfo[50];
        for (int i = 0; i < tasks.length; i++) {
            tasks[i] = task("t" + i);
        }
        world.run(framework(), tasks);
        List<StatusUpdates> messages = world.master.take(StatusUpdates.class);
        assertThat(messages.stream().mapToInt(StatusUpdates::getUpdatesCount).sum())
                .isEqualTo(50);
        assertThat(messages.size()).isLessThan(25);
    }

    @Test
    void aTaskIsToldToANewMasterUntilItsEndIsAcknowledged() {
        world.run(framework(), task("t1"));
        world.expect("t1", TaskState.TASK_RUNNING);
        world.machine.exit("t1", 0);
        world.loop.settle();
        StatusUpdate finished = world.expectUnacknowledged("t1", TaskState.TASK_FINISHED);
        world.master.disconnect();
        assertThat(world.reregister().getTasksList()).hasSize(1);
        world.master.takeUpdates();
        world.acknowledge(finished);
        world.master.disconnect();
        assertThat(world.reregister().getTasksList()).isEmpty();
    }

    @Test
    void sameStatusAfterARestart() {
        world.run(framework(), task("t1"));
        StatusUpdate running = world.expectUnacknowledged("t1", TaskState.TASK_RUNNING);
        world.restart();
        assertThat(world.reregister().getTasks(0).getStatusUpdateUuid())
                .isEqualTo(running.getStatus().getUuid());
        StatusUpdate again = world.expect("t1", TaskState.TASK_RUNNING);
        assertThat(again.getStatus()).isEqualTo(running.getStatus());
        world.restart();
        assertThat(world.reregister().getTasks(0).getState()).isEqualTo(TaskState.TASK_RUNNING);
        assertThat(world.master.takeUpdates()).as("it was acknowledged").isEmpty();
    }

    private void keepPinged(Duration time) {
        Duration left = time;
        Duration step = Duration.ofSeconds(15);
        while (left.compareTo(step) > 0) {
            world.loop.advance(step);
            world.ping(true);
            left = left.minus(step);
        }
        world.loop.advance(left);
        world.master.sent.removeIf(m -> m instanceof org.tepui.proto.internal.PongAgent);
    }
}
