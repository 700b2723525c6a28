// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tepui.proto.internal.AgentRegistered;
import org.tepui.proto.internal.KillTask;
import org.tepui.proto.internal.ShutdownFramework;
import org.tepui.proto.registry.Record;
import org.tepui.v1.AgentID;
import org.tepui.v1.Offer;
import org.tepui.v1.Task;
import org.tepui.v1.TaskState;
import org.tepui.v1.TaskStatus;
import org.tepui.v1.scheduler.Call;

/** Agents that come back late, from elsewhere, or with tasks that were launched again meanwhile. */
class AgentReturnTest {
    private static final Duration UNTIL_UNREACHABLE = Duration.ofSeconds(95);
    private static final Duration UNTIL_FORGOTTEN = Duration.ofDays(14).plus(AgentExpiry.INTERVAL);

    private TestMaster master;

    @BeforeEach
    void start() {
        master = TestMaster.started();
    }

    private TestAgent lost() {
        TestAgent agent = master.agent("cpus:4");
        agent.answersPings = false;
        master.time.advance(UNTIL_UNREACHABLE);
        assertThat(master.metric("master/slaves_unreachable")).isEqualTo(1);
        return agent;
    }

    private List<Record> removals() {
        return master.registrar.records.stream().filter(Record::hasAgentRemoved).toList();
    }

    @Test
    void anAgentThatIsUnreachableForTwoWeeksIsForgotten() {
        TestAgent agent = lost();
        master.time.advance(Duration.ofDays(13));
        assertThat(removals()).isEmpty();
        master.time.advance(UNTIL_FORGOTTEN.minusDays(13));

        assertThat(removals())
                .extracting(record -> record.getAgentRemoved().getAgentId())
                .containsExactly(agent.wireId());
        assertThat(master.metric("master/slaves_unreachable")).isZero();
        TestMaster next = master.failOver();
        assertThat(next.metric("master/slaves_unreachable")).isZero();
    }

    @Test
    void aForgottenAgentIsAdmittedAgainWithItsId() {
        TestAgent agent = lost();
        master.time.advance(UNTIL_FORGOTTEN);
        agent.answersPings = true;
        agent.reregister();

        assertThat(agent.received(AgentRegistered.class)).hasSize(2);
        assertThat(master.metric("master/slaves_active")).isEqualTo(1);
        TestMaster next = master.failOver();
        assertThat(awaited(next)).isEqualTo(1);
    }

    @Test
    void anAgentThatComesBackWhileOthersAreForgottenStaysInTheRegistry() {
        TestAgent agent = lost();
        // it asks to come back just before the look at which it would be forgotten, and the disk is slow
        master.time.advance(Duration.ofDays(14));
        agent.answersPings = true;
        master.registrar.stuck = true;
        agent.reregister();
        master.time.advance(AgentExpiry.INTERVAL);
        master.registrar.release();
        master.time.settle();

        assertThat(removals()).isEmpty();
        assertThat(master.metric("master/slaves_active")).isEqualTo(1);
        assertThat(awaited(master.failOver())).isEqualTo(1);
    }

    private static int awaited(TestMaster master) {
        return master.master.services().orElseThrow().managers().agents().awaited();
    }

    @Test
    void noTaskIsCalledUnknownBeforeARecoveredAgentIsBackForGood() {
        TestAgent agent = master.agent("cpus:4");
        TestScheduler scheduler =
                master.scheduler(Messages.framework().setFailoverTimeout(3600).build());
        Offer offer = scheduler.lastOffer();
        scheduler.launch(offer, Messages.task("t", offer, "cpus:1"));
        Task task = agent.describe(scheduler.id(), "t", TaskState.TASK_RUNNING);
        TestMaster next = master.failOver();
        TestScheduler back = new TestScheduler(next, scheduler.info, false).subscribe();
        TestAgent agentBack = new TestAgent(next, agent.info.getHostname(), 6000, "cpus:4");
        // it listens elsewhere, which is to be recorded first
        agentBack.info = agent.info.toBuilder().setPort(6000).build();
        next.registrar.stuck = true;
        agentBack.reregister(List.of(scheduler.info), task);
        Call.Reconcile.Task question =
                Call.Reconcile.Task.newBuilder().setTaskId(Messages.task("t")).build();
        back.reconcile(question);
        assertThat(back.states("t")).isEmpty();

        next.registrar.release();
        next.time.settle();
        back.reconcile(question);
        assertThat(back.states("t")).containsOnly(TaskState.TASK_RUNNING);
    }

