// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.validation;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tepui.v1.AgentID;
import org.tepui.v1.DurationInfo;
import org.tepui.v1.ExecutorID;
import org.tepui.v1.FrameworkID;
import org.tepui.v1.FrameworkInfo;
import org.tepui.v1.KillPolicy;
import org.tepui.v1.OfferID;
import org.tepui.v1.OperationID;
import org.tepui.v1.ResourceProviderID;
import org.tepui.v1.TaskID;
import org.tepui.v1.scheduler.Call;

class SchedulerCallsTest {
    private static final ByteString UUID = ByteString.copyFromUtf8("0123456789abcdef");
    private static final String BAD = "a/b";

    private static Call.Builder call(Call.Type type) {
        return Call.newBuilder().setFrameworkId(framework("m-0001")).setType(type);
    }

    private static FrameworkID framework(String value) {
        return FrameworkID.newBuilder().setValue(value).build();
    }

    private static AgentID agent(String value) {
        return AgentID.newBuilder().setValue(value).build();
    }

    private static TaskID task(String value) {
        return TaskID.newBuilder().setValue(value).build();
    }

    private static FrameworkInfo.Builder info() {
        return FrameworkInfo.newBuilder().setUser("u").setName("n");
    }

    private static Call subscribe(FrameworkInfo.Builder info) {
        return Call.newBuilder()
                .setType(Call.Type.SUBSCRIBE)
                .setSubscribe(Call.Subscribe.newBuilder().setFrameworkInfo(info))
                .build();
    }

    private static void passes(Call call) {
        assertThat(SchedulerCalls.validate(call)).isEmpty();
    }

    private static void passes(Call.Builder call) {
        passes(call.build());
    }

    private static void refused(Call.Builder call, String words) {
        assertThat(SchedulerCalls.validate(call.buildPartial()))
                .hasValueSatisfying(problem -> assertThat(problem).contains(words));
    }

    @Test
    void aCallNeedsAType() {
        refused(Call.newBuilder().setFrameworkId(framework("f")), "Expecting 'type' to be present");
    }

    @Test
    void requiredFieldsAreNamedByTheirPath() {
        refused(
                call(Call.Type.KILL)
                        .setKill(Call.Kill.newBuilder()
                                .setTaskId(TaskID.getDefaultInstance())
                                .buildPartial()),
                "kill.task_id.value");
    }

