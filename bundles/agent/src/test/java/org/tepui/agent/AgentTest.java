// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tepui.agent.AgentWorld.framework;
import static org.tepui.agent.AgentWorld.reference;
import static org.tepui.agent.AgentWorld.task;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tepui.proto.internal.KillTask;
import org.tepui.proto.internal.RunTasks;
import org.tepui.proto.internal.StatusUpdate;
import org.tepui.runtime.Processes.ProcessSpec;
import org.tepui.v1.DurationInfo;
import org.tepui.v1.Environment;
import org.tepui.v1.FrameworkInfo.Capability;
import org.tepui.v1.KillPolicy;
import org.tepui.v1.TaskInfo;
import org.tepui.v1.TaskState;
import org.tepui.v1.TaskStatus.Reason;

class AgentTest {
    @TempDir
    Path directory;

    private AgentWorld world;

    @BeforeEach
    void start() {
        world = new AgentWorld(directory).running();
    }

    @Test
    void runsATaskAndReportsItsEnd() {
        world.run(framework(), task("t1"));
        StatusUpdate running = world.expect("t1", TaskState.TASK_RUNNING);
        assertThat(running.getStatus().getContainerStatus().getExecutorPid()).isEqualTo(1000);
        world.machine.exit("t1", 0);
        world.loop.settle();
        StatusUpdate finished = world.expect("t1", TaskState.TASK_FINISHED);
        assertThat(labels(finished)).isEqualTo(Map.of("tepui.exit_status", "0"));
        assertThat(world.machine.entries).as("forgotten once recorded").isEmpty();
    }

    @Test
    void tellsTheExitCodeOfATaskThatFails() {
        world.run(framework(), task("t1"));
        world.expect("t1", TaskState.TASK_RUNNING);
        world.machine.exit("t1", 3);
        world.loop.settle();
        StatusUpdate failed = world.expect("t1", TaskState.TASK_FAILED);
        assertThat(labels(failed)).isEqualTo(Map.of("tepui.exit_status", "3"));
        assertThat(failed.getStatus().getReason()).isEqualTo(Reason.REASON_COMMAND_EXECUTOR_FAILED);
        assertThat(failed.getStatus().getMessage()).isEqualTo("Command exited with status 3");
    }

    @Test
    void tellsTheSignalThatEndedATask() {
        world.run(framework(), task("t1"));
        world.expect("t1", TaskState.TASK_RUNNING);
        world.machine.die("t1", 11);
        world.loop.settle();
        StatusUpdate failed = world.expect("t1", TaskState.TASK_FAILED);
        assertThat(labels(failed)).isEqualTo(Map.of("tepui.exit_status", "139", "tepui.exit_signal", "11"));
        assertThat(failed.getStatus().getMessage()).isEqualTo("Command terminated with signal 11 (SIGSEGV)");
    }

    @Test
    void givesATaskItsSandboxAndItsNamesInTheEnvironment() {
        TaskInfo info = task("t1").toBuilder()
                .setCommand(task("t1", "echo $GREETING").getCommand().toBuilder()
                        .setUser("alice")
                        .setEnvironment(Environment.newBuilder()
                                .addVariables(variable("GREETING", "hello"))
                                .addVariables(variable("MESOS_TASK_ID", "forged"))))
                .build();
        world.run(framework(), info);
        ProcessSpec spec = world.machine.started.get(0);
        Path sandbox = directory
                .resolve("slaves/m1-S0/frameworks/m1-0000/executors/t1/runs")
                .resolve(spec.id());
        assertThat(spec.workingDirectory()).isEqualTo(sandbox).isDirectory();
        assertThat(sandbox.resolveSibling("latest")).isSymbolicLink().isDirectory();
        assertThat(directory.resolve("slaves/latest/frameworks/m1-0000")).isDirectory();
        assertThat(spec.command()).containsExactly("/bin/sh", "-c", "echo $GREETING");
        assertThat(spec.stdout()).isEqualTo(sandbox.resolve("stdout"));
        assertThat(spec.user()).isPresent();
        assertThat(spec.environment())
                .containsEntry("GREETING", "hello")
                .containsEntry("USER", "alice")
                .containsEntry("HOME", "/home/alice")
                .containsEntry("MESOS_TASK_ID", "t1")
                .containsEntry("TEPUI_TASK_ID", "t1")
                .containsEntry("MESOS_EXECUTOR_ID", "t1")
                .containsEntry("MESOS_FRAMEWORK_ID", "m1-0000")
                .containsEntry("MESOS_SLAVE_ID", "m1-S0")
                .containsEntry("MESOS_SANDBOX", sandbox.toString())
                .containsEntry("MESOS_DIRECTORY", sandbox.toString())
                .containsEntry("MESOS_AGENT_ENDPOINT", "host1:5051")
                .containsEntry("TEPUI_MASTER", "127.0.0.1:5050");
    }

