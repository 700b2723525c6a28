// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.tepui.agent.AgentWorld.framework;
import static org.tepui.agent.AgentWorld.reference;
import static org.tepui.agent.AgentWorld.task;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tepui.proto.internal.KillTask;
import org.tepui.proto.internal.ReregisterAgent;
import org.tepui.proto.internal.RunTasks;
import org.tepui.proto.internal.StatusUpdate;
import org.tepui.v1.FrameworkInfo;
import org.tepui.v1.Label;
import org.tepui.v1.TaskInfo;
import org.tepui.v1.TaskState;

/** The agent with real processes, files, users and connections. */
@Timeout(60)
class LiveAgentTest {
    @TempDir
    Path directory;

    private LiveMaster master;
    private LiveAgent agent;

    @BeforeEach
    void start() throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        master = new LiveMaster();
        agent = new LiveAgent(directory, master.address());
        master.awaitAgent();
    }

    @AfterEach
    void stop() throws Exception {
        agent.agent.endTasks(java.time.Duration.ofMillis(200)).get(20, TimeUnit.SECONDS);
        agent.close();
        master.close();
    }

    @Test
    void runsACommandInItsSandboxWithItsEnvironment() throws Exception {
        run(task("t1", "pwd; echo $TEPUI_TASK_ID $TEPUI_MASTER; echo oops >&2; exit 3"));
        List<StatusUpdate> updates = master.untilEnd("t1");
        assertThat(updates)
                .extracting(u -> u.getStatus().getState())
                .containsExactly(TaskState.TASK_RUNNING, TaskState.TASK_FAILED);
        assertThat(exitStatus(updates.get(1))).isEqualTo("3");
        Path sandbox = directory
                .resolve("work/slaves/m1-S0/frameworks/m1-0000/executors/t1/runs/latest")
                .toRealPath();
        assertThat(Files.readAllLines(sandbox.resolve("stdout")))
                .containsExactly(sandbox.toString(), "t1 " + master.address());
        assertThat(Files.readString(sandbox.resolve("stderr"))).isEqualTo("oops\n");
    }

    @Test
    void killsAWholeGroupThatDoesNotWantToEnd() throws Exception {
        run(task("t1", "trap '' TERM; sleep 1000 & touch deaf; while :; do sleep 0.05; done"));
        assertThat(master.first("t1").getStatus().getState()).isEqualTo(TaskState.TASK_RUNNING);
        awaitFile("t1", "deaf");
        master.send(KillTask.newBuilder().setTask(reference("t1")).build());
        List<StatusUpdate> updates = master.untilEnd("t1");
        StatusUpdate end = updates.get(updates.size() - 1);
        assertThat(end.getStatus().getState()).isEqualTo(TaskState.TASK_KILLED);
        assertThat(exitStatus(end)).isEqualTo("137");
    }

    /** A shell runs before it has read its first command: what it is to ignore, it ignores only then. */
    private void awaitFile(String task, String name) throws Exception {
        Path file = directory
                .resolve("work/slaves/m1-S0/frameworks/m1-0000/executors/" + task + "/runs/latest")
                .toRealPath()
                .resolve(name);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!Files.exists(file)) {
            assertThat(System.nanoTime()).as(file + " is made in time").isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    @Test
    void findsARunningTaskAgainWithTheSamePid() throws Exception {
        run(task("t1", "while [ ! -e go ]; do sleep 0.02; done; exit 5"));
        int pid = master.first("t1").getStatus().getContainerStatus().getExecutorPid();
        agent.close();
        assertThat(ProcessHandle.of(pid)).isPresent();
        agent = new LiveAgent(directory, master.address());
        ReregisterAgent told = master.reregistrations.poll(20, TimeUnit.SECONDS);
        assertThat(told).isNotNull();
        assertThat(told.getTasksList()).hasSize(1);
        assertThat(ProcessHandle.of(pid)).isPresent();
        Files.createFile(directory
                .resolve("work/slaves/m1-S0/frameworks/m1-0000/executors/t1/runs/latest")
                .toRealPath()
                .resolve("go"));
        List<StatusUpdate> updates = master.untilEnd("t1");
        StatusUpdate end = updates.get(updates.size() - 1);
        assertThat(exitStatus(end)).isEqualTo("5");
        assertThat(end.getStatus().getContainerStatus().getExecutorPid()).isEqualTo(pid);
    }

    @Test
    void runsATaskAsItsUserWhoOwnsItsSandbox() throws Exception {
        assumeThat(System.getProperty("user.name")).isEqualTo("root");
        TaskInfo info = task("t1", "id -un; touch mine; echo $HOME");
        run(info.toBuilder()
                .setCommand(info.getCommand().toBuilder().setUser("nobody"))
                .build());
        assertThat(exitStatus(master.untilEnd("t1").get(1))).isEqualTo("0");
        Path sandbox = directory
                .resolve("work/slaves/m1-S0/frameworks/m1-0000/executors/t1/runs/latest")
                .toRealPath();
        assertThat(Files.readAllLines(sandbox.resolve("stdout"))).startsWith("nobody");
        assertThat(Files.getOwner(sandbox).getName()).isEqualTo("nobody");
        assertThat(Files.getOwner(sandbox.resolve("mine")).getName()).isEqualTo("nobody");
    }

    @Test
    void saysWhatCannotBeExecuted() throws Exception {
        TaskInfo info = task("t1", "/no/such/program");
        run(info.toBuilder()
                .setCommand(info.getCommand().toBuilder().setShell(false))
                .build());
        StatusUpdate failed = master.untilEnd("t1").get(0);
        assertThat(failed.getStatus().getState()).isEqualTo(TaskState.TASK_FAILED);
        assertThat(failed.getStatus().getMessage()).contains("/no/such/program");
    }

    @Test
    void runsManyTasksAtOnce() throws Exception {
        int count = 300;
        List<TaskInfo> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tasks.add(task("t" + i, "true"));
        }
        run(tasks.toArray(TaskInfo[]::new));
        for (int i = 0; i < count; i++) {
            List<StatusUpdate> updates = master.untilEnd("t" + i);
            assertThat(updates.get(updates.size() - 1).getStatus().getState()).isEqualTo(TaskState.TASK_FINISHED);
        }
        assertThat(agent.metrics.snapshot().get("slave/tasks_finished")).isEqualTo(count);
    }

    private void run(TaskInfo... tasks) {
        FrameworkInfo framework =
                framework().toBuilder().setUser(System.getProperty("user.name")).build();
        master.send(RunTasks.newBuilder()
                .setFramework(framework)
                .addAllTasks(List.of(tasks))
                .build());
    }

    private static String exitStatus(StatusUpdate update) {
        return update.getStatus().getLabels().getLabelsList().stream()
                .filter(label -> label.getKey().equals("tepui.exit_status"))
                .map(Label::getValue)
                .findFirst()
                .orElse("none");
    }
}
