// SPDX-License-Identifier: Apache-2.0
package org.tepui.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tepui.runtime.simulated.SimulatedWorld;
import org.tepui.v1.AgentID;
import org.tepui.v1.ExecutorID;
import org.tepui.v1.Filters;
import org.tepui.v1.FrameworkID;
import org.tepui.v1.FrameworkInfo;
import org.tepui.v1.KillPolicy;
import org.tepui.v1.MasterInfo;
import org.tepui.v1.Offer;
import org.tepui.v1.OfferID;
import org.tepui.v1.TaskID;
import org.tepui.v1.TaskState;
import org.tepui.v1.TaskStatus;
import org.tepui.v1.scheduler.Call;
import org.tepui.v1.scheduler.Event;

class EndpointSchedulerDriverTest {
    private static final FrameworkInfo FRAMEWORK =
            FrameworkInfo.newBuilder().setUser("root").setName("test").build();

    private final SimulatedWorld world = new SimulatedWorld(7);
    private final ScriptedMaster master = new ScriptedMaster();
    private final Recorder recorder = new Recorder();

    /** Keeps what it hears as lines. */
    private static final class Recorder implements Scheduler {
        final List<String> heard = new ArrayList<>();
        boolean throwsOnUpdate;

        @Override
        public void subscribed(SchedulerDriver driver, FrameworkID frameworkId, MasterInfo info) {
            heard.add("subscribed " + frameworkId.getValue());
        }

        @Override
        public void disconnected(SchedulerDriver driver) {
            heard.add("disconnected");
        }

        @Override
        public void offers(SchedulerDriver driver, List<Offer> offers) {
            heard.add("offers " + offers.size());
        }

        @Override
        public void rescinded(SchedulerDriver driver, OfferID offerId) {
            heard.add("rescinded " + offerId.getValue());
        }

        @Override
        public void update(SchedulerDriver driver, TaskStatus status) {
            heard.add("update " + status.getState());
            if (throwsOnUpdate) {
                throw new IllegalStateException("a scheduler's bug");
            }
        }

        @Override
        public void failure(
                SchedulerDriver driver, AgentID agentId, Optional<ExecutorID> executorId, Optional<Integer> status) {
            heard.add("failure " + agentId.getValue() + " " + executorId.isPresent());
        }

        @Override
        public void message(SchedulerDriver driver, AgentID agentId, ExecutorID executorId, ByteString data) {
            heard.add("message " + data.toStringUtf8());
        }

        @Override
        public void refused(SchedulerDriver driver, int status, String reason) {
            heard.add("refused " + status);
        }

        @Override
        public void error(SchedulerDriver driver, String message) {
            heard.add("error " + message);
        }
    }

    @SuppressWarnings("NullAway.Init") // set by startDriver, the first step of each test
    private SchedulerDriver driver;

    @BeforeEach
    void startMaster() {
        world.node("master").start(master::start);
    }

    private void startDriver(DriverConfig config) {
        world.node("scheduler").start(node -> {
            driver = new EndpointSchedulerDriver(config, recorder, ScriptedMaster.endpoint(node, "driver"));
            driver.start();
        });
        run(2);
    }

    private void startDriver() {
        startDriver(DriverConfig.of(ScriptedMaster.ADDRESS, FRAMEWORK));
    }

    private void run(int seconds) {
        world.time().run(Duration.ofSeconds(seconds));
    }

    private static Event.Builder event(Event.Type type) {
        return Event.newBuilder().setType(type);
    }

    private static TaskStatus.Builder status(TaskState state) {
        return TaskStatus.newBuilder()
                .setTaskId(TaskID.newBuilder().setValue("t"))
                .setAgentId(AgentID.newBuilder().setValue("a"))
                .setState(state);
    }

    private static Event update(TaskStatus.Builder status) {
        return event(Event.Type.UPDATE)
                .setUpdate(Event.Update.newBuilder().setStatus(status))
                .build();
    }