    @Test
    void runsAProgramWithItsArgumentsWithoutAShell() {
        TaskInfo info = task("t1").toBuilder()
                .setCommand(task("t1", "/bin/echo").getCommand().toBuilder()
                        .setShell(false)
                        .addArguments("echo")
                        .addArguments("a b"))
                .build();
        world.run(framework(), info);
        assertThat(world.machine.started.get(0).command()).containsExactly("/bin/echo", "a b");
    }

    @Test
    void dropsATaskThatComesAgain() {
        world.run(framework(), task("t1"));
        world.run(framework(), task("t1"));
        assertThat(world.machine.started).hasSize(1);
        assertThat(world.metric("agent/repeated_tasks")).isEqualTo(1);
        world.expect("t1", TaskState.TASK_RUNNING);
        world.machine.exit("t1", 0);
        world.loop.settle();
        world.run(framework(), task("t1"));
        assertThat(world.machine.started)
                .as("its end waits for an acknowledgement")
                .hasSize(1);
    }

    @Test
    void refusesATaskOfAnUnknownUserByName() {
        TaskInfo info = task("t1").toBuilder()
                .setCommand(task("t1").getCommand().toBuilder().setUser("mallory"))
                .build();
        world.run(framework(), info);
        StatusUpdate error = world.expect("t1", TaskState.TASK_ERROR);
        assertThat(error.getStatus().getMessage()).contains("user 'mallory'");
        assertThat(world.machine.started).isEmpty();
    }

    @Test
    void runsAsItselfWhereUsersAreNotSwitched() {
        world.crash();
        AgentConfig c = world.config;
        world.config = new AgentConfig(
                c.listen(),
                c.hostname(),
                c.master(),
                c.workDirectory(),
                c.resources(),
                c.attributes(),
                false,
                c.version(),
                c.timings(),
                c.bounds());
        world.running();
        world.run(
                framework(),
                task("t1").toBuilder()
                        .setCommand(task("t1").getCommand().toBuilder().setUser("mallory"))
                        .build());
        assertThat(world.machine.started.get(0).user()).isEmpty();
    }

    @Test
    void saysWhyAProcessCouldNotBeStarted() {
        world.machine.nextFailure = java.util.Optional.of("no such program: /bin/nothing");
        world.run(framework(), task("t1"));
        StatusUpdate failed = world.expect("t1", TaskState.TASK_FAILED);
        assertThat(failed.getStatus().getMessage()).isEqualTo("no such program: /bin/nothing");
        assertThat(failed.getStatus().getReason()).isEqualTo(Reason.REASON_CONTAINER_LAUNCH_FAILED);
    }

    @Test
    void killsWithGrace() {
        world.run(framework(Capability.Type.TASK_KILLING_STATE), task("t1"));
        world.expect("t1", TaskState.TASK_RUNNING);
        world.master.send(KillTask.newBuilder().setTask(reference("t1")).build());
        world.expect("t1", TaskState.TASK_KILLING);
        assertThat(world.machine.of("t1").signals).containsExactly(15);
        world.loop.advance(Duration.ofMillis(2999));
        assertThat(world.machine.of("t1").signals).containsExactly(15);
        world.loop.advance(Duration.ofMillis(2));
        StatusUpdate killed = world.expect("t1", TaskState.TASK_KILLED);
        assertThat(labels(killed)).containsEntry("tepui.exit_signal", "9");
    }

    @Test
    void aSecondKillCanOnlyShortenTheGrace() {
        world.run(framework(), task("t1"));
        world.expect("t1", TaskState.TASK_RUNNING);
        world.master.send(kill("t1", Duration.ofSeconds(60)));
        world.master.send(kill("t1", Duration.ofSeconds(90)));
        world.master.send(kill("t1", Duration.ofSeconds(1)));
        world.loop.advance(Duration.ofSeconds(1));
        world.expect("t1", TaskState.TASK_KILLED);
    }

    @Test
    void takesTheLongestGraceThatAKillCanSay() {
        world.run(framework(), task("t1"));
        world.expect("t1", TaskState.TASK_RUNNING);
        world.master.send(kill("t1", Duration.ofNanos(Long.MAX_VALUE)));
        world.loop.advance(Duration.ofSeconds(60));
        assertThat(world.machine.of("t1").signals).containsExactly(15);
        world.master.send(kill("t1", Duration.ofSeconds(1)));
        world.loop.advance(Duration.ofSeconds(2));
        assertThat(labels(world.expect("t1", TaskState.TASK_KILLED))).containsEntry("tepui.exit_signal", "9");
    }

