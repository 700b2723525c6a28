// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tepui.proto.internal.AgentRefused;
import org.tepui.proto.internal.AgentRegistered;
import org.tepui.proto.internal.KillTask;
import org.tepui.proto.internal.PingAgent;
import org.tepui.proto.internal.RegisterAgent;
import org.tepui.proto.internal.ShutdownAgent;
import org.tepui.proto.internal.ShutdownFramework;
import org.tepui.proto.registry.AgentMarkedGone;
import org.tepui.proto.registry.Record;
import org.tepui.v1.AgentID;
import org.tepui.v1.AgentInfo;
import org.tepui.v1.Attribute;
import org.tepui.v1.Offer;
import org.tepui.v1.Resource;
import org.tepui.v1.Task;
import org.tepui.v1.TaskState;
import org.tepui.v1.TaskStatus;
import org.tepui.v1.Value;
import org.tepui.v1.scheduler.Event;

class AgentLifeTest {
    private static final Duration LONG = Duration.ofSeconds(95);

    private TestMaster master;

    @BeforeEach
    void start() {
        master = TestMaster.started();
    }

    @Test
    void numbersAgents() {
        assertThat(master.agent("cpus:1").id().value()).isEqualTo(master.master.masterId() + "-S0");
        assertThat(master.agent("cpus:1").id().value()).isEqualTo(master.master.masterId() + "-S1");
        assertThat(master.metric("master/slaves_active")).isEqualTo(2);
    }

    @Test
    void tellsAnAgentHowLongToWaitForPings() {
        TestAgent agent = master.agent("cpus:1");
        AgentRegistered registered = agent.connection.last(AgentRegistered.class);
        assertThat(registered.getPingTimeoutMs()).isEqualTo(75_000);
        assertThat(registered.getMaster().getId()).isEqualTo(master.master.masterId());
    }

    @Test
    void answersOnlyOnceTheAdmissionIsDurable() {
        master.registrar.stuck = true;
        TestAgent agent = new TestAgent(master, "host", 5051, "cpus:1");
        agent.sendRegistration();
        agent.sendRegistration();
        assertThat(agent.connection.sent).isEmpty();
        master.registrar.release();
        master.time.settle();
        assertThat(agent.received(AgentRegistered.class)).hasSize(1);
        assertThat(master.metric("master/slaves_active")).isEqualTo(1);
    }

    @Test
    void answersARepeatedRegistrationWithTheSameId() {
        TestAgent agent = master.agent("cpus:1");
        AgentID id = agent.wireId();
        agent.disconnect();
        agent.reconnect();
        agent.register();
        assertThat(agent.wireId()).isEqualTo(id);
        assertThat(master.metric("master/slaves_active")).isEqualTo(1);
        assertThat(master.metric("master/slave_registrations")).isEqualTo(1);
    }

    @Test
    void refusesAnAgentWhoseDescriptionIsNotAllowed() {
        TestAgent agent = new TestAgent(master, "host", 5051, "cpus:1");
        agent.info = agent.info.toBuilder()
                .addResources(Resource.newBuilder()
                        .setName("mem")
                        .setType(Value.Type.SCALAR)
                        .setScalar(Value.Scalar.newBuilder().setValue(-1)))
                .build();
        agent.sendRegistration();
        assertThat(agent.connection.last(AgentRefused.class).getReason()).contains("resources", "mem");
        agent.info = agent.info.toBuilder().clearResources().setHostname(" ").build();
        agent.sendRegistration();
        assertThat(agent.connection.last(AgentRefused.class).getReason()).contains("hostname");
        agent.info = agent.info.toBuilder().setHostname("host").setPort(0).build();
        agent.sendRegistration();
        assertThat(agent.connection.last(AgentRefused.class).getReason()).contains("port 0", "1 to 65535");
        // a text that has no text
        agent.info = agent.info.toBuilder()
                .setPort(5051)
                .addAttributes(Attribute.newBuilder().setName("rack").setType(Value.Type.TEXT))
                .build();
        agent.sendRegistration();
        assertThat(agent.connection.last(AgentRefused.class).getReason()).contains("attributes[0]");
        assertThat(master.registrar.records).noneMatch(Record::hasAgentAdmitted);
    }

