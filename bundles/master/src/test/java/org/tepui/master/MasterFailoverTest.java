// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tepui.api.service.Leadership;
import org.tepui.proto.internal.AgentRegistered;
import org.tepui.proto.internal.ShutdownFramework;
import org.tepui.transport.Refusal.Kind;
import org.tepui.v1.AgentID;
import org.tepui.v1.FrameworkID;
import org.tepui.v1.Offer;
import org.tepui.v1.Task;
import org.tepui.v1.TaskState;
import org.tepui.v1.TaskStatus;

class MasterFailoverTest {
    private final TestMaster master = TestMaster.started();

    private static TestAgent same(TestMaster next, TestAgent agent) {
        TestAgent back = new TestAgent(next, agent.info.getHostname(), agent.info.getPort(), "cpus:4");
        back.info = agent.info;
        return back;
    }

    @Test
    void leadsUnderALargerEpochAndANewIdAfterEveryStart() {
        assertThat(master.epoch).isEqualTo(1);
        assertThat(master.master.state()).isEqualTo(Leadership.State.LEADING);
        assertThat(master.master.leaderAddress()).contains("127.0.0.1:5050");
        TestMaster next = master.failOver();
        assertThat(next.epoch).isEqualTo(2);
        assertThat(next.master.masterId()).isNotEqualTo(master.master.masterId());
        assertThat(master.master.state()).isEqualTo(Leadership.State.NONE);
        assertThat(master.master.leaderAddress()).isEmpty();
    }

    @Test
    void rebuildsTasksFromAgentsAndFrameworksFromTheRegistry() {
        TestAgent agent = master.agent("cpus:4");
        TestScheduler scheduler =
                master.scheduler(Messages.framework().setFailoverTimeout(3600).build());
        Offer offer = scheduler.lastOffer();
        scheduler.launch(offer, Messages.task("t", offer, "cpus:1"));
        Task task = agent.describe(scheduler.id(), "t", TaskState.TASK_RUNNING);

        TestMaster next = master.failOver();
        TestAgent agentBack = same(next, agent);
        agentBack.reregister(List.of(scheduler.info), task);
        assertThat(agentBack.connection.last(AgentRegistered.class).getAgentId())
                .isEqualTo(agent.wireId());
        TestScheduler back = new TestScheduler(next, scheduler.info, false).subscribe();

        assertThat(back.id()).isEqualTo(scheduler.id());
        assertThat(next.metric("master/tasks_running")).isEqualTo(1);
        assertThat(back.lastOffer().getResources(0).getScalar().getValue()).isEqualTo(3.0);
        TaskStatus finished = agentBack.update(scheduler.id(), "t", TaskState.TASK_FINISHED);
        assertThat(back.lastUpdate()).isEqualTo(finished);
        back.acknowledge(finished);
        assertThat(next.metric("master/tasks_running")).isZero();
    }

    @Test
    void refusesAFrameworkThatWasRemovedBeforeTheFailover() {
        TestScheduler scheduler = master.scheduler();
        scheduler.tearDown();
        TestMaster next = master.failOver();
        TestScheduler back = new TestScheduler(next, scheduler.info, false);
        back.sendSubscribe();
        assertThat(back.errors()).containsExactly("Framework has been removed");
    }

    @Test
    void aSchedulerThatHangsUpAfterItsTeardownDoesNotBringItsFrameworkBack() {
        TestScheduler scheduler =
                master.scheduler(Messages.framework().setFailoverTimeout(3600).build());
        master.registrar.stuck = true;
        scheduler.tearDown();
        scheduler.disconnect();
        master.registrar.release();
        master.time.settle();
        TestScheduler back = new TestScheduler(master.failOver(), scheduler.info, false);
        back.sendSubscribe();
        assertThat(back.errors()).containsExactly("Framework has been removed");
    }

    @Test
    void keepsTheFailoverDeadlineOfAFramework() {
        TestAgent agent = master.agent("cpus:4");
        TestScheduler scheduler =
                master.scheduler(Messages.framework().setFailoverTimeout(100).build());
        Offer offer = scheduler.lastOffer();
        scheduler.launch(offer, Messages.task("t", offer, "cpus:1"));
        Task task = agent.describe(scheduler.id(), "t", TaskState.TASK_RUNNING);
        scheduler.disconnect();
        master.time.advance(Duration.ofSeconds(60));
        TestMaster next = master.failOver();
        TestAgent agentBack = same(next, agent);
        agentBack.reregister(List.of(scheduler.info), task);
        next.time.advance(Duration.ofSeconds(39));
        assertThat(agentBack.received(ShutdownFramework.class)).isEmpty();
        next.time.advance(Duration.ofSeconds(2));
        assertThat(agentBack.received(ShutdownFramework.class)).hasSize(1);
    }

    @Test
    void givesFrameworksThatWereConnectedTimeToComeBack() {
        TestScheduler scheduler = master.scheduler();
        TestMaster next = master.failOver();
        next.time.advance(Duration.ofMinutes(9));
        TestScheduler back = new TestScheduler(next, scheduler.info, false).subscribe();
        assertThat(back.id()).isEqualTo(scheduler.id());
    }

    @Test
    void knowsUnreachableAgentsOfTheMasterBefore() {
        TestAgent agent = master.agent("cpus:4");
        agent.answersPings = false;
        master.time.advance(Duration.ofSeconds(95));
        TestMaster next = master.failOver();
        assertThat(next.metric("master/slaves_unreachable")).isEqualTo(1);
        same(next, agent).reregister();
        assertThat(next.metric("master/slaves_unreachable")).isZero();
        assertThat(next.metric("master/slaves_active")).isEqualTo(1);
    }

    @Test
    void recoversAFrameworkFromAnAgentThatTheRegistryDoesNotKnow() {
        TestAgent agent = new TestAgent(master, "host", 5051, "cpus:4");
        TestScheduler stranger = new TestScheduler(master, Messages.framework().build(), false);
        stranger.info = stranger.info.toBuilder()
                .setId(FrameworkID.newBuilder().setValue("stranger"))
                .build();
        agent.info = agent.info.toBuilder()
                .setId(AgentID.newBuilder().setValue("stray"))
                .build();
        Task task = Task.newBuilder()
                .setName("t")
                .setTaskId(Messages.task("t"))
                .setFrameworkId(stranger.id())
                .setAgentId(agent.wireId())
                .setState(TaskState.TASK_RUNNING)
                .addAllResources(Messages.resources("cpus:3"))
                .build();
        agent.reregister(List.of(stranger.info), task);
        assertThat(master.scheduler().lastOffer().getResources(0).getScalar().getValue())
                .isEqualTo(1.0);
        stranger.subscribe();
        stranger.reconcile();
        assertThat(stranger.states("t")).containsExactly(TaskState.TASK_RUNNING);
    }

    @Test
    void resignsWhenNothingCanBeMadeDurableAnyMore() {
        TestScheduler scheduler = master.scheduler();
        master.registrar.fail();
        master.time.settle();
        assertThat(master.failure).isEqualTo("the disk is full");
        assertThat(master.master.state()).isEqualTo(Leadership.State.NONE);
        assertThat(scheduler.kill("t").refused().kind()).isEqualTo(Kind.UNAVAILABLE);
    }

    @Test
    void endsItsTimersWhenItStops() {
        TestScheduler scheduler = master.scheduler();
        master.agent("cpus:1");
        master.failOver();
        int before = scheduler.connection.sent.size();
        master.time.advance(Duration.ofHours(1));
        assertThat(scheduler.connection.sent).hasSize(before);
    }
}