    @Test
    void aTaskThatEndsWithSuccessWhenToldToEndHasFinished() {
        world.run(framework(), task("t1"));
        world.expect("t1", TaskState.TASK_RUNNING);
        world.master.send(KillTask.newBuilder().setTask(reference("t1")).build());
        world.machine.exit("t1", 0);
        world.loop.settle();
        world.expect("t1", TaskState.TASK_FINISHED);
    }

    @Test
    void aKillBeforeTheProcessRunsIsDoneWhenItDoes() {
        world.machine.answering = false;
        world.run(framework(), task("t1"));
        world.master.send(KillTask.newBuilder().setTask(reference("t1")).build());
        assertThat(world.machine.of("t1").signals).isEmpty();
        world.machine.answering = true;
        world.crash();
        assertThat(world.start()).isCompleted();
        assertThat(world.machine.of("t1").signals).as("the kill was recorded").containsExactly(15);
    }

    @Test
    void endsATaskThatRunsForTooLong() {
        world.run(
                framework(),
                task("t1").toBuilder()
                        .setMaxCompletionTime(nanos(Duration.ofSeconds(30)))
                        .build());
        world.expect("t1", TaskState.TASK_RUNNING);
        world.loop.advance(Duration.ofSeconds(34));
        StatusUpdate failed = world.expect("t1", TaskState.TASK_FAILED);
        assertThat(failed.getStatus().getReason()).isEqualTo(Reason.REASON_MAX_COMPLETION_TIME_REACHED);
    }

    @Test
    void saysWhyATaskWasPreemptedAlsoAfterARestart() {
        world.run(framework(), task("t1"));
        world.expect("t1", TaskState.TASK_RUNNING);
        world.master.send(KillTask.newBuilder()
                .setTask(reference("t1"))
                .setPreempted("Preempted for role 'prod': it waits for 1 cpu")
                .build());
        world.crash();
        assertThat(world.start()).isCompleted();
        world.reregister();
        world.loop.advance(Duration.ofSeconds(4));
        StatusUpdate killed = world.expect("t1", TaskState.TASK_KILLED);
        assertThat(killed.getStatus().getReason()).isEqualTo(Reason.REASON_CONTAINER_PREEMPTED);
        assertThat(killed.getStatus().getMessage()).startsWith("Preempted for role 'prod': it waits for 1 cpu");
    }

    @Test
    void answersAKillOfATaskThatIsNotHere() {
        world.master.send(KillTask.newBuilder().setTask(reference("t9")).build());
        world.expect("t9", TaskState.TASK_DROPPED);
    }

    @Test
    void takesOrdersFromItsMasterAlone() {
        world.master.sendAsStranger(RunTasks.newBuilder()
                .setFramework(framework())
                .addTasks(task("t1"))
                .build());
        assertThat(world.machine.started).isEmpty();
        assertThat(world.master.refusals)
                .singleElement()
                .satisfies(r -> assertThat(r.kind().status()).isEqualTo(403));
    }

    @Test
    void runsATaskAgainOnceItsEndWasAcknowledged() {
        world.run(framework(), task("t1"));
        world.expect("t1", TaskState.TASK_RUNNING);
        world.machine.exit("t1", 0);
        world.loop.settle();
        world.expect("t1", TaskState.TASK_FINISHED);
        world.run(framework(), task("t1"));
        assertThat(world.machine.started).hasSize(2);
        assertThat(Files.exists(world.sandbox(world.machine.started.get(0)))).isTrue();
    }

    private static KillTask kill(String id, Duration grace) {
        return KillTask.newBuilder()
                .setTask(reference(id))
                .setKillPolicy(KillPolicy.newBuilder().setGracePeriod(nanos(grace)))
                .build();
    }

    private static DurationInfo nanos(Duration duration) {
        return DurationInfo.newBuilder().setNanoseconds(duration.toNanos()).build();
    }

    private static Environment.Variable variable(String name, String value) {
        return Environment.Variable.newBuilder().setName(name).setValue(value).build();
    }

    private static Map<String, String> labels(StatusUpdate update) {
        return update.getStatus().getLabels().getLabelsList().stream()
                .collect(java.util.stream.Collectors.toMap(l -> l.getKey(), l -> l.getValue()));
    }
}
