// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tepui.v1.AgentID;
import org.tepui.v1.FrameworkInfo;
import org.tepui.v1.Label;
import org.tepui.v1.Labels;
import org.tepui.v1.Offer;
import org.tepui.v1.Task;
import org.tepui.v1.TaskState;
import org.tepui.v1.TaskStatus;
import org.tepui.v1.scheduler.Call;

class ReconciliationTest {
    private TestMaster master;
    private TestAgent agent;
    private TestScheduler scheduler;

    @BeforeEach
    void cluster() {
        master = TestMaster.started();
        agent = master.agent("cpus:4");
        scheduler = master.scheduler(Messages.framework(FrameworkInfo.Capability.Type.PARTITION_AWARE)
                .setFailoverTimeout(3600)
                .build());
    }

    private static Call.Reconcile.Task ask(String task) {
        return Call.Reconcile.Task.newBuilder().setTaskId(Messages.task(task)).build();
    }

    private static Call.Reconcile.Task ask(String task, AgentID on) {
        return ask(task).toBuilder().setAgentId(on).build();
    }

    private void launch(String task) {
        Offer offer = scheduler.lastOffer();
        scheduler.accept(List.of(offer), 0, Messages.task(task, offer, "cpus:1"));
    }

    private TaskStatus answer(TestScheduler asking, Call.Reconcile.Task question) {
        int before = asking.updates().size();
        asking.reconcile(question);
        assertThat(asking.updates()).hasSize(before + 1);
        TaskStatus status = asking.lastUpdate();
        assertThat(status.getReason()).isEqualTo(TaskStatus.Reason.REASON_RECONCILIATION);
        assertThat(status.getSource()).isEqualTo(TaskStatus.Source.SOURCE_MASTER);
        assertThat(status.hasUuid()).isFalse();
        return status;
    }

    @Test
    void answersWithTheLatestStateThatTheSchedulerCanKnow() {
        launch("t");
        assertThat(answer(scheduler, ask("t")).getState()).isEqualTo(TaskState.TASK_STAGING);
        // the agent knows that it ended, the update of that has not been sent yet
        agent.update(scheduler.id(), "t", TaskState.TASK_RUNNING, TaskState.TASK_FINISHED);
        assertThat(answer(scheduler, ask("t", agent.wireId())).getState()).isEqualTo(TaskState.TASK_RUNNING);
        agent.update(scheduler.id(), "t", TaskState.TASK_FINISHED);
        assertThat(answer(scheduler, ask("t")).getState()).isEqualTo(TaskState.TASK_FINISHED);
    }

    @Test
    void repeatsTheDetailsOfTheLastStatus() {
        launch("t");
        TaskStatus running = agent.status("t", TaskState.TASK_RUNNING).toBuilder()
                .setHealthy(false)
                .setLabels(Labels.newBuilder()
                        .addLabels(Label.newBuilder().setKey("k").setValue("v")))
                .build();
        agent.resend(scheduler.id(), running, TaskState.TASK_RUNNING);
        TaskStatus status = answer(scheduler, ask("t"));
        assertThat(status.getHealthy()).isFalse();
        assertThat(status.getLabels()).isEqualTo(running.getLabels());
    }

    private void end(String task, TaskState state) {
        TaskStatus status = agent.status(task, state).toBuilder()
                .setLabels(Labels.newBuilder()
                        .addLabels(Label.newBuilder().setKey("k").setValue("v")))
                .build();
        agent.resend(scheduler.id(), status, state);
        scheduler.acknowledge(status);
    }

    @Test
    void answersWithTheEndOfATaskThatIsOverAndSettled() {
        launch("t");
        end("t", TaskState.TASK_FAILED);
        TaskStatus status = answer(scheduler, ask("t", agent.wireId()));
        assertThat(status.getState()).isEqualTo(TaskState.TASK_FAILED);
        assertThat(status.getAgentId()).isEqualTo(agent.wireId());
        assertThat(status.getLabels().getLabels(0).getValue()).isEqualTo("v");
        assertThat(answer(scheduler, ask("t")).getState()).isEqualTo(TaskState.TASK_FAILED);
        // also when it is to be killed, which is too late
        int before = scheduler.updates().size();
        scheduler.kill("t");
        assertThat(scheduler.updates()).hasSize(before + 1);
        assertThat(scheduler.lastUpdate().getState()).isEqualTo(TaskState.TASK_FAILED);
        assertThat(scheduler.lastUpdate().hasUuid()).isFalse();
        // and after its agent is gone
        agent.answersPings = false;
        master.time.advance(Duration.ofSeconds(95));
        assertThat(answer(scheduler, ask("t", agent.wireId())).getState()).isEqualTo(TaskState.TASK_FAILED);
        // a task that ended is none of those that have not
        before = scheduler.updates().size();
        scheduler.reconcile();
        assertThat(scheduler.updates()).hasSize(before);
    }