    @ParameterizedTest
    @EnumSource(
            value = Call.Type.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"UNKNOWN", "TEARDOWN", "REVIVE", "SUPPRESS"})
    void mostTypesNeedTheirArguments(Call.Type type) {
        refused(call(type), "Expecting '" + type.name().toLowerCase(Locale.ROOT) + "' to be present");
    }

    @ParameterizedTest
    @EnumSource(
            value = Call.Type.class,
            names = {"UNKNOWN", "TEARDOWN", "REVIVE", "SUPPRESS"})
    void someTypesDoNot(Call.Type type) {
        passes(call(type));
    }

    @Test
    void allButSubscribeNeedAFramework() {
        refused(Call.newBuilder().setType(Call.Type.TEARDOWN), "Expecting 'framework_id' to be present");
        passes(subscribe(info()));
    }

    @Test
    void subscribeNamesTheFrameworkTwiceOrNotAtAll() {
        passes(subscribe(info().setId(framework("f"))).toBuilder().setFrameworkId(framework("f")));
        passes(subscribe(info().setId(framework(""))));
        refused(
                subscribe(info().setId(framework("f"))).toBuilder(),
                "'framework_id' differs from 'subscribe.framework_info.id'");
        refused(subscribe(info()).toBuilder().setFrameworkId(framework("f")), "differs from");
        refused(subscribe(info().setId(framework("f"))).toBuilder().setFrameworkId(framework("g")), "differs from");
        refused(
                subscribe(info().setId(framework(BAD))).toBuilder().setFrameworkId(framework(BAD)),
                "framework id 'a/b' has a character that is not allowed");
    }

    @Test
    void updateFrameworkNamesTheFrameworkTwice() {
        Call.UpdateFramework.Builder update = Call.UpdateFramework.newBuilder().setFrameworkInfo(info());
        refused(call(Call.Type.UPDATE_FRAMEWORK).setUpdateFramework(update), "'update_framework.framework_info.id'");
        passes(call(Call.Type.UPDATE_FRAMEWORK)
                .setUpdateFramework(update.setFrameworkInfo(info().setId(framework("m-0001")))));
        refused(
                Call.newBuilder()
                        .setType(Call.Type.UPDATE_FRAMEWORK)
                        .setFrameworkId(framework(""))
                        .setUpdateFramework(update.setFrameworkInfo(info())),
                "framework id is empty");
    }

    @Test
    void theIdOfTheFrameworkKeepsTheRules() {
        refused(call(Call.Type.TEARDOWN).setFrameworkId(framework(BAD)), "framework id 'a/b'");
    }

    @Test
    void offersKeepTheRulesAndMayBeNone() {
        OfferID good = OfferID.newBuilder().setValue("m-O1").build();
        OfferID bad = OfferID.newBuilder().setValue("..").build();
        passes(call(Call.Type.ACCEPT).setAccept(Call.Accept.getDefaultInstance()));
        passes(call(Call.Type.DECLINE).setDecline(Call.Decline.newBuilder().addOfferIds(good)));
        refused(
                call(Call.Type.ACCEPT)
                        .setAccept(Call.Accept.newBuilder().addOfferIds(good).addOfferIds(bad)),
                "'..'");
        refused(call(Call.Type.DECLINE).setDecline(Call.Decline.newBuilder().addOfferIds(bad)), "'..'");
        refused(
                call(Call.Type.ACCEPT_INVERSE_OFFERS)
                        .setAcceptInverseOffers(
                                Call.AcceptInverseOffers.newBuilder().addInverseOfferIds(bad)),
                "'..'");
        refused(
                call(Call.Type.DECLINE_INVERSE_OFFERS)
                        .setDeclineInverseOffers(
                                Call.DeclineInverseOffers.newBuilder().addInverseOfferIds(bad)),
                "'..'");
    }

    @Test
    void killNamesATaskAndPerhapsItsAgent() {
        Call.Kill.Builder kill = Call.Kill.newBuilder().setTaskId(task("t"));
        passes(call(Call.Type.KILL).setKill(kill));
        passes(call(Call.Type.KILL).setKill(kill.clone().setAgentId(agent("a"))));
        refused(call(Call.Type.KILL).setKill(kill.clone().setTaskId(task(""))), "task id is empty");
        refused(call(Call.Type.KILL).setKill(kill.clone().setAgentId(agent("a\u0007"))), "agent id 'a?'");
        refused(
                call(Call.Type.KILL)
                        .setKill(kill.clone()
                                .setKillPolicy(KillPolicy.newBuilder()
                                        .setGracePeriod(
                                                DurationInfo.newBuilder().setNanoseconds(-1)))),
                "grace_period' is -1 ns");
    }

    @Test
    void shutdownAndMessageNameAnExecutor() {
        ExecutorID good = ExecutorID.newBuilder().setValue("e").build();
        ExecutorID bad = ExecutorID.newBuilder().setValue(BAD).build();
        Call.Shutdown.Builder shutdown =
                Call.Shutdown.newBuilder().setAgentId(agent("a")).setExecutorId(good);
        passes(call(Call.Type.SHUTDOWN).setShutdown(shutdown));
        refused(call(Call.Type.SHUTDOWN).setShutdown(shutdown.setExecutorId(bad)), "executor id 'a/b'");
        Call.Message.Builder message = Call.Message.newBuilder()
                .setAgentId(agent("a"))
                .setExecutorId(good)
                .setData(ByteString.EMPTY);
        passes(call(Call.Type.MESSAGE).setMessage(message));
        refused(call(Call.Type.MESSAGE).setMessage(message.setAgentId(agent(BAD))), "agent id 'a/b'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0123456789abcde", "0123456789abcdefg", "01234567-89ab-cdef-0123-456789abcdef"})
    void uuidsHave16Bytes(String uuid) {
        Call.Acknowledge.Builder acknowledge = Call.Acknowledge.newBuilder()
                .setAgentId(agent("a"))
                .setTaskId(task("t"))
                .setUuid(UUID);
        passes(call(Call.Type.ACKNOWLEDGE).setAcknowledge(acknowledge));
        refused(
                call(Call.Type.ACKNOWLEDGE).setAcknowledge(acknowledge.setUuid(ByteString.copyFromUtf8(uuid))),
                "'uuid' has " + uuid.length() + " bytes: 16 are expected");
    }

    @Test
    void acknowledgementsOfOperationsNameTheAgentOfTheirProvider() {
        Call.AcknowledgeOperationStatus.Builder acknowledge = Call.AcknowledgeOperationStatus.newBuilder()
                .setOperationId(OperationID.newBuilder().setValue("o"))
                .setUuid(UUID);
        passes(call(Call.Type.ACKNOWLEDGE_OPERATION_STATUS).setAcknowledgeOperationStatus(acknowledge));
        refused(
                call(Call.Type.ACKNOWLEDGE_OPERATION_STATUS)
                        .setAcknowledgeOperationStatus(acknowledge
                                .clone()
                                .setResourceProviderId(
                                        ResourceProviderID.newBuilder().setValue("p"))),
                "Expecting 'agent_id' to be present");
        refused(
                call(Call.Type.ACKNOWLEDGE_OPERATION_STATUS)
                        .setAcknowledgeOperationStatus(acknowledge.setUuid(ByteString.EMPTY)),
                "'uuid' has 0 bytes");
    }

    @Test
    void reconcileNamesTasksThatKeepTheRules() {
        Call.Reconcile.Builder reconcile = Call.Reconcile.newBuilder();
        passes(call(Call.Type.RECONCILE).setReconcile(reconcile));
        passes(call(Call.Type.RECONCILE)
                .setReconcile(
                        reconcile.addTasks(Call.Reconcile.Task.newBuilder().setTaskId(task("t")))));
        refused(
                call(Call.Type.RECONCILE)
                        .setReconcile(reconcile.addTasks(
                                Call.Reconcile.Task.newBuilder().setTaskId(task("\n")))),
                "task id '?'");
    }
}
