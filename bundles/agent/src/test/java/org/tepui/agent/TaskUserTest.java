// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tepui.agent.AgentWorld.framework;
import static org.tepui.agent.AgentWorld.task;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tepui.proto.internal.StatusUpdate;
import org.tepui.runtime.Disk;
import org.tepui.runtime.Processes.ProcessSpec;
import org.tepui.runtime.Processes.UserIds;
import org.tepui.runtime.SystemDisk;
import org.tepui.v1.FrameworkInfo;
import org.tepui.v1.TaskInfo;
import org.tepui.v1.TaskState;
import org.tepui.v1.TaskStatus.Reason;

/** Who a task runs as. The machine of these tests knows alice alone, who is the user that runs them. */
class TaskUserTest {
    @TempDir
    private Path directory;

    private Optional<AgentWorld> started = Optional.empty();

    private AgentWorld start(Disk disk) {
        AgentWorld world = new AgentWorld(directory, disk).running();
        started = Optional.of(world);
        return world;
    }

    @AfterEach
    void stop() {
        started.ifPresent(AgentWorld::crash);
    }

    private static FrameworkInfo frameworkOf(String user) {
        return framework().toBuilder().setUser(user).build();
    }

    private static TaskInfo taskOf(String user) {
        TaskInfo task = task("t1");
        return task.toBuilder()
                .setCommand(task.getCommand().toBuilder().setUser(user))
                .build();
    }

    @Test
    void isTheOneOfTheFrameworkWithAllItsGroups() throws IOException {
        AgentWorld world = start(new SystemDisk());
        world.run(frameworkOf("alice"), task("t1"));
        world.expect("t1", TaskState.TASK_RUNNING);
        ProcessSpec process = world.machine.started.get(0);
        int uid = (Integer) Files.getAttribute(directory, "unix:uid");
        int gid = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:gid");
        assertThat(process.user()).contains(new UserIds(uid, gid, List.of(gid)));
        assertThat(process.environment())
                .containsEntry("USER", "alice")
                .containsEntry("LOGNAME", "alice")
                .containsEntry("HOME", "/home/alice");
    }

    @ParameterizedTest
    @CsvSource({"mallory, alice, TASK_RUNNING", "alice, mallory, TASK_ERROR"})
    void isTheOneOfTheCommandBeforeThatOfTheFramework(String ofFramework, String ofCommand, TaskState state) {
        AgentWorld world = start(new SystemDisk());
        world.run(frameworkOf(ofFramework), taskOf(ofCommand));
        world.expect("t1", state);
    }

    @Test
    void isAnErrorWhereTheMachineDoesNotKnowTheFrameworksUser() {
        AgentWorld world = start(new SystemDisk());
        world.run(frameworkOf("mallory"), task("t1"));
        StatusUpdate error = world.expect("t1", TaskState.TASK_ERROR);
        assertThat(error.getStatus().getMessage()).isEqualTo("the user 'mallory' is not known on this agent");
        assertThat(error.getStatus().getReason()).isEqualTo(Reason.REASON_TASK_INVALID);
        assertThat(world.machine.started).isEmpty();
    }

    @Test
    void isToldHowAnUnprivilegedAgentIsStarted() {
        AgentWorld world = start(thatGivesNothingAway());
        world.run(framework(), taskOf("alice"));
        StatusUpdate failed = world.expect("t1", TaskState.TASK_FAILED);
        assertThat(failed.getStatus().getMessage())
                .startsWith("the sandbox cannot be given to user 'alice'")
                .endsWith("an agent that does not run as root needs --no-switch-user");
        assertThat(world.machine.started).isEmpty();
    }

    /** A disk for users who may not change the owners of files. */
    private static Disk thatGivesNothingAway() {
        Disk real = new SystemDisk();
        return (Disk) Proxy.newProxyInstance(
                Disk.class.getClassLoader(), new Class<?>[] {Disk.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("setOwner")) {
                        throw new FileSystemException(String.valueOf(arguments[0]), null, "Operation not permitted");
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
