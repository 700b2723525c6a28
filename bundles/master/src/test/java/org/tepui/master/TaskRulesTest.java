// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tepui.v1.AgentID;
import org.tepui.v1.CheckInfo;
import org.tepui.v1.CommandInfo;
import org.tepui.v1.ContainerInfo;
import org.tepui.v1.DurationInfo;
import org.tepui.v1.Environment;
import org.tepui.v1.ExecutorID;
import org.tepui.v1.ExecutorInfo;
import org.tepui.v1.HealthCheck;
import org.tepui.v1.KillPolicy;
import org.tepui.v1.Labels;
import org.tepui.v1.Offer;
import org.tepui.v1.Resource;
import org.tepui.v1.ResourceProviderID;
import org.tepui.v1.Secret;
import org.tepui.v1.TaskInfo;
import org.tepui.v1.TaskState;
import org.tepui.v1.TaskStatus;
import org.tepui.v1.Value;

/** What is wrong with a task is said in its TASK_ERROR, and the task is not launched. */
class TaskRulesTest {
    private final TestMaster master = TestMaster.started();
    private final TestAgent agent = master.agent("cpus:4;mem:1024;ports:[31000-31009]");
    private final TestScheduler scheduler = master.scheduler();

    static Arguments wrong(String what, UnaryOperator<TaskInfo.Builder> change) {
        return Arguments.of(what, change);
    }

    private static Resource.Builder cpus(double value) {
        return Resource.newBuilder()
                .setName("cpus")
                .setType(Value.Type.SCALAR)
                .setScalar(Value.Scalar.newBuilder().setValue(value));
    }

    private static TaskInfo.Builder only(TaskInfo.Builder task, Resource.Builder resource) {
        return task.clearResources().addResources(resource);
    }

    private static Resource.Builder ports(long... bounds) {
        Value.Ranges.Builder ranges = Value.Ranges.newBuilder();
        for (int i = 0; i < bounds.length; i += 2) {
            ranges.addRange(Value.Range.newBuilder().setBegin(bounds[i]).setEnd(bounds[i + 1]));
        }
        return Resource.newBuilder().setName("ports").setType(Value.Type.RANGES).setRanges(ranges);
    }

    static Stream<Arguments> wrongTasks() {
        return Stream.concat(wrongIdentitiesAndCommands(), Stream.concat(unsupportedFields(), wrongResources()));
    }

    private static Stream<Arguments> wrongIdentitiesAndCommands() {
        return Stream.of(
                wrong("slash", t -> t.setTaskId(Messages.task("a/b"))),
                wrong("empty", t -> t.setTaskId(Messages.task(""))),
                wrong("'..'", t -> t.setTaskId(Messages.task(".."))),
                wrong("control character", t -> t.setTaskId(Messages.task("a\u0000b"))),
                wrong("at most 255 bytes", t -> t.setTaskId(Messages.task("x".repeat(256)))),
                wrong("at most 1048576", t -> t.setName("x".repeat(1 << 20))),
                wrong("other-agent", t -> t.setAgentId(AgentID.newBuilder().setValue("other-agent"))),
                wrong("CommandInfo or ExecutorInfo", t -> t.clearCommand()),
                wrong("'command.value'", t -> t.setCommand(CommandInfo.newBuilder())),
                wrong(
                        "'command.arguments'",
                        t -> t.setCommand(CommandInfo.newBuilder().setShell(false))),
                wrong(
                        "'PATH' must have a value",
                        t -> t.setCommand(CommandInfo.newBuilder()
                                .setValue("true")
                                .setEnvironment(Environment.newBuilder()
                                        .addVariables(Environment.Variable.newBuilder()
                                                .setName("PATH"))))),
                wrong(
                        "'kill_policy.grace_period'",
                        t -> t.setKillPolicy(KillPolicy.newBuilder()
                                .setGracePeriod(DurationInfo.newBuilder().setNanoseconds(-1)))));
    }

    private static Stream<Arguments> unsupportedFields() {
        return Stream.of(
                wrong(
                        "executor",
                        t -> t.clearCommand()
                                .setExecutor(ExecutorInfo.newBuilder()
                                        .setExecutorId(ExecutorID.newBuilder().setValue("e")))),
                wrong(
                        "container",
                        t -> t.setContainer(ContainerInfo.newBuilder().setType(ContainerInfo.Type.MESOS))),
                wrong("health_check", t -> t.setHealthCheck(HealthCheck.getDefaultInstance())),
                wrong("check", t -> t.setCheck(CheckInfo.getDefaultInstance())),
                wrong(
                        "max_completion_time",
                        t -> t.setMaxCompletionTime(DurationInfo.newBuilder().setNanoseconds(-1))),
                wrong(
                        "limits",
                        t -> t.putLimits(
                                "cpus", Value.Scalar.newBuilder().setValue(2).build())),
                wrong(
                        "command.uris",
                        t -> t.setCommand(CommandInfo.newBuilder()
                                .setValue("true")
                                .addUris(CommandInfo.URI.newBuilder().setValue("http://x/y")))),
                wrong(
                        "command.environment.variables(TOKEN).secret",
                        t -> t.setCommand(CommandInfo.newBuilder()
                                .setValue("true")
                                .setEnvironment(Environment.newBuilder()
                                        .addVariables(Environment.Variable.newBuilder()
                                                .setName("TOKEN")
                                                .setSecret(Secret.getDefaultInstance()))))),
                wrong("resources(cpus).disk", t -> only(t, cpus(1).setDisk(Resource.DiskInfo.getDefaultInstance()))),
                wrong(
                        "resources(cpus).revocable",
                        t -> only(t, cpus(1).setRevocable(Resource.RevocableInfo.getDefaultInstance()))),
                wrong(
                        "resources(cpus).shared",
                        t -> only(t, cpus(1).setShared(Resource.SharedInfo.getDefaultInstance()))),
                wrong(
                        "resources(cpus).provider_id",
                        t -> only(
                                t,
                                cpus(1).setProviderId(
                                                ResourceProviderID.newBuilder().setValue("p")))));
    }