    @Test
    void anAgentThatMovedIsNotReplacedByOneAtItsFormerAddress() {
        TestAgent moved = master.agent("cpus:4");
        int former = moved.info.getPort();
        moved.info = moved.info.toBuilder().setPort(former + 1000).build();
        moved.reregister();
        moved.disconnect();
        new TestAgent(master, moved.info.getHostname(), former, "cpus:1").register();

        assertThat(master.metric("master/slaves_disconnected")).isEqualTo(1);
        assertThat(master.metric("master/slave_removals")).isZero();
    }

    @Test
    void anAgentThatIsReplacedWhileItIsGivenUpIsCountedOnce() {
        TestAgent old = master.agent("cpus:4");
        old.disconnect();
        master.registrar.stuck = true;
        TestAgent fresh = new TestAgent(master, old.info.getHostname(), old.info.getPort(), "cpus:4");
        fresh.sendRegistration();
        master.time.advance(UNTIL_UNREACHABLE);
        master.registrar.release();
        master.time.settle();

        assertThat(fresh.received(AgentRegistered.class)).hasSize(1);
        assertThat(master.metric("master/slaves_active")).isEqualTo(1);
        assertThat(master.metric("master/slaves_disconnected")).isZero();
        assertThat(master.metric("master/slaves_unreachable")).isZero();
        BookInvariants.checkGauges(master);
    }

    /** Loses an agent with a task, launches the task again on another, and brings the first back. */
    private final class RelaunchedTask {
        final TestScheduler scheduler =
                master.scheduler(Messages.framework().setFailoverTimeout(3600).build());
        final TestAgent first;
        final TestAgent second;

        RelaunchedTask() {
            first = master.agent("cpus:4");
            launch();
            Task task = first.describe(scheduler.id(), "t", TaskState.TASK_RUNNING);
            first.answersPings = false;
            master.time.advance(UNTIL_UNREACHABLE);
            second = master.agent("cpus:4");
            launch();
            first.answersPings = true;
            first.reconnect();
            first.reregister(List.of(scheduler.info), task);
        }

        private void launch() {
            Offer offer = scheduler.lastOffer();
            scheduler.launch(offer, Messages.task("t", offer, "cpus:1"));
        }

        AgentID agentOfTask() {
            scheduler.reconcile(Call.Reconcile.Task.newBuilder()
                    .setTaskId(Messages.task("t"))
                    .build());
            return scheduler.lastUpdate().getAgentId();
        }
    }

    @Test
    void aTaskThatWasLaunchedAgainIsKilledWhereItComesBack() {
        RelaunchedTask relaunched = new RelaunchedTask();

        assertThat(relaunched.first.received(KillTask.class)).hasSize(1);
        assertThat(relaunched.agentOfTask()).isEqualTo(relaunched.second.wireId());
        TaskStatus killed = relaunched.first.update(relaunched.scheduler.id(), "t", TaskState.TASK_KILLED);
        relaunched.scheduler.acknowledge(killed);
        assertThat(relaunched.agentOfTask()).isEqualTo(relaunched.second.wireId());
        BookInvariants.check(master);
        BookInvariants.checkPolicy(master);
    }

    @Test
    void theEndOfAFrameworkFreesATaskThatWasLaunchedAgainInBothPlaces() {
        RelaunchedTask relaunched = new RelaunchedTask();
        relaunched.scheduler.tearDown();

        assertThat(relaunched.first.received(ShutdownFramework.class)).hasSize(1);
        assertThat(relaunched.second.received(ShutdownFramework.class)).hasSize(1);
        BookInvariants.check(master);
        BookInvariants.checkPolicy(master);
        BookInvariants.checkGauges(master);
        // and what is left of its agents can be lost as always
        relaunched.first.answersPings = false;
        master.time.advance(UNTIL_UNREACHABLE);
        assertThat(master.metric("master/slaves_unreachable")).isEqualTo(1);
    }

    @Test
    void theLossOfATaskThatRunsElsewhereIsNoNews() {
        RelaunchedTask relaunched = new RelaunchedTask();
        int before = relaunched.scheduler.updates().size();
        relaunched.first.answersPings = false;
        master.time.advance(UNTIL_UNREACHABLE);

        assertThat(relaunched.scheduler.updates()).hasSize(before);
        assertThat(relaunched.agentOfTask()).isEqualTo(relaunched.second.wireId());
        BookInvariants.check(master);
        BookInvariants.checkGauges(master);
    }
}
