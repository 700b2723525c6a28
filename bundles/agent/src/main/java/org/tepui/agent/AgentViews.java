// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import java.util.List;
import org.tepui.api.TaskState;
import org.tepui.v1.Task;
import org.tepui.v1.agent.Response;

/** What the agent has, as its operator API shows it. */
final class AgentViews {
    private final FrameworkManager frameworks;
    private final StatusUpdateManager updates;

    AgentViews(FrameworkManager frameworks, StatusUpdateManager updates) {
        this.frameworks = frameworks;
        this.updates = updates;
    }

    /** Frameworks with tasks here, and those that had some. */
    Response.GetFrameworks frameworks() {
        Response.GetFrameworks.Builder all = Response.GetFrameworks.newBuilder();
        for (FrameworkManager.Entry entry : frameworks.active()) {
            entry.info()
                    .ifPresent(info -> all.addFrameworks(
                            Response.GetFrameworks.Framework.newBuilder().setFrameworkInfo(info)));
        }
        for (FrameworkManager.Entry entry : frameworks.completed()) {
            entry.info()
                    .ifPresent(info -> all.addCompletedFrameworks(
                            Response.GetFrameworks.Framework.newBuilder().setFrameworkInfo(info)));
        }
        return all.build();
    }

    /**
     * All tasks: queued until their process is started, launched while it runs, terminated until their end is
     * acknowledged, and completed as far as memory reaches.
     */
    Response.GetTasks tasks() {
        Response.GetTasks.Builder all = Response.GetTasks.newBuilder();
        for (FrameworkManager.Entry entry : frameworks.active()) {
            for (AgentTask task : entry.tasks()) {
                Task view = TaskViews.of(task, entry.info(), updates.unacknowledged(task.key()));
                if (task.state().isTerminal()) {
                    all.addTerminatedTasks(view);
                } else if (task.state() == TaskState.STAGING) {
                    all.addQueuedTasks(view);
                } else {
                    all.addLaunchedTasks(view);
                }
            }
            addCompleted(all, entry);
        }
        frameworks.completed().forEach(entry -> addCompleted(all, entry));
        return all.build();
    }

    private static void addCompleted(Response.GetTasks.Builder all, FrameworkManager.Entry entry) {
        entry.completed().forEach(task -> all.addCompletedTasks(TaskViews.of(task, entry.info(), List.of())));
    }
}