    @Test
    void refusesAnAgentThatIsTooLargeForTheRegistry() {
        TestAgent agent = new TestAgent(master, "host", 5051, "cpus:1");
        AgentInfo good = agent.info;
        Attribute.Builder attribute = Attribute.newBuilder().setName("rack").setType(Value.Type.TEXT);
        agent.info = good.toBuilder()
                .addAttributes(attribute.setText(Value.Text.newBuilder().setValue("x".repeat(2 << 20))))
                .build();
        agent.sendRegistration();
        assertThat(agent.connection.last(AgentRefused.class).getReason()).contains("bytes: at most 1048576");
        attribute.setText(Value.Text.newBuilder().setValue("x"));
        agent.info = good.toBuilder()
                .addAllAttributes(Collections.nCopies(1001, attribute.build()))
                .build();
        agent.sendRegistration();
        assertThat(agent.connection.last(AgentRefused.class).getReason()).contains("'attributes' has 1001 entries");
        agent.info = good.toBuilder()
                .addAllResources(Collections.nCopies(10_000, good.getResources(0)))
                .build();
        agent.sendRegistration();
        assertThat(agent.connection.last(AgentRefused.class).getReason()).contains("'resources' has 10001 entries");
        agent.send(RegisterAgent.newBuilder()
                .setAgent(good)
                .setVersion("v".repeat(300))
                .setRegistrationUuid("u")
                .build());
        assertThat(agent.connection.last(AgentRefused.class).getReason()).contains("'version' has 300 characters");
        agent.send(RegisterAgent.newBuilder()
                .setAgent(good)
                .setVersion("v")
                .setRegistrationUuid("u".repeat(300))
                .build());
        assertThat(agent.connection.last(AgentRefused.class).getReason()).contains("'registration_uuid' has 300");
        // and none of it is in the way of the same agent in order
        agent.info = good;
        agent.register();
        assertThat(master.metric("master/slaves_active")).isEqualTo(1);
    }

    @Test
    void rescindsTheOffersOfAnAgentThatDisconnects() {
        TestAgent agent = master.agent("cpus:1");
        TestScheduler scheduler = master.scheduler();
        Offer offer = scheduler.lastOffer();
        agent.disconnect();
        assertThat(scheduler.events(Event.Type.RESCIND))
                .extracting(event -> event.getRescind().getOfferId())
                .containsExactly(offer.getId());
        assertThat(scheduler.offers()).isEmpty();
        assertThat(master.metric("master/slaves_disconnected")).isEqualTo(1);
        scheduler.launch(offer, Messages.task("t", offer, "cpus:1"));
        assertThat(scheduler.states("t")).containsExactly(TaskState.TASK_DROPPED);
    }

    @Test
    void keepsTheTasksOfADisconnectedAgentAndKillsThemWhenItIsBack() {
        TestAgent agent = master.agent("cpus:4");
        TestScheduler scheduler = master.scheduler();
        Offer offer = scheduler.lastOffer();
        scheduler.launch(offer, Messages.task("t", offer, "cpus:1"));
        Task task = agent.describe(scheduler.id(), "t", TaskState.TASK_RUNNING);
        agent.update(scheduler.id(), "t", TaskState.TASK_RUNNING);
        agent.disconnect();
        assertThat(scheduler.states("t")).containsExactly(TaskState.TASK_RUNNING);
        scheduler.kill("t");

        agent.reconnect();
        agent.reregister(List.of(scheduler.info), task);

        assertThat(agent.received(AgentRegistered.class)).hasSize(1);
        assertThat(agent.received(KillTask.class))
                .extracting(kill -> kill.getTask().getTaskId())
                .containsExactly(Messages.task("t"));
        assertThat(scheduler.states("t")).containsExactly(TaskState.TASK_RUNNING);
        assertThat(master.metric("master/slaves_active")).isEqualTo(1);
        assertThat(scheduler.offers()).hasSize(1);
    }

    @Test
    void pingsAnAgentAndKeepsOneThatAnswers() {
        TestAgent agent = master.agent("cpus:1");
        master.time.advance(Duration.ofMinutes(10));
        assertThat(agent.received(PingAgent.class)).hasSizeBetween(39, 41).allMatch(PingAgent::getConnected);
        assertThat(master.metric("master/slaves_active")).isEqualTo(1);
    }

