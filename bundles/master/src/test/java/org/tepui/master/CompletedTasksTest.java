// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tepui.api.TaskId;
import org.tepui.v1.AgentID;
import org.tepui.v1.FrameworkID;
import org.tepui.v1.Task;
import org.tepui.v1.TaskState;

class CompletedTasksTest {
    private final CompletedTasks completed = new CompletedTasks();

    private void add(Task task, int maximum) {
        completed.add(new TaskId(task.getTaskId().getValue()), task, maximum);
    }

    @Test
    void tasksAreShownAsTheyWere() {
        add(task("a", TaskState.TASK_FAILED), 2);
        assertThat(shown()).containsExactly(task("a", TaskState.TASK_FAILED));
        assertThat(completed.find(new TaskId("a"))).contains(task("a", TaskState.TASK_FAILED));
        assertThat(completed.find(new TaskId("b"))).isEmpty();
    }

    @Test
    void theOldestAreForgottenAboveTheMaximum() {
        List.of("a", "b", "c").forEach(id -> add(task(id, TaskState.TASK_FINISHED), 2));
        assertThat(shown()).containsExactly(task("b", TaskState.TASK_FINISHED), task("c", TaskState.TASK_FINISHED));
        assertThat(completed.find(new TaskId("a"))).isEmpty();
        add(task("d", TaskState.TASK_FINISHED), 0);
        assertThat(shown()).isEmpty();
    }

    @Test
    void theLastTaskOfAnIdIsKeptAndIsTheNewest() {
        add(task("a", TaskState.TASK_FAILED), 2);
        add(task("b", TaskState.TASK_FAILED), 2);
        add(task("a", TaskState.TASK_FINISHED), 2);
        add(task("c", TaskState.TASK_FAILED), 2);
        assertThat(shown()).containsExactly(task("a", TaskState.TASK_FINISHED), task("c", TaskState.TASK_FAILED));
    }

    private List<Task> shown() {
        List<Task> tasks = new ArrayList<>();
        completed.forEach(tasks::add);
        return tasks;
    }

    private static Task task(String id, TaskState state) {
        return Task.newBuilder()
                .setName("name of " + id)
                .setTaskId(Messages.task(id))
                .setFrameworkId(FrameworkID.newBuilder().setValue("F"))
                .setAgentId(AgentID.newBuilder().setValue("S"))
                .setState(state)
                .build();
    }
}
