// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.List;
import java.util.Optional;
import org.tepui.api.AgentId;
import org.tepui.api.TaskId;
import org.tepui.api.TaskState;
import org.tepui.proto.convert.IdConversion;
import org.tepui.proto.convert.StateConversion;
import org.tepui.v1.Task;
import org.tepui.v1.TaskStatus;
import org.tepui.v1.scheduler.Call;

/**
 * Answers the question of a scheduler what became of its tasks. It says only what the master can know: where agents
 * are still awaited after a failover, it is silent.
 */
final class Reconciler {
    private static final String LATEST = "Reconciliation: Latest task state";

    private final MasterContext context;
    private final Agents agents;

    Reconciler(MasterContext context, Agents agents) {
        this.context = context;
        this.agents = agents;
    }

    /** The latest states of the tasks named, or of all that have not ended if none is. */
    List<TaskStatus> reconcile(FrameworkEntry framework, Call.Reconcile call) {
        if (call.getTasksCount() == 0) {
            return framework.tasks.values().stream()
                    .filter(task -> !task.state().isTerminal())
                    .map(task -> latest(framework, task))
                    .toList();
        }
        return call.getTasksList().stream()
                .flatMap(task -> answer(
                        framework,
                        new TaskId(task.getTaskId().getValue()),
                        task.hasAgentId()
                                ? Optional.of(new AgentId(task.getAgentId().getValue()))
                                : Optional.empty())
                        .stream())
                .toList();
    }

    /**
     * What is known of one task.
     *
     * @param agentId where the scheduler believes it to be
     * @return empty if nothing can be said yet
     */
    Optional<TaskStatus> answer(FrameworkEntry framework, TaskId task, Optional<AgentId> agentId) {
        TaskEntry known = framework.tasks.get(task);
        if (known != null) {
            return Optional.of(latest(framework, known));
        }
        TaskEntry lost = framework.unreachableTasks.get(task);
        if (lost != null) {
            return Optional.of(unreachable(framework, task, lost.agent));
        }
        Optional<Task> completed = framework.completedTasks.find(task);
        if (completed.isPresent()) {
            return Optional.of(completed(framework, completed.get()));
        }
        if (agentId.isEmpty()) {
            return agents.awaited() > 0
                    ? Optional.empty()
                    : Optional.of(
                            reconciled(framework, task, agentId, TaskState.UNKNOWN, "Reconciliation: Task is unknown"));
        }
        if (agents.isGone(agentId.get())) {
            return Optional.of(reconciled(
                    framework,
                    task,
                    agentId,
                    TaskState.GONE_BY_OPERATOR,
                    "Reconciliation: Task is gone with its agent"));
        }
        AgentEntry agent = agents.find(agentId.get()).orElse(null);
        if (agent == null) {
            return Optional.of(reconciled(
                    framework,
                    task,
                    agentId,
                    TaskState.UNKNOWN,
                    "Reconciliation: Task is unknown on an unknown agent"));
        }
        return switch (agent.state()) {
            case ACTIVE, DISCONNECTED ->
                Optional.of(reconciled(
                        framework,
                        task,
                        agentId,
                        TaskState.GONE,
                        "Reconciliation: Task is unknown to the agent, which is registered"));
            case UNREACHABLE -> Optional.of(unreachable(framework, task, agent.id));
            case RECOVERED, ADMITTING, MARKING_UNREACHABLE, REMOVED -> Optional.empty();
        };
    }

    private TaskStatus latest(FrameworkEntry framework, TaskEntry task) {
        TaskStatus.Builder status =
                reconciled(framework, task.key.task(), Optional.of(task.agent), task.reported(), LATEST).toBuilder();
        task.lastStatus().ifPresent(last -> addDetails(status, last));
        return status.build();
    }

    /** The end of a task that is out of the books, as long as it is remembered. */
    private TaskStatus completed(FrameworkEntry framework, Task task) {
        TaskStatus.Builder status = reconciled(
                framework,
                IdConversion.toApi(task.getTaskId()),
                Optional.of(IdConversion.toApi(task.getAgentId())),
                StateConversion.toApi(task.getState()),
                LATEST)
                .toBuilder();
        if (task.getStatusesCount() > 0) {
            addDetails(status, task.getStatuses(task.getStatusesCount() - 1));
        }
        return status.build();
    }

    private static void addDetails(TaskStatus.Builder status, TaskStatus last) {
        if (last.hasHealthy()) {
            status.setHealthy(last.getHealthy());
        }
        if (last.hasLabels()) {
            status.setLabels(last.getLabels());
        }
        if (last.hasContainerStatus()) {
            status.setContainerStatus(last.getContainerStatus());
        }
    }

    private TaskStatus unreachable(FrameworkEntry framework, TaskId task, AgentId agentId) {
        TaskStatus.Builder status = reconciled(
                framework, task, Optional.of(agentId), TaskState.UNREACHABLE, "Reconciliation: Task is unreachable")
                .toBuilder();
        agents.find(agentId)
                .flatMap(agent -> Optional.ofNullable(agent.unreachableTime))
                .map(Statuses::time)
                .ifPresent(status::setUnreachableTime);
        return status.build();
    }

    private TaskStatus reconciled(
            FrameworkEntry framework, TaskId task, Optional<AgentId> agentId, TaskState state, String message) {
        return context.statuses()
                .of(task, agentId, state, framework.partitionAware, TaskStatus.Reason.REASON_RECONCILIATION, message)
                .build();
    }
}