    @Test
    void losesSightOfAnAgentThatDoesNotAnswer() {
        TestAgent agent = master.agent("cpus:4");
        TestScheduler aware = master.scheduler();
        Offer offer = aware.lastOffer();
        aware.launch(offer, Messages.task("t", offer, "cpus:1"));
        TestScheduler plain = master.scheduler(Messages.framework().build());
        Offer rest = plain.lastOffer();
        plain.accept(List.of(rest), 0, Messages.task("t", rest, "cpus:1"));
        agent.answersPings = false;
        master.time.advance(LONG);

        TaskStatus status = aware.lastUpdate();
        assertThat(status.getState()).isEqualTo(TaskState.TASK_UNREACHABLE);
        assertThat(status.getReason()).isEqualTo(TaskStatus.Reason.REASON_AGENT_REMOVED);
        assertThat(status.getUnreachableTime().getNanoseconds()).isPositive();
        assertThat(plain.states("t")).containsExactly(TaskState.TASK_LOST);
        assertThat(aware.events(Event.Type.FAILURE))
                .extracting(event -> event.getFailure().getAgentId())
                .containsExactly(agent.wireId());
        assertThat(plain.events(Event.Type.RESCIND)).isNotEmpty();
        assertThat(plain.offers()).filteredOn(o -> !o.equals(rest)).isEmpty();
        assertThat(agent.connection.last(PingAgent.class).getConnected()).isFalse();
        assertThat(master.metric("master/slaves_unreachable")).isEqualTo(1);
        assertThat(master.metric("master/tasks_unreachable")).isEqualTo(2);
        assertThat(master.registrar.records).anyMatch(Record::hasAgentMarkedUnreachable);
    }

    @Test
    void saysThatAnAgentIsLostOnlyOnceThatIsDurable() {
        TestAgent agent = master.agent("cpus:4");
        TestScheduler scheduler = master.scheduler();
        Offer offer = scheduler.lastOffer();
        scheduler.launch(offer, Messages.task("t", offer, "cpus:1"));
        agent.answersPings = false;
        master.registrar.stuck = true;
        master.time.advance(LONG);
        assertThat(scheduler.updates()).isEmpty();
        // meanwhile it cannot come back
        agent.reregister();
        assertThat(agent.received(AgentRegistered.class)).hasSize(1);
        master.registrar.release();
        master.time.settle();
        assertThat(scheduler.states("t")).containsExactly(TaskState.TASK_UNREACHABLE);
    }

    @Test
    void takesBackAnUnreachableAgentWithAllItsTasks() {
        TestAgent agent = master.agent("cpus:4");
        TestScheduler aware = master.scheduler();
        Offer offer = aware.lastOffer();
        aware.launch(offer, Messages.task("t", offer, "cpus:1"));
        TestScheduler plain = master.scheduler(Messages.framework().build());
        Offer rest = plain.lastOffer();
        plain.accept(List.of(rest), 0, Messages.task("t", rest, "cpus:1"));
        Task first = agent.describe(aware.id(), "t", TaskState.TASK_RUNNING);
        Task second = agent.describe(plain.id(), "t", TaskState.TASK_RUNNING);
        agent.answersPings = false;
        master.time.advance(LONG);
        agent.answersPings = true;
        agent.reconnect();
        agent.reregister(List.of(aware.info, plain.info), first, second);

        assertThat(aware.states("t")).containsExactly(TaskState.TASK_UNREACHABLE, TaskState.TASK_RUNNING);
        assertThat(plain.states("t")).containsExactly(TaskState.TASK_LOST, TaskState.TASK_RUNNING);
        assertThat(aware.lastUpdate().getReason()).isEqualTo(TaskStatus.Reason.REASON_AGENT_REREGISTERED);
        assertThat(master.metric("master/tasks_unreachable")).isZero();
        assertThat(master.metric("master/tasks_running")).isEqualTo(2);
        assertThat(master.metric("master/slaves_unreachable")).isZero();
        // and its free resources are offered
        assertThat(aware.offers().size() + plain.offers().size()).isPositive();
    }

    @Test
    void asksAnAgentForTasksThatItDidNotName() {
        TestAgent agent = master.agent("cpus:4");
        TestScheduler scheduler = master.scheduler();
        Offer offer = scheduler.lastOffer();
        scheduler.launch(offer, Messages.task("t", offer, "cpus:1"));
        agent.disconnect();
        agent.reconnect();
        agent.reregister();
        assertThat(agent.connection.last(AgentRegistered.class).getUnknownTasksList())
                .extracting(task -> task.getTaskId().getValue())
                .containsExactly("t");
        TaskStatus dropped = agent.update(scheduler.id(), "t", TaskState.TASK_DROPPED);
        assertThat(scheduler.lastUpdate()).isEqualTo(dropped);
        scheduler.acknowledge(dropped);
        assertThat(master.metric("master/tasks_staging")).isZero();
    }

    @Test
    void tellsAnAgentToEndTheTasksOfAFrameworkThatIsOver() {
        TestAgent agent = master.agent("cpus:4");
        TestScheduler scheduler = master.scheduler();
        Offer offer = scheduler.lastOffer();
        scheduler.launch(offer, Messages.task("t", offer, "cpus:1"));
        Task task = agent.describe(scheduler.id(), "t", TaskState.TASK_RUNNING);
        agent.disconnect();
        scheduler.tearDown();
        agent.reconnect();
        agent.reregister(List.of(scheduler.info), task);
        assertThat(agent.received(ShutdownFramework.class)).hasSize(1);
        assertThat(master.metric("master/tasks_running")).isZero();
    }

