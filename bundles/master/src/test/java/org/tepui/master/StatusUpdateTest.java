// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tepui.api.TaskId;
import org.tepui.proto.internal.ExecutorExited;
import org.tepui.proto.internal.ExecutorMessage;
import org.tepui.proto.internal.KillTask;
import org.tepui.proto.internal.ShutdownFramework;
import org.tepui.proto.internal.StatusUpdateAcknowledgement;
import org.tepui.proto.internal.StatusUpdateAcknowledgements;
import org.tepui.v1.AgentID;
import org.tepui.v1.DurationInfo;
import org.tepui.v1.ExecutorID;
import org.tepui.v1.FrameworkID;
import org.tepui.v1.KillPolicy;
import org.tepui.v1.Offer;
import org.tepui.v1.Request;
import org.tepui.v1.TaskState;
import org.tepui.v1.TaskStatus;
import org.tepui.v1.scheduler.Call;
import org.tepui.v1.scheduler.Event;

class StatusUpdateTest {
    private TestMaster master;
    private TestAgent agent;
    private TestScheduler scheduler;

    @BeforeEach
    void runningTask() {
        master = TestMaster.started();
        agent = master.agent("cpus:4");
        scheduler = master.scheduler();
        Offer offer = scheduler.lastOffer();
        scheduler.accept(List.of(offer), 60, Messages.task("t", offer, "cpus:4"));
    }

    @Test
    void passesRepeatsOn() {
        TaskStatus running = agent.update(scheduler.id(), "t", TaskState.TASK_RUNNING);
        agent.resend(scheduler.id(), running, TaskState.TASK_RUNNING);
        assertThat(scheduler.updates()).containsExactly(running, running);
        assertThat(master.metric("master/tasks_running")).isEqualTo(1);
    }

    @Test
    void freesTheResourcesOfATaskOnce() {
        agent.update(scheduler.id(), "t", TaskState.TASK_RUNNING, TaskState.TASK_FAILED);
        assertThat(scheduler.offers()).hasSize(2);
        TaskStatus failed = agent.update(scheduler.id(), "t", TaskState.TASK_FAILED);
        agent.resend(scheduler.id(), failed, TaskState.TASK_FAILED);
        assertThat(scheduler.offers()).hasSize(2);
        assertThat(master.policy
                        .last()
                        .held(scheduler.frameworkId(), agent.id())
                        .thousandths("cpus"))
                .isEqualTo(4000);
    }

    @Test
    void neverTakesATaskBackFromItsEnd() {
        agent.update(scheduler.id(), "t", TaskState.TASK_FINISHED);
        agent.update(scheduler.id(), "t", TaskState.TASK_RUNNING);
        assertThat(master.metric("master/tasks_running")).isZero();
        assertThat(master.metric("master/tasks_finished")).isEqualTo(1);
        assertThat(master.metric("master/illegal_task_transitions")).isEqualTo(1);
    }

    @Test
    void settlesATaskByTheAcknowledgementOfItsEndOnly() {
        TaskStatus running = agent.update(scheduler.id(), "t", TaskState.TASK_RUNNING, TaskState.TASK_FINISHED);
        scheduler.acknowledge(running);
        TaskStatus finished = agent.update(scheduler.id(), "t", TaskState.TASK_FINISHED);
        scheduler.acknowledge(running);
        scheduler.acknowledge(finished.toBuilder().setUuid(TestAgent.uuid()).build());
        assertThat(tasksInTheBooks()).containsOnlyKeys(new TaskId("t"));
        scheduler.acknowledge(finished);
        assertThat(tasksInTheBooks()).isEmpty();
        // the id may be used again
        Offer offer = scheduler.lastOffer();
        scheduler.launch(offer, Messages.task("t", offer, "cpus:1"));
        assertThat(master.metric("master/tasks_staging")).isEqualTo(1);
    }

    private Map<TaskId, TaskEntry> tasksInTheBooks() {
        Frameworks frameworks =
                master.master.services().orElseThrow().managers().frameworks();
        return frameworks.find(scheduler.frameworkId()).orElseThrow().tasks;
    }

    @Test
    void bindsAnAcknowledgementToTheTasksOfTheFramework() {
        TaskStatus finished = agent.update(scheduler.id(), "t", TaskState.TASK_FINISHED);
        TestScheduler thief = master.scheduler();
        thief.acknowledge(finished);
        List<StatusUpdateAcknowledgement> passed = agent.connection
                .sent(StatusUpdateAcknowledgements.class)
                .flatMap(a -> a.getAcknowledgementsList().stream())
                .toList();
        assertThat(passed).extracting(a -> a.getTask().getFrameworkId()).containsExactly(thief.id());
        scheduler.reconcile(
                Call.Reconcile.Task.newBuilder().setTaskId(Messages.task("t")).build());
        assertThat(scheduler.lastUpdate().getState()).isEqualTo(TaskState.TASK_FINISHED);
    }

    @Test
    void passesStatusesOfUnknownTasksOn() {
        TaskStatus status = agent.update(scheduler.id(), "unknown", TaskState.TASK_DROPPED);
        assertThat(scheduler.lastUpdate()).isEqualTo(status);
        scheduler.acknowledge(status);
        assertThat(agent.connection
                        .last(StatusUpdateAcknowledgements.class)
                        .getAcknowledgements(0)
                        .getUuid())
                .isEqualTo(status.getUuid());
    }

    @Test
    void tellsAnAgentThatAFrameworkIsOver() {
        FrameworkID nobody = FrameworkID.newBuilder().setValue("nobody").build();
        agent.update(nobody, "t", TaskState.TASK_RUNNING);
        assertThat(agent.connection.last(ShutdownFramework.class).getFrameworkId())
                .isEqualTo(nobody);
    }

