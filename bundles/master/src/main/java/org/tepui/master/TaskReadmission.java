// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;
import org.tepui.api.TaskId;
import org.tepui.api.TaskState;
import org.tepui.api.resources.Resources;
import org.tepui.proto.convert.ResourceConversion;
import org.tepui.proto.convert.StateConversion;
import org.tepui.proto.internal.KillTask;
import org.tepui.proto.internal.ReregisterAgent;
import org.tepui.proto.internal.TaskReference;
import org.tepui.v1.FrameworkInfo;
import org.tepui.v1.Task;
import org.tepui.v1.TaskStatus;

/**
 * Compares what an agent that comes back runs with what the books say, in both directions. The agent is right about
 * what it runs: all of its tasks are taken back, also those that their frameworks were told are lost.
 */
final class TaskReadmission {
    private static final Logger log = LoggerFactory.getLogger(TaskReadmission.class);

    private final MasterContext context;
    private final Frameworks frameworks;
    private final FrameworkManager frameworkManager;
    private final TaskManager tasks;

    TaskReadmission(
            MasterContext context, Frameworks frameworks, FrameworkManager frameworkManager, TaskManager tasks) {
        this.context = context;
        this.frameworks = frameworks;
        this.frameworkManager = frameworkManager;
        this.tasks = tasks;
    }

    /**
     * What came of it, and what the agent has to be told.
     *
     * @param taken tasks that are new in the agent's books
     * @param missing tasks in the books that the agent did not name: it answers each with a status
     * @param over frameworks whose tasks it is to end
     * @param kills tasks that it is to end
     */
    record Outcome(List<TaskKey> taken, List<TaskReference> missing, Set<FrameworkId> over, List<KillTask> kills) {}

    /** Takes the tasks of an agent into the books. */
    Outcome readmit(AgentEntry agent, ReregisterAgent message) {
        Map<String, FrameworkInfo> infos = new HashMap<>();
        message.getFrameworksList().forEach(info -> infos.put(info.getId().getValue(), info));
        Outcome outcome = new Outcome(new ArrayList<>(), new ArrayList<>(), new LinkedHashSet<>(), new ArrayList<>());
        Set<TaskKey> named = new LinkedHashSet<>();
        for (Task task : message.getTasksList()) {
            try {
                TaskKey key = new TaskKey(
                        new FrameworkId(task.getFrameworkId().getValue()),
                        new TaskId(task.getTaskId().getValue()));
                named.add(key);
                take(
                        agent,
                        key,
                        task,
                        Optional.ofNullable(infos.get(key.framework().value())),
                        outcome);
            } catch (IllegalArgumentException e) {
                log.error("Agent {} runs a task that cannot be taken into the books: {}", agent.id, e.getMessage());
            }
        }
        for (TaskEntry task : List.copyOf(agent.tasks.values())) {
            if (!named.contains(task.key)) {
                missing(agent, task, outcome);
            }
        }
        return outcome;
    }

    private void take(AgentEntry agent, TaskKey key, Task task, Optional<FrameworkInfo> info, Outcome outcome) {
        FrameworkEntry framework =
                frameworkManager.findOrRecover(key.framework(), info).orElse(null);
        if (framework == null) {
            outcome.over().add(key.framework());
            return;
        }
        TaskState latest = StateConversion.toApi(task.getState());
        TaskEntry known = agent.tasks.get(key);
        if (known != null) {
            tasks.move(framework, agent, known, latest);
            return;
        }
        TaskEntry lost = framework.unreachableTasks.remove(key.task());
        if (lost != null) {
            context.figures().tasks.left(TaskState.UNREACHABLE);
        }
        TaskEntry elsewhere = framework.tasks.get(key.task());
        TaskEntry entry = entry(agent, key, task, latest);
        tasks.add(framework, agent, entry);
        outcome.taken().add(key);
        if (elsewhere != null) {
            // the framework launched the same id again after this one was lost: the newer one stays
            log.warn("Agent {} brings back task {}, which runs on agent {} meanwhile", agent.id, key, elsewhere.agent);
            framework.tasks.put(key.task(), elsewhere);
            framework.displaced.add(entry);
            outcome.kills().add(KillTask.newBuilder().setTask(key.toReference()).build());
            return;
        }
        if (!latest.isTerminal()) {
            TaskStatus.Builder status = tasks.masterStatus(
                    framework, entry, TaskStatus.Reason.REASON_AGENT_REREGISTERED, "Agent re-registered");
            entry.remember(status.build());
            tasks.tell(framework, status);
        }
    }

    private static TaskEntry entry(AgentEntry agent, TaskKey key, Task task, TaskState latest) {
        Resources resources = ResourceConversion.toApi(task.getResourcesList());
        Role role = task.getResourcesCount() == 0
                        || !task.getResources(0).getAllocationInfo().hasRole()
                ? Role.ANY
                : new Role(task.getResources(0).getAllocationInfo().getRole());
        TaskEntry entry = new TaskEntry(key, agent.id, role, resources.unallocate(), task, latest);
        task.getStatusesList().forEach(entry::remember);
        if (task.hasStatusUpdateState()) {
            TaskStatus.Builder reported =
                    TaskStatus.newBuilder().setTaskId(task.getTaskId()).setState(task.getStatusUpdateState());
            if (task.hasStatusUpdateUuid()) {
                reported.setUuid(task.getStatusUpdateUuid());
            }
            entry.setReported(reported.build());
        }
        return entry;
    }

    private void missing(AgentEntry agent, TaskEntry task, Outcome outcome) {
        FrameworkEntry framework = frameworks.find(task.key.framework()).orElseThrow();
        if (task.state().isTerminal()) {
            // settled between agent and scheduler, over a connection that broke before the books heard of it
            tasks.settle(framework, agent, task);
        } else {
            outcome.missing().add(task.key.toReference());
        }
    }
}