    @Test
    void refusesAnAgentThatComesBackUnderAnotherName() {
        TestAgent agent = master.agent("cpus:4");
        agent.disconnect();
        agent.reconnect();
        agent.info = agent.info.toBuilder().setHostname("elsewhere").build();
        agent.reregister();
        assertThat(agent.connection.last(AgentRefused.class).getReason()).contains("elsewhere");
    }

    @Test
    void takesBackAnAgentWithMoreResources() {
        TestAgent agent = master.agent("cpus:1");
        TestScheduler scheduler = master.scheduler();
        agent.info = agent.info.toBuilder()
                .clearResources()
                .addAllResources(Messages.resources("cpus:8"))
                .build();
        agent.reregister();
        assertThat(scheduler.events(Event.Type.RESCIND)).hasSize(1);
        assertThat(scheduler.lastOffer().getResources(0).getScalar().getValue()).isEqualTo(8.0);
        assertThat(master.registrar.records).anyMatch(Record::hasAgentUpdated);
    }

    @Test
    void replacesADisconnectedAgentAtTheSameAddress() {
        TestAgent old = master.agent("cpus:4");
        TestScheduler scheduler = master.scheduler();
        Offer offer = scheduler.lastOffer();
        scheduler.launch(offer, Messages.task("t", offer, "cpus:1"));
        old.disconnect();
        TestAgent fresh = new TestAgent(master, old.info.getHostname(), old.info.getPort(), "cpus:4").register();
        assertThat(fresh.wireId()).isNotEqualTo(old.wireId());
        assertThat(scheduler.states("t")).containsExactly(TaskState.TASK_GONE);
        assertThat(master.metric("master/slaves_active")).isEqualTo(1);
        assertThat(master.metric("master/slave_removals")).isEqualTo(1);
        assertThat(scheduler.lastOffer().getAgentId()).isEqualTo(fresh.wireId());
    }

    @Test
    void shutsDownAnAgentThatIsGone() {
        TestAgent agent = master.agent("cpus:4");
        master.registrar.commit(
                List.of(Record.newBuilder()
                        .setAgentMarkedGone(AgentMarkedGone.newBuilder()
                                .setAgentId(agent.wireId())
                                .setTime(Statuses.time(master.time.wallTime())))
                        .build()),
                () -> {});
        TestMaster next = master.failOver();
        TestAgent back = new TestAgent(next, agent.info.getHostname(), agent.info.getPort(), "cpus:4");
        back.info = agent.info;
        back.reregister();
        assertThat(back.received(ShutdownAgent.class)).hasSize(1);
        assertThat(back.received(AgentRegistered.class)).isEmpty();
    }

    @Test
    void admitsAnAgentThatItNeverKnew() {
        TestAgent agent = new TestAgent(master, "host", 5051, "cpus:1");
        agent.info = agent.info.toBuilder()
                .setId(AgentID.newBuilder().setValue("of-an-earlier-master-S3"))
                .build();
        agent.reregister();
        assertThat(agent.connection.last(AgentRegistered.class).getAgentId()).isEqualTo(agent.wireId());
        assertThat(master.scheduler().offers()).hasSize(1);
    }

    @Test
    void closesTheOldConnectionOfAnAgentThatCameBackOverAnother() {
        TestAgent agent = master.agent("cpus:1");
        RecordingConnection old = agent.connection;
        agent.reconnect();
        agent.reregister();
        assertThat(old.isOpen()).isFalse();
        master.endpoint.closed(old, "closed");
        master.time.settle();
        assertThat(master.metric("master/slaves_active")).isEqualTo(1);
    }

    @Test
    void dropsWhatOneAgentSaysInTheNameOfAnother() {
        TestAgent victim = master.agent("cpus:4");
        TestScheduler scheduler = master.scheduler();
        Offer offer = scheduler.lastOffer();
        scheduler.launch(offer, Messages.task("t", offer, "cpus:1"));
        TestAgent liar = master.agent("cpus:4");
        liar.resend(scheduler.id(), victim.status("t", TaskState.TASK_FINISHED), TaskState.TASK_FINISHED);
        assertThat(scheduler.updates()).isEmpty();
        assertThat(master.metric("master/tasks_finished")).isZero();
        assertThat(master.metric("master/dropped_messages")).isEqualTo(1);
    }
}