    @Test
    void answersForTheTaskThatRunsWhenAnEarlierOneHadItsId() {
        launch("t");
        end("t", TaskState.TASK_FAILED);
        launch("t");
        assertThat(answer(scheduler, ask("t")).getState()).isEqualTo(TaskState.TASK_STAGING);
    }

    @Test
    void listsAllThatHasNotEndedWhenNoTaskIsNamed() {
        launch("staging");
        launch("running");
        launch("finished");
        agent.update(scheduler.id(), "running", TaskState.TASK_RUNNING);
        agent.update(scheduler.id(), "finished", TaskState.TASK_FINISHED);
        int before = scheduler.updates().size();
        scheduler.reconcile();
        assertThat(scheduler.updates().subList(before, scheduler.updates().size()))
                .extracting(status -> status.getTaskId().getValue() + " " + status.getState())
                .containsExactly("staging TASK_STAGING", "running TASK_RUNNING");
    }

    @Test
    void saysThatATaskIsGoneFromAnAgentThatIsThere() {
        assertThat(answer(scheduler, ask("nobody", agent.wireId())).getState()).isEqualTo(TaskState.TASK_GONE);
    }

    @Test
    void saysThatATaskIsUnknownOnAnAgentThatIsUnknown() {
        AgentID nowhere = AgentID.newBuilder().setValue("nowhere").build();
        assertThat(answer(scheduler, ask("nobody", nowhere)).getState()).isEqualTo(TaskState.TASK_UNKNOWN);
        assertThat(answer(scheduler, ask("nobody")).getState()).isEqualTo(TaskState.TASK_UNKNOWN);
    }

    @Test
    void callsAllLossesLostForAFrameworkThatIsNotPartitionAware() {
        TestScheduler plain = master.scheduler(Messages.framework().build());
        assertThat(answer(plain, ask("nobody", agent.wireId())).getState()).isEqualTo(TaskState.TASK_LOST);
        assertThat(answer(plain, ask("nobody")).getState()).isEqualTo(TaskState.TASK_LOST);
    }

    @Test
    void saysThatATaskIsUnreachableAndSinceWhen() {
        launch("t");
        agent.answersPings = false;
        master.time.advance(Duration.ofSeconds(95));
        TaskStatus known = answer(scheduler, ask("t"));
        assertThat(known.getState()).isEqualTo(TaskState.TASK_UNREACHABLE);
        assertThat(known.getUnreachableTime().getNanoseconds()).isPositive();
        TaskStatus unknown = answer(scheduler, ask("other", agent.wireId()));
        assertThat(unknown.getState()).isEqualTo(TaskState.TASK_UNREACHABLE);
    }

    @Test
    void isSilentWhileAgentsAreAwaitedAfterAFailover() {
        launch("t");
        Task task = agent.describe(scheduler.id(), "t", TaskState.TASK_RUNNING);
        TestMaster next = master.failOver();
        TestScheduler back = new TestScheduler(next, scheduler.info, false).subscribe();
        back.reconcile(ask("t", agent.wireId()), ask("t"));
        back.reconcile();
        assertThat(back.updates()).isEmpty();

        TestAgent agentBack = new TestAgent(next, agent.info.getHostname(), agent.info.getPort(), "cpus:4");
        agentBack.info = agent.info;
        agentBack.reregister(List.of(scheduler.info), task);
        assertThat(answer(back, ask("t")).getState()).isEqualTo(TaskState.TASK_RUNNING);
        assertThat(answer(back, ask("nobody")).getState()).isEqualTo(TaskState.TASK_UNKNOWN);
    }

    @Test
    void saysThatAgentsAreUnreachableThatDidNotComeBackAfterAFailover() {
        TestMaster next = master.failOver();
        TestScheduler back = new TestScheduler(next, scheduler.info, false).subscribe();
        next.time.advance(Duration.ofMinutes(11));
        assertThat(answer(back, ask("t", agent.wireId())).getState()).isEqualTo(TaskState.TASK_UNREACHABLE);
        assertThat(answer(back, ask("t")).getState()).isEqualTo(TaskState.TASK_UNKNOWN);
    }
}
