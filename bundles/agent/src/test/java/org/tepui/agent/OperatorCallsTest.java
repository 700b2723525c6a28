// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tepui.agent.AgentWorld.framework;
import static org.tepui.agent.AgentWorld.task;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tepui.v1.Metric;
import org.tepui.v1.Resource;
import org.tepui.v1.Task;
import org.tepui.v1.TaskState;
import org.tepui.v1.Value;
import org.tepui.v1.agent.Call;
import org.tepui.v1.agent.Response;

class OperatorCallsTest {
    private static final Set<Call.Type> BUILT = EnumSet.of(
            Call.Type.GET_HEALTH,
            Call.Type.GET_VERSION,
            Call.Type.GET_METRICS,
            Call.Type.GET_AGENT,
            Call.Type.GET_FRAMEWORKS,
            Call.Type.GET_TASKS,
            Call.Type.GET_STATE,
            Call.Type.LIST_FILES,
            Call.Type.READ_FILE);

    @TempDir
    Path directory;

    private AgentWorld world;

    @BeforeEach
    void start() {
        world = new AgentWorld(directory).running();
    }

    @Test
    void saysWhoItIs() {
        assertThat(call(Call.Type.GET_HEALTH).getGetHealth().getHealthy()).isTrue();
        assertThat(call(Call.Type.GET_VERSION).getGetVersion().getVersionInfo().getVersion())
                .isEqualTo("0.1.0");
        assertThat(call(Call.Type.GET_AGENT)
                        .getGetAgent()
                        .getAgentInfo()
                        .getId()
                        .getValue())
                .isEqualTo(AgentWorld.AGENT_ID);
        assertThat(call(Call.Type.GET_METRICS).getGetMetrics().getMetricsList())
                .extracting(Metric::getName)
                .contains("slave/tasks_running", "slave/uptime_secs", "slave/registered");
    }

    @Test
    void showsTasksFromTheQueueToTheirCompletion() {
        world.machine.answering = false;
        world.run(framework(), task("queued"));
        world.machine.answering = true;
        world.run(framework(), task("launched"), task("terminated"), task("completed"));
        world.master.takeUpdates().forEach(world::acknowledge);
        world.machine.exit("completed", 0);
        world.loop.settle();
        world.expect("completed", TaskState.TASK_FINISHED);
        world.machine.exit("terminated", 0);
        world.loop.settle();
        Response.GetState state = call(Call.Type.GET_STATE).getGetState();
        Response.GetTasks tasks = state.getGetTasks();
        assertThat(tasks.getQueuedTasksList()).extracting(OperatorCallsTest::id).containsExactly("queued");
        assertThat(tasks.getLaunchedTasksList())
                .extracting(OperatorCallsTest::id)
                .containsExactly("launched");
        assertThat(tasks.getTerminatedTasksList())
                .extracting(OperatorCallsTest::id)
                .containsExactly("terminated");
        assertThat(tasks.getCompletedTasksList())
                .extracting(OperatorCallsTest::id)
                .containsExactly("completed");
        assertThat(state.getGetFrameworks().getFrameworksCount()).isEqualTo(1);
        assertThat(world.metric("slave/tasks_running")).isEqualTo(1);
        assertThat(world.metric("slave/tasks_staging")).isEqualTo(1);
        assertThat(world.metric("slave/tasks_finished")).isEqualTo(2);
    }

    @Test
    void countsWhatTasksHold() {
        Resource cpus = Resource.newBuilder()
                .setName("cpus")
                .setType(Value.Type.SCALAR)
                .setScalar(Value.Scalar.newBuilder().setValue(0.5))
                .build();
        world.run(
                framework(),
                task("t1").toBuilder().addResources(cpus).build(),
                task("t2").toBuilder().addResources(cpus).build());
        assertThat(world.metric("slave/cpus_total")).isEqualTo(4);
        assertThat(world.metric("slave/cpus_used")).isEqualTo(1);
        assertThat(world.metric("slave/cpus_percent")).isEqualTo(0.25);
        world.restart();
        world.machine.exit("t1", 0);
        world.loop.settle();
        assertThat(world.metric("slave/cpus_used")).isEqualTo(0.5);
    }

    @Test
    void readsTheOutputOfATask() throws Exception {
        world.run(framework(), task("t1"));
        Path sandbox = world.sandbox(world.machine.started.get(0));
        Files.writeString(sandbox.resolve("stdout"), "hello");
        String path = "/frameworks/m1-0000/executors/t1/runs/latest";
        world.master.send(Call.newBuilder()
                .setType(Call.Type.READ_FILE)
                .setReadFile(
                        Call.ReadFile.newBuilder().setPath(path + "/stdout").setOffset(1))
                .build());
        assertThat(reply().getReadFile().getData().toStringUtf8()).isEqualTo("ello");
        world.master.send(Call.newBuilder()
                .setType(Call.Type.LIST_FILES)
                .setListFiles(Call.ListFiles.newBuilder().setPath(path))
                .build());
        assertThat(reply().getListFiles().getFileInfosCount()).isEqualTo(1);
    }

    @Test
    void refusesWhatIsNotBuiltByItsName() {
        for (Call.Type type : EnumSet.complementOf(EnumSet.copyOf(BUILT))) {
            world.master.refusals.clear();
            world.master.send(Call.newBuilder().setType(type).build());
            assertThat(world.master.refusals).singleElement().satisfies(refusal -> {
                assertThat(refusal.kind().status()).isEqualTo(501);
                assertThat(refusal.reason()).contains(type.name());
            });
        }
    }

    private Response call(Call.Type type) {
        world.master.send(Call.newBuilder().setType(type).build());
        return reply();
    }

    private Response reply() {
        assertThat(world.master.refusals).isEmpty();
        return (Response) world.master.replies.get(world.master.replies.size() - 1);
    }

    private static String id(Task task) {
        return task.getTaskId().getValue();
    }
}
