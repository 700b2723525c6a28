// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tepui.driver.SchedulerDriver;
import org.tepui.v1.Label;
import org.tepui.v1.Labels;
import org.tepui.v1.MasterInfo;
import org.tepui.v1.Offer;
import org.tepui.v1.OfferID;
import org.tepui.v1.Resource;
import org.tepui.v1.TaskID;
import org.tepui.v1.TaskInfo;
import org.tepui.v1.TaskState;
import org.tepui.v1.TaskStatus;

class RunSchedulerTest {
    private final List<String> calls = new ArrayList<>();
    private final List<TaskInfo> launched = new ArrayList<>();
    private final SchedulerDriver driver = (SchedulerDriver) Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {SchedulerDriver.class}, (proxy, method, arguments) -> {
                calls.add(method.getName());
                if (method.getName().equals("accept")) {
                    for (Object operation : (List<?>) arguments[1]) {
                        launched.addAll(
                                ((Offer.Operation) operation).getLaunch().getTaskInfosList());
                    }
                }
                return null;
            });

    @Test
    void putsAsManyTasksOnAnOfferAsFit() {
        RunScheduler scheduler = scheduler(3);
        scheduler.offers(driver, List.of(offer(0.5, 1000)));
        scheduler.offers(driver, List.of(offer(2, 256), offer(8, 1000)));

        assertThat(calls).containsExactly("decline", "accept", "accept", "suppress");
        assertThat(launched).extracting(task -> task.getTaskId().getValue()).containsExactly("n-j-1", "n-j-2", "n-j-3");
        assertThat(launched.get(0).getCommand().getArgumentsList()).containsExactly("sleep", "1");
        assertThat(scheduler.counts().of(RunTask.Outcome.STAGING)).isEqualTo(3);
    }

    @Test
    void keepsReservationsOnWhatItTakes() {
        Resource reserved = FakeCluster.scalar("cpus", 0.4).toBuilder()
                .addReservations(Resource.ReservationInfo.newBuilder().setRole("r"))
                .build();
        OfferRoom room = new OfferRoom(
                Offer.newBuilder(offer(1, 100)).addResources(0, reserved).build());

        List<Resource> taken = room.take(Map.of("cpus", BigDecimal.ONE));

        assertThat(taken).hasSize(2);
        assertThat(taken.get(0)).isEqualTo(reserved);
        assertThat(taken.get(1).getScalar().getValue()).isEqualTo(0.6);
        assertThat(room.has(Map.of("cpus", new BigDecimal("0.4")))).isTrue();
        assertThat(room.has(Map.of("cpus", new BigDecimal("0.5")))).isFalse();
    }

    @Test
    void endsWhenEachTaskHasEnded() {
        RunScheduler scheduler = scheduler(2);
        scheduler.offers(driver, List.of(offer(8, 1000)));
        scheduler.update(driver, status("n-j-1", TaskState.TASK_RUNNING));
        scheduler.update(driver, status("n-j-1", TaskState.TASK_FINISHED));
        assertThat(scheduler.outcome()).isNotDone();
        scheduler.update(driver, status("n-j-2", TaskState.TASK_FAILED));

        assertThat(scheduler.outcome().join())
                .extracting(RunTask::outcome)
                .containsExactly(RunTask.Outcome.FINISHED, RunTask.Outcome.FAILED);
        assertThat(scheduler.outcome().join()).extracting(RunTask::exitStatus).containsOnly(Optional.of("7"));
        assertThat(scheduler.counts().toString()).isEqualTo("0 waiting, 0 staging, 0 running, 1 finished, 1 failed");
    }

    @Test
    void asksForWhatItLaunchedWhenItIsSubscribedAgain() {
        RunScheduler scheduler = scheduler(1);
        scheduler.subscribed(driver, FakeCluster.FRAMEWORK, MasterInfo.getDefaultInstance());
        scheduler.offers(driver, List.of(offer(8, 1000)));
        scheduler.disconnected(driver);
        scheduler.subscribed(driver, FakeCluster.FRAMEWORK, MasterInfo.getDefaultInstance());

        assertThat(calls).containsExactly("accept", "suppress", "suppress", "reconcile");
    }

    @Test
    void failsWhenTheMasterEndsTheFramework() {
        RunScheduler scheduler = scheduler(1);
        scheduler.error(driver, "role is not allowed");
        assertThat(scheduler.outcome()).isCompletedExceptionally();
    }

    private static RunScheduler scheduler(int instances) {
        return new RunScheduler(
                new RunRequest(
                        new RunRequest.Name("n", "j"),
                        BigDecimal.ONE,
                        BigDecimal.valueOf(128),
                        instances,
                        new RunRequest.Identity("*", "root"),
                        new RunRequest.Program(List.of("sleep", "1"), Map.of()),
                        Optional.empty()),
                task -> {});
    }

    private static Offer offer(double cpus, double megabytes) {
        return Offer.newBuilder()
                .setId(OfferID.newBuilder().setValue("o"))
                .setFrameworkId(FakeCluster.FRAMEWORK)
                .setAgentId(FakeCluster.AGENT)
                .setHostname("host")
                .addResources(FakeCluster.scalar("cpus", cpus))
                .addResources(FakeCluster.scalar("mem", megabytes))
                .build();
    }

    private static TaskStatus status(String id, TaskState state) {
        return TaskStatus.newBuilder()
                .setTaskId(TaskID.newBuilder().setValue(id))
                .setState(state)
                .setLabels(Labels.newBuilder()
                        .addLabels(
                                Label.newBuilder().setKey("tepui.exit_status").setValue("7")))
                .build();
    }
}
