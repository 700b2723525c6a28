// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tepui.agent.AgentWorld.framework;
import static org.tepui.agent.AgentWorld.task;

import java.nio.file.Path;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tepui.proto.internal.StatusUpdate;
import org.tepui.v1.CheckInfo;
import org.tepui.v1.CommandInfo;
import org.tepui.v1.ContainerInfo;
import org.tepui.v1.DurationInfo;
import org.tepui.v1.Environment;
import org.tepui.v1.ExecutorID;
import org.tepui.v1.ExecutorInfo;
import org.tepui.v1.HealthCheck;
import org.tepui.v1.KillPolicy;
import org.tepui.v1.Resource;
import org.tepui.v1.Secret;
import org.tepui.v1.TaskInfo;
import org.tepui.v1.TaskState;
import org.tepui.v1.Value;

class TaskValidationTest {
    @TempDir
    Path directory;

    static Stream<Arguments> tasks() {
        DurationInfo negative = DurationInfo.newBuilder().setNanoseconds(-1).build();
        return Stream.of(
                of(
                        "executor",
                        t -> t.setExecutor(ExecutorInfo.newBuilder()
                                .setExecutorId(ExecutorID.newBuilder().setValue("e")))),
                of("container", t -> t.setContainer(ContainerInfo.newBuilder().setType(ContainerInfo.Type.MESOS))),
                of("health_check", t -> t.setHealthCheck(HealthCheck.getDefaultInstance())),
                of("check", t -> t.setCheck(CheckInfo.getDefaultInstance())),
                of(
                        "limits",
                        t -> t.putLimits(
                                "cpus", Value.Scalar.newBuilder().setValue(1).build())),
                of(
                        "resources(disk).disk",
                        t -> t.addResources(Resource.newBuilder()
                                .setName("disk")
                                .setType(Value.Type.SCALAR)
                                .setDisk(Resource.DiskInfo.getDefaultInstance()))),
                of("max_completion_time", t -> t.setMaxCompletionTime(negative)),
                of(
                        "kill_policy.grace_period",
                        t -> t.setKillPolicy(KillPolicy.newBuilder().setGracePeriod(negative))),
                of("agent_id", t -> t.setAgentId(t.getAgentId().toBuilder().setValue("other"))),
                of("command", TaskInfo.Builder::clearCommand),
                of("command.value", t -> t.setCommand(CommandInfo.getDefaultInstance())),
                of(
                        "command.arguments",
                        t -> t.setCommand(CommandInfo.newBuilder().setShell(false))),
                of("NUL", t -> t.setCommand(CommandInfo.newBuilder().setValue("a\0b"))),
                of(
                        "command.uris",
                        t -> t.setCommand(CommandInfo.newBuilder()
                                .setValue("true")
                                .addUris(CommandInfo.URI.newBuilder().setValue("http://x/y")))),
                of(
                        "secret",
                        t -> variable(
                                t,
                                v -> v.setName("S")
                                        .setType(Environment.Variable.Type.SECRET)
                                        .setSecret(Secret.getDefaultInstance()))),
                of("'A=B'", t -> variable(t, v -> v.setName("A=B").setValue("1"))),
                of("''", t -> variable(t, v -> v.setName("").setValue("1"))),
                of("'V'", t -> variable(t, v -> v.setName("V").setValue("\0"))));
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void refusesWhatItCannotDoByTheNameOfTheField(String field, UnaryOperator<TaskInfo.Builder> change) {
        AgentWorld world = new AgentWorld(directory).running();
        world.run(framework(), change.apply(task("t1").toBuilder()).build());
        StatusUpdate error = world.expect("t1", TaskState.TASK_ERROR);
        assertThat(error.getStatus().getMessage()).contains(field);
        assertThat(world.machine.started).isEmpty();
    }

    private static Arguments of(String field, UnaryOperator<TaskInfo.Builder> change) {
        return Arguments.of(field, change);
    }

    private static TaskInfo.Builder variable(
            TaskInfo.Builder task, UnaryOperator<Environment.Variable.Builder> variable) {
        task.getCommandBuilder()
                .getEnvironmentBuilder()
                .addVariables(variable.apply(Environment.Variable.newBuilder()));
        return task;
    }
}
