// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tepui.allocator.Preemption;
import org.tepui.api.Role;
import org.tepui.api.TaskId;
import org.tepui.proto.internal.KillTask;
import org.tepui.v1.Offer;
import org.tepui.v1.TaskState;
import org.tepui.v1.scheduler.Call;

/** A policy ends tasks, and their owner is told why. */
class PreemptionTest {
    private final TestMaster master = TestMaster.started();
    private final TestAgent agent = master.agent("cpus:4");
    private final TestScheduler scheduler = master.scheduler();

    private void launch(String task) {
        Offer offer = scheduler.lastOffer();
        scheduler.accept(List.of(offer), 0, Messages.task(task, offer, "cpus:1"));
    }

    private void preempt(String task, String reason) {
        master.policy.last().preemptions = List.of(new Preemption(
                scheduler.frameworkId(),
                new TaskId(task),
                agent.id(),
                new Role("prod"),
                Duration.ofSeconds(7),
                reason));
        scheduler.send(scheduler.call(Call.Type.REVIVE).build());
    }

    @Test
    void tellsTheAgentWhyAndHowLong() {
        launch("t");
        preempt("t", "class prod waits for 1 cpu");
        KillTask kill = agent.connection.last(KillTask.class);
        assertThat(kill.getTask().getTaskId().getValue()).isEqualTo("t");
        assertThat(kill.getPreempted()).isEqualTo("Preempted for role 'prod': class prod waits for 1 cpu");
        assertThat(kill.getKillPolicy().getGracePeriod().getNanoseconds())
                .isEqualTo(Duration.ofSeconds(7).toNanos());
        assertThat(master.metric("master/tasks_preempted")).isEqualTo(1);
    }

    @Test
    void passesOverWhatEndsOrIsGone() {
        launch("t");
        preempt("other", "x");
        agent.update(scheduler.id(), "t", TaskState.TASK_FINISHED);
        preempt("t", "x");
        assertThat(agent.received(KillTask.class)).isEmpty();
        assertThat(master.metric("master/tasks_preempted")).isZero();
    }

    @Test
    void aKillThatIsNoPreemptionSaysNothingOfOne() {
        launch("t");
        scheduler.kill("t");
        assertThat(agent.connection.last(KillTask.class).hasPreempted()).isFalse();
    }

    @Test
    void boundsWhatAPolicySays() {
        launch("t");
        preempt("t", "x".repeat(100_000));
        assertThat(agent.connection.last(KillTask.class).getPreempted().length())
                .isLessThan(1100);
    }

    @Test
    void tellsADisconnectedAgentWhenItIsBack() {
        launch("t");
        agent.disconnect();
        preempt("t", "later");
        agent.reconnect();
        agent.reregister();
        assertThat(agent.connection.last(KillTask.class).getPreempted()).contains("later");
    }
}