    @Test
    void subscribesWithoutAnIdAndKeepsTheOneItIsGiven() {
        startDriver();
        assertThat(master.calls.get(0).hasFrameworkId()).isFalse();
        assertThat(recorder.heard).containsExactly("subscribed f-0001");
        assertThat(driver.isSubscribed()).isTrue();

        driver.revive(List.of());
        run(1);
        assertThat(master.calls.get(1).getFrameworkId().getValue()).isEqualTo("f-0001");
    }

    @Test
    void subscribesAgainWithItsIdWhenTheConnectionIsLost() {
        startDriver();
        world.network().breakLinks("scheduler", "master");
        run(30);

        assertThat(recorder.heard).containsExactly("subscribed f-0001", "disconnected", "subscribed f-0001");
        Call again = master.calls.get(master.calls.size() - 1);
        assertThat(again.getFrameworkId().getValue()).isEqualTo("f-0001");
        assertThat(again.getSubscribe().getFrameworkInfo().getId().getValue()).isEqualTo("f-0001");
    }

    @Test
    void asksAgainWithBackoffWhileTheMasterDoesNotAnswer() {
        master.answersSubscribe = false;
        startDriver();
        run(60);
        int asked = master.calls.size();
        assertThat(asked).isBetween(6, 12);

        master.answersSubscribe = true;
        run(20);
        assertThat(recorder.heard).containsExactly("subscribed f-0001");
    }

    @Test
    void handsEveryEventToTheScheduler() {
        startDriver();
        master.send(event(Event.Type.OFFERS)
                .setOffers(Event.Offers.getDefaultInstance())
                .build());
        master.send(event(Event.Type.RESCIND)
                .setRescind(Event.Rescind.newBuilder()
                        .setOfferId(OfferID.newBuilder().setValue("o")))
                .build());
        master.send(event(Event.Type.MESSAGE)
                .setMessage(Event.Message.newBuilder()
                        .setAgentId(AgentID.newBuilder().setValue("a"))
                        .setExecutorId(ExecutorID.newBuilder().setValue("e"))
                        .setData(ByteString.copyFromUtf8("hi")))
                .build());
        master.send(event(Event.Type.FAILURE)
                .setFailure(Event.Failure.newBuilder()
                        .setAgentId(AgentID.newBuilder().setValue("a")))
                .build());
        run(1);

        assertThat(recorder.heard)
                .containsExactly("subscribed f-0001", "offers 0", "rescinded o", "message hi", "failure a false");
    }

    @Test
    void acknowledgesWhatTheSchedulerHasSeenAndOnlyWhatWantsIt() {
        startDriver();
        master.send(update(status(TaskState.TASK_RUNNING).setUuid(ByteString.copyFrom(new byte[16]))));
        master.send(update(status(TaskState.TASK_LOST)));
        run(1);

        assertThat(master.types()).containsExactly(Call.Type.SUBSCRIBE, Call.Type.ACKNOWLEDGE);
        assertThat(master.calls.get(1).getAcknowledge().getUuid().size()).isEqualTo(16);
    }

    @Test
    void doesNotAcknowledgeWhatTheSchedulerFailedOn() {
        recorder.throwsOnUpdate = true;
        startDriver();
        master.send(update(status(TaskState.TASK_RUNNING).setUuid(ByteString.copyFrom(new byte[16]))));
        assertThatThrownBy(() -> run(1)).rootCause().hasMessage("a scheduler's bug");

        assertThat(master.types()).containsExactly(Call.Type.SUBSCRIBE);
    }

    @Test
    void leavesAcknowledgementToTheSchedulerIfToldSo() {
        startDriver(DriverConfig.of(ScriptedMaster.ADDRESS, FRAMEWORK).withExplicitAcknowledgement());
        TaskStatus.Builder status = status(TaskState.TASK_RUNNING).setUuid(ByteString.copyFrom(new byte[16]));
        master.send(update(status));
        run(1);
        assertThat(master.types()).containsExactly(Call.Type.SUBSCRIBE);

        driver.acknowledge(status.build());
        run(1);
        assertThat(master.types()).containsExactly(Call.Type.SUBSCRIBE, Call.Type.ACKNOWLEDGE);
    }

