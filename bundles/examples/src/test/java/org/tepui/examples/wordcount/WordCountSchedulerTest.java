// SPDX-License-Identifier: Apache-2.0
package org.tepui.examples.wordcount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tepui.driver.SchedulerDriver;
import org.tepui.v1.AgentID;
import org.tepui.v1.FrameworkID;
import org.tepui.v1.MasterInfo;
import org.tepui.v1.Offer;
import org.tepui.v1.OfferID;
import org.tepui.v1.Resource;
import org.tepui.v1.TaskID;
import org.tepui.v1.TaskInfo;
import org.tepui.v1.TaskState;
import org.tepui.v1.TaskStatus;
import org.tepui.v1.Value;
import org.tepui.v1.scheduler.Call;

class WordCountSchedulerTest {
    private final List<String> calls = new ArrayList<>();
    private final List<TaskInfo> launched = new ArrayList<>();
    private final List<String> reconciled = new ArrayList<>();
    private final SchedulerDriver driver = (SchedulerDriver) Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {SchedulerDriver.class}, (proxy, method, arguments) -> {
                calls.add(method.getName());
                if (method.getName().equals("accept")) {
                    ((List<?>) arguments[1])
                            .forEach(operation -> launched.addAll(
                                    ((Offer.Operation) operation).getLaunch().getTaskInfosList()));
                } else if (method.getName().equals("reconcile")) {
                    ((List<?>) arguments[0])
                            .forEach(task -> reconciled.add(((Call.Reconcile.Task) task)
                                            .getTaskId()
                                            .getValue() + " on "
                                    + ((Call.Reconcile.Task) task).getAgentId().getValue()));
                }
                return null;
            });
    private final WordCountScheduler scheduler = new WordCountScheduler(
            new JobSettings(1, 128, 1, 2, "/bin/java", "/words.jar"), new JobDirectory(Path.of("/job")), 2);

    private Stream<String> launchedIds() {
        return launched.stream().map(task -> task.getTaskId().getValue());
    }

    private void offer(String agent, double cpus) {
        Offer.Builder offer = Offer.newBuilder()
                .setId(OfferID.newBuilder().setValue("o"))
                .setFrameworkId(FrameworkID.newBuilder().setValue("f"))
                .setAgentId(AgentID.newBuilder().setValue(agent))
                .setHostname("host");
        Map.of("cpus", cpus, "mem", 1024.0)
                .forEach((name, amount) -> offer.addResources(Resource.newBuilder()
                        .setName(name)
                        .setType(Value.Type.SCALAR)
                        .setScalar(Value.Scalar.newBuilder().setValue(amount))));
        scheduler.offers(driver, List.of(offer.build()));
    }

    private void update(String task, TaskState state) {
        scheduler.update(
                driver,
                TaskStatus.newBuilder()
                        .setTaskId(TaskID.newBuilder().setValue(task))
                        .setState(state)
                        .setMessage("of the test")
                        .build());
    }

    @Test
    void runsMapsWhereThereIsRoomThenReducesAndEnds() {
        offer("m-S0", 1);
        offer("m-S1", 4);
        assertThat(launchedIds()).containsExactly("map-0.1", "map-1.1");
        update("map-0.1", TaskState.TASK_RUNNING);
        assertThat(scheduler.progress())
                .hasToString("0/3 tasks finished, 1 running, 1 staging, 0 waiting, 0 failed, 0 agents");
        update("map-0.1", TaskState.TASK_FINISHED);
        update("map-1.1", TaskState.TASK_FINISHED);
        offer("m-S1", 4);
        assertThat(launchedIds()).endsWith("reduce-0.1");
        assertThat(scheduler.outcome()).isNotDone();
        update("reduce-0.1", TaskState.TASK_FINISHED);

        assertThat(calls).containsExactly("accept", "accept", "revive", "accept", "teardown");
        assertThat(scheduler.outcome().join().finishedByAgent()).isEqualTo(Map.of("host S0", 1, "host S1", 2));
    }

    @ParameterizedTest
    @EnumSource(
            value = TaskState.class,
            names = {"TASK_FAILED", "TASK_LOST", "TASK_KILLED", "TASK_ERROR", "TASK_GONE", "TASK_DROPPED"})
    void startsATaskAgainThatFailedOrWhoseAgentIsLost(TaskState state) {
        offer("m-S0", 2);
        update("map-1.1", TaskState.TASK_RUNNING);
        update("map-1.1", state);
        assertThat(scheduler.progress().failedAttempts()).isEqualTo(1);

        offer("m-S1", 2);
        assertThat(launchedIds()).containsExactly("map-0.1", "map-1.1", "map-1.2");
        assertThat(calls).contains("revive");
        update("map-1.2", TaskState.TASK_FINISHED);
        update("map-0.1", TaskState.TASK_FINISHED);
        offer("m-S1", 2);
        update("reduce-0.1", TaskState.TASK_FINISHED);
        assertThat(scheduler.outcome().join().failedAttempts()).isEqualTo(1);
    }

    @Test
    void givesUpWhenATaskFailedTooOften() {
        offer("m-S0", 2);
        update("map-0.1", TaskState.TASK_FAILED);
        offer("m-S0", 2);
        update("map-0.2", TaskState.TASK_LOST);

        assertThatThrownBy(scheduler.outcome()::join)
                .hasMessageContaining("task MAP 0 failed 2 times, the last time with TASK_LOST: of the test");
        assertThat(calls).endsWith("teardown");
    }

    @Test
    void killsAnAttemptThatComesBackAndCountsItsEndNotTwice() {
        offer("m-S0", 2);
        update("map-0.1", TaskState.TASK_LOST);
        offer("m-S1", 2);
        update("map-0.1", TaskState.TASK_RUNNING);
        assertThat(calls).endsWith("kill");
        update("map-0.1", TaskState.TASK_FINISHED);
        update("map-0.2", TaskState.TASK_FINISHED);
        update("map-0.2", TaskState.TASK_FINISHED);

        assertThat(scheduler.progress().finished()).isEqualTo(1);
    }

    @Test
    void asksForWhatIsUnderWayWhenItIsSubscribedAgain() {
        FrameworkID id = FrameworkID.newBuilder().setValue("f").build();
        scheduler.subscribed(driver, id, MasterInfo.getDefaultInstance());
        assertThat(calls).isEmpty();
        offer("m-S0", 1);
        scheduler.subscribed(driver, id, MasterInfo.getDefaultInstance());

        assertThat(reconciled).containsExactly("map-0.1 on m-S0");
    }

    @Test
    void declinesForLongWhenNothingWaits() {
        offer("m-S0", 2);
        offer("m-S1", 2);
        assertThat(calls).containsExactly("accept", "decline");
    }

    @Test
    void failsWhenTheMasterEndsTheFramework() {
        scheduler.error(driver, "role is not allowed");
        assertThatThrownBy(scheduler.outcome()::join).hasMessageContaining("role is not allowed");
    }
}