    @Test
    void dropsStatusesWithIdsThatAreNotAllowed() {
        agent.update(FrameworkID.newBuilder().setValue("a/b").build(), "t", TaskState.TASK_RUNNING);
        agent.update(scheduler.id(), "", TaskState.TASK_RUNNING);
        assertThat(scheduler.updates()).isEmpty();
        assertThat(master.metric("master/invalid_status_updates")).isEqualTo(2);
    }

    @Test
    void passesAKillOnWithItsPolicy() {
        KillPolicy policy = KillPolicy.newBuilder()
                .setGracePeriod(DurationInfo.newBuilder().setNanoseconds(7))
                .build();
        scheduler.send(scheduler
                .call(Call.Type.KILL)
                .setKill(Call.Kill.newBuilder()
                        .setTaskId(Messages.task("t"))
                        .setAgentId(agent.wireId())
                        .setKillPolicy(policy))
                .build());
        KillTask kill = agent.connection.last(KillTask.class);
        assertThat(kill.getTask().getTaskId()).isEqualTo(Messages.task("t"));
        assertThat(kill.getTask().getFrameworkId()).isEqualTo(scheduler.id());
        assertThat(kill.getKillPolicy()).isEqualTo(policy);
    }

    @Test
    void sendsAKillAfterTheLaunchOfTheSameBurst() {
        agent.update(scheduler.id(), "t", TaskState.TASK_FINISHED);
        Offer offer = scheduler.lastOffer();
        RecordingExchange exchange = new RecordingExchange(scheduler.connection, false, Optional.empty());
        master.endpoint.deliver(
                scheduler
                        .call(Call.Type.ACCEPT)
                        .setAccept(Call.Accept.newBuilder()
                                .addOfferIds(offer.getId())
                                .addOperations(Offer.Operation.newBuilder()
                                        .setType(Offer.Operation.Type.LAUNCH)
                                        .setLaunch(Offer.Operation.Launch.newBuilder()
                                                .addTaskInfos(Messages.task("u", offer, "cpus:1")))))
                        .build(),
                exchange);
        scheduler.kill("u");
        List<String> order = agent.connection.sent.stream()
                .map(message -> message.getDescriptorForType().getName())
                .toList();
        assertThat(order).endsWith("RunTasks", "KillTask");
    }

    @Test
    void answersTheKillOfAnUnknownTaskWithWhatIsKnown() {
        scheduler.kill("unknown");
        assertThat(scheduler.states("unknown")).containsExactly(TaskState.TASK_UNKNOWN);
        assertThat(scheduler.lastUpdate().getReason()).isEqualTo(TaskStatus.Reason.REASON_RECONCILIATION);
    }

    @Test
    void ignoresAKillThatNamesAnotherAgent() {
        scheduler.send(scheduler
                .call(Call.Type.KILL)
                .setKill(Call.Kill.newBuilder()
                        .setTaskId(Messages.task("t"))
                        .setAgentId(AgentID.newBuilder().setValue("other")))
                .build());
        assertThat(agent.received(KillTask.class)).isEmpty();
        assertThat(scheduler.updates()).isEmpty();
    }

    @Test
    void killsACommandTaskByShuttingDownItsExecutor() {
        scheduler.send(scheduler
                .call(Call.Type.SHUTDOWN)
                .setShutdown(Call.Shutdown.newBuilder()
                        .setExecutorId(ExecutorID.newBuilder().setValue("t"))
                        .setAgentId(agent.wireId()))
                .build());
        assertThat(agent.received(KillTask.class)).hasSize(1);
    }

    @Test
    void carriesMessagesBothWays() {
        ByteString data = ByteString.copyFromUtf8("hello");
        ExecutorID executor = ExecutorID.newBuilder().setValue("t").build();
        Call message = scheduler
                .call(Call.Type.MESSAGE)
                .setMessage(Call.Message.newBuilder()
                        .setAgentId(agent.wireId())
                        .setExecutorId(executor)
                        .setData(data))
                .build();
        scheduler.send(message);
        ExecutorMessage received = agent.connection.last(ExecutorMessage.class);
        assertThat(received.getData()).isEqualTo(data);
        assertThat(received.getFrameworkId()).isEqualTo(scheduler.id());
        agent.send(received);
        assertThat(scheduler.events(Event.Type.MESSAGE))
                .extracting(event -> event.getMessage().getData())
                .containsExactly(data);
        agent.disconnect();
        assertThat(scheduler.send(message).accepted).isTrue();
        assertThat(master.metric("master/invalid_framework_to_executor_messages"))
                .isEqualTo(1);
    }

    @Test
    void saysThatAnExecutorEnded() {
        agent.send(ExecutorExited.newBuilder()
                .setFrameworkId(scheduler.id())
                .setExecutorId(ExecutorID.newBuilder().setValue("t"))
                .setStatus(9)
                .build());
        Event.Failure failure = scheduler.events(Event.Type.FAILURE).get(0).getFailure();
        assertThat(failure.getAgentId()).isEqualTo(agent.wireId());
        assertThat(failure.getExecutorId().getValue()).isEqualTo("t");
        assertThat(failure.getStatus()).isEqualTo(9);
    }

    @Test
    void passesRequestsToThePolicy() {
        scheduler.send(scheduler
                .call(Call.Type.REQUEST)
                .setRequest(Call.Request.newBuilder()
                        .addRequests(Request.newBuilder().addAllResources(Messages.resources("cpus:2"))))
                .build());
        assertThat(master.policy.last().requests)
                .extracting(request -> request.resources().toString())
                .containsExactly("cpus:2");
    }
}
