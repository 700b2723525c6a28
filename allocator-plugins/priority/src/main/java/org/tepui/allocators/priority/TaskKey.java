// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.priority;

import java.util.List;
import org.tepui.allocator.TaskProfile;
import org.tepui.allocator.support.RunningTask;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.api.TaskId;

/** Which task is meant. */
record TaskKey(AgentId agent, FrameworkId framework, TaskId task) {
    static TaskKey of(TaskProfile task) {
        return new TaskKey(task.agent(), task.framework(), task.task());
    }

    /** Whether it is among the tasks of its agent. */
    boolean isAmong(List<RunningTask> tasks) {
        return tasks.stream()
                .anyMatch(other -> other.profile().task().equals(task)
                        && other.profile().framework().equals(framework));
    }
}