    @Test
    void sendsEachCallInOrder() {
        startDriver();
        TaskID task = TaskID.newBuilder().setValue("t").build();
        driver.accept(List.of(OfferID.newBuilder().setValue("o").build()), List.of(), Filters.getDefaultInstance());
        driver.decline(List.of(OfferID.newBuilder().setValue("p").build()), Filters.getDefaultInstance());
        driver.suppress(List.of("r"));
        driver.revive(List.of("r"));
        driver.kill(task, KillPolicy.getDefaultInstance());
        driver.reconcile(List.of());
        driver.request(List.of());
        driver.message(
                AgentID.newBuilder().setValue("a").build(),
                ExecutorID.newBuilder().setValue("e").build(),
                ByteString.EMPTY);
        driver.shutdown(
                AgentID.newBuilder().setValue("a").build(),
                ExecutorID.newBuilder().setValue("e").build());
        run(1);

        assertThat(master.types())
                .containsExactly(
                        Call.Type.SUBSCRIBE,
                        Call.Type.ACCEPT,
                        Call.Type.DECLINE,
                        Call.Type.SUPPRESS,
                        Call.Type.REVIVE,
                        Call.Type.KILL,
                        Call.Type.RECONCILE,
                        Call.Type.REQUEST,
                        Call.Type.MESSAGE,
                        Call.Type.SHUTDOWN);
        assertThat(master.calls.get(5).getKill().hasKillPolicy()).isFalse();
    }

    @Test
    void dropsAndCountsCallsWithoutASubscription() {
        master.answersSubscribe = false;
        startDriver();
        driver.revive(List.of());
        run(1);

        assertThat(driver.droppedCalls()).isEqualTo(1);
        assertThat(master.types()).doesNotContain(Call.Type.REVIVE);
    }

    @Test
    void endsForGoodOnAnError() {
        startDriver();
        master.send(event(Event.Type.ERROR)
                .setError(Event.Error.newBuilder().setMessage("Framework has been removed"))
                .build());
        run(60);

        assertThat(recorder.heard).containsExactly("subscribed f-0001", "error Framework has been removed");
        assertThat(master.types()).containsExactly(Call.Type.SUBSCRIBE);
        assertThat(driver.isSubscribed()).isFalse();
    }

    @Test
    void tearsDownAndCloses() {
        startDriver();
        driver.teardown();
        run(60);

        assertThat(master.types()).containsExactly(Call.Type.SUBSCRIBE, Call.Type.TEARDOWN);
        assertThat(recorder.heard).containsExactly("subscribed f-0001");
        assertThat(world.network().openLinks()).isZero();
    }

    @Test
    void followsNoMasterOfAnOlderEpoch() {
        master.epoch = 5;
        world.node("master").restart();
        startDriver();
        assertThat(recorder.heard).containsExactly("subscribed f-0001");
        master.epoch = 4;
        world.node("master").restart();
        run(30);
        assertThat(recorder.heard).containsExactly("subscribed f-0001", "disconnected");
        assertThat(master.types()).containsExactly(Call.Type.SUBSCRIBE);
        master.epoch = 6;
        world.node("master").restart();
        run(30);
        assertThat(recorder.heard).containsExactly("subscribed f-0001", "disconnected", "subscribed f-0001");
    }

    @Test
    void subscribesWithNobodyButAMaster() {
        master.role = "agent";
        world.node("master").restart();
        startDriver();
        run(30);
        assertThat(master.calls).isEmpty();
        assertThat(driver.isSubscribed()).isFalse();
    }

    @Test
    void connectsAnewWhenTheMasterFallsSilent() {
        startDriver();
        run(120);

        assertThat(recorder.heard).contains("disconnected");
        assertThat(driver.isSubscribed()).isTrue();
    }
}