    private static Stream<Arguments> wrongResources() {
        return Stream.of(
                wrong("uses no resources", t -> t.clearResources()),
                wrong("uses no resources", t -> only(t, cpus(0))),
                wrong("invalid resources", t -> only(t, cpus(-1))),
                wrong("invalid resources", t -> only(t, cpus(Double.NaN))),
                wrong("invalid resources", t -> only(t, cpus(Double.POSITIVE_INFINITY))),
                wrong("invalid resources", t -> only(t, cpus(1e300))),
                wrong("invalid resources", t -> only(t, ports(31005, 31001))),
                wrong("invalid resources", t -> only(t, ports(31000, 31005, 31003, 31008))),
                wrong("invalid resources", t -> only(t, cpus(1).setName(""))),
                wrong("than available", t -> only(t, cpus(4.001))),
                wrong("than available", t -> only(t, ports(30999, 31000))),
                wrong("than available", t -> only(t, cpus(1).setName("gpus"))),
                wrong(
                        "allocated to role 'other'",
                        t -> only(
                                t,
                                cpus(1).setAllocationInfo(Resource.AllocationInfo.newBuilder()
                                        .setRole("other")))));
    }

    @ParameterizedTest
    @MethodSource("wrongTasks")
    void saysWhatIsWrong(String what, UnaryOperator<TaskInfo.Builder> change) {
        Offer offer = scheduler.lastOffer();
        TaskInfo task =
                change.apply(Messages.task("t", offer, "cpus:1").toBuilder()).build();
        assertThat(scheduler.launch(offer, task).accepted).isTrue();
        TaskStatus status = scheduler.lastUpdate();
        assertThat(status.getState()).isEqualTo(TaskState.TASK_ERROR);
        assertThat(status.getReason()).isEqualTo(TaskStatus.Reason.REASON_TASK_INVALID);
        assertThat(status.getSource()).isEqualTo(TaskStatus.Source.SOURCE_MASTER);
        assertThat(status.getTaskId()).isEqualTo(task.getTaskId());
        assertThat(status.getMessage()).contains(what).hasSizeLessThan(1000);
        assertThat(agent.launched()).isEmpty();
        assertThat(master.metric("master/tasks_error")).isEqualTo(1);
        assertThat(master.metric("master/tasks_staging")).isZero();
    }

    @Test
    void namesEveryUnsupportedFieldAtOnce() {
        Offer offer = scheduler.lastOffer();
        scheduler.launch(
                offer,
                Messages.task("t", offer, "cpus:1").toBuilder()
                        .setHealthCheck(HealthCheck.getDefaultInstance())
                        .setContainer(ContainerInfo.newBuilder().setType(ContainerInfo.Type.DOCKER))
                        .build());
        assertThat(scheduler.lastUpdate().getMessage()).contains("container", "health_check");
    }

    @Test
    void refusesASecondTaskWithAnIdThatIsTaken() {
        Offer offer = scheduler.lastOffer();
        scheduler.accept(List.of(offer), 0, Messages.task("t", offer, "cpus:1"));
        Offer next = scheduler.lastOffer();
        scheduler.launch(next, Messages.task("t", next, "cpus:1"));
        assertThat(scheduler.lastUpdate().getState()).isEqualTo(TaskState.TASK_ERROR);
        assertThat(scheduler.lastUpdate().getMessage()).contains("duplicate ID");
        assertThat(agent.launched()).hasSize(1);
        // another framework may use the id
        TestScheduler other = master.scheduler();
        Offer theirs = other.lastOffer();
        other.launch(theirs, Messages.task("t", theirs, "cpus:1"));
        assertThat(other.states("t")).isEmpty();
    }

    @Test
    void launchesATaskWithAllThatIsSupported() {
        Offer offer = scheduler.lastOffer();
        TaskInfo task = Messages.task("t", offer, "cpus:0.001;mem:1;ports:[31000-31000,31009-31009]").toBuilder()
                .setCommand(CommandInfo.newBuilder()
                        .setShell(false)
                        .setValue("/bin/echo")
                        .addArguments("echo")
                        .setUser("nobody")
                        .setEnvironment(Environment.newBuilder()
                                .addVariables(Environment.Variable.newBuilder()
                                        .setName("A")
                                        .setValue(""))))
                .setKillPolicy(KillPolicy.newBuilder()
                        .setGracePeriod(DurationInfo.newBuilder().setNanoseconds(0)))
                .setLabels(Labels.getDefaultInstance())
                .build();
        scheduler.launch(offer, task);
        assertThat(scheduler.updates()).isEmpty();
        TaskInfo launched = agent.launched("t");
        assertThat(launched.toBuilder().clearResources().build())
                .isEqualTo(task.toBuilder().clearResources().build());
    }
}
