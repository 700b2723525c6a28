// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.allocator.Preemption;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.api.TaskId;
import org.tepui.api.TaskState;
import org.tepui.proto.convert.StateConversion;
import org.tepui.proto.internal.KillTask;
import org.tepui.proto.internal.ShutdownFramework;
import org.tepui.proto.internal.StatusUpdate;
import org.tepui.proto.internal.StatusUpdateAcknowledgement;
import org.tepui.proto.internal.UpdateFramework;
import org.tepui.v1.KillPolicy;
import org.tepui.v1.TaskStatus;
import org.tepui.v1.scheduler.Call;

/**
 * The tasks in the books, from launch to the acknowledgement of their end. Soft state: agents bring their tasks with
 * them when they re-register.
 *
 * <p>A status goes to the scheduler as it came from the agent, which sends it again until the scheduler acknowledges
 * it; the master keeps none for later. Statuses that the master makes itself are sent once.
 */
final class TaskManager {
    private static final Logger log = LoggerFactory.getLogger(TaskManager.class);

    /** Characters of what a policy says of a preemption. */
    private static final int LONGEST_REASON = 1000;

    private final MasterContext context;
    private final Frameworks frameworks;
    private final Agents agents;
    private final AllocatorSlot slot;

    TaskManager(MasterContext context, Frameworks frameworks, Agents agents, AllocatorSlot slot) {
        this.context = context;
        this.frameworks = frameworks;
        this.agents = agents;
        this.slot = slot;
    }

    /** Puts a task in the books, charging the agent if it has not ended. */
    void add(FrameworkEntry framework, AgentEntry agent, TaskEntry task) {
        framework.tasks.put(task.key.task(), task);
        agent.add(task);
        context.figures().tasks.entered(task.state());
        if (!task.state().isTerminal()) {
            agent.charge(task);
        }
    }

    /** Takes a status that an agent sent. */
    void update(AgentEntry agent, StatusUpdate update) {
        context.figures().statusUpdates.increment();
        TaskStatus status = update.getStatus();
        Optional<TaskKey> key = key(update);
        if (key.isEmpty()) {
            context.figures().invalidStatusUpdates.increment();
            return;
        }
        FrameworkEntry framework = frameworks.find(key.get().framework()).orElse(null);
        if (framework == null) {
            context.figures().invalidStatusUpdates.increment();
            log.info(
                    "Agent {} reports a task of framework {}, which is over",
                    agent.id,
                    update.getFrameworkId().getValue());
            agent.openLink()
                    .ifPresent(link -> link.send(ShutdownFramework.newBuilder()
                            .setFrameworkId(update.getFrameworkId())
                            .build()));
            return;
        }
        TaskEntry task = agent.tasks.get(key.get());
        if (task == null) {
            // an answer to a kill or a reconciliation, or a repeat of an update that was settled meanwhile
            context.figures().invalidStatusUpdates.increment();
        } else {
            context.figures().validStatusUpdates.increment();
            move(framework, agent, task, StateConversion.toApi(update.getLatestState()));
            task.report(status);
        }
        forward(framework, status);
    }

    private static Optional<TaskKey> key(StatusUpdate update) {
        try {
            return Optional.of(new TaskKey(
                    new FrameworkId(update.getFrameworkId().getValue()),
                    new TaskId(update.getStatus().getTaskId().getValue())));
        } catch (IllegalArgumentException e) {
            log.warn("Dropped a status with an id that is not allowed: {}", e.getMessage());
            return Optional.empty();
        }
    }

    /** Moves a task to the newest state that its agent knows, and frees what it holds once it ended. */
    void move(FrameworkEntry framework, AgentEntry agent, TaskEntry task, TaskState next) {
        TaskState before = task.state();
        if (before == next && !TaskMoves.allows(before, next)) {
            return;
        }
        if (!task.moveTo(next)) {
            context.figures().illegalMoves.increment();
            log.warn("Task {} of framework {} cannot go from {} to {}", task.key.task(), framework.id, before, next);
            return;
        }
        if (before != next) {
            context.figures().tasks.left(before);
            context.figures().tasks.entered(next);
        }
        if (next.isTerminal() && agent.release(task)) {
            slot.taskRemoved(task);
            slot.recovered(framework, agent, task.role, task.resources);
        }
    }

    /** Sends a status to the scheduler; one that it does not get is lost here and sent again by the agent. */
    private void forward(FrameworkEntry framework, TaskStatus status) {
        context.figures().tasks.reported(status);
        framework.send(Events.update(status));
    }

    /** Sends a status that the master made. */
    void tell(FrameworkEntry framework, TaskStatus.Builder status) {
        forward(framework, status.build());
    }

    /** Passes the acknowledgement of a scheduler on, and lets go of the task if that settles its end. */
    void acknowledge(FrameworkEntry framework, Call.Acknowledge call) {
        context.figures().statusUpdateAcknowledgements.increment();
        AgentId agentId = new AgentId(call.getAgentId().getValue());
        TaskKey key = new TaskKey(framework.id, new TaskId(call.getTaskId().getValue()));
        AgentEntry agent = agents.find(agentId).orElse(null);
        if (agent == null || agent.openLink().isEmpty()) {
            // the agent sends the status again when it is back, and gets this acknowledgement again
            context.figures().invalidAcknowledgements.increment();
            return;
        }
        context.figures().validAcknowledgements.increment();
        agent.openLink()
                .get()
                .acknowledge(StatusUpdateAcknowledgement.newBuilder()
                        .setTask(key.toReference())
                        .setUuid(call.getUuid())
                        .build());
        TaskEntry task = agent.tasks.get(key);
        if (task != null && task.state().isTerminal() && task.endsWith(call.getUuid())) {
            settle(framework, agent, task);
        }
    }

    /** Moves a task that ended out of the books and into history. */
    void settle(FrameworkEntry framework, AgentEntry agent, TaskEntry task) {
        agent.tasks.remove(task.key);
        agent.waitingKills.remove(task.key);
        framework.tasks.remove(task.key.task(), task);
        if (!framework.displaced.remove(task)) {
            framework.complete(task, context.config().maxCompletedTasksPerFramework());
        }
    }

    /**
     * Asks the agent to end a task, at once or when it is back.
     *
     * @return false if no such task is in the books
     */
    boolean kill(FrameworkEntry framework, TaskId id, Optional<AgentId> claimedAgent, Optional<KillPolicy> policy) {
        KillTask.Builder kill = KillTask.newBuilder();
        policy.ifPresent(kill::setKillPolicy);
        return kill(framework, id, claimedAgent, kill);
    }

    private boolean kill(FrameworkEntry framework, TaskId id, Optional<AgentId> claimedAgent, KillTask.Builder kill) {
        TaskEntry task = framework.tasks.get(id);
        if (task == null) {
            return false;
        }
        if (claimedAgent.isPresent() && !claimedAgent.get().equals(task.agent)) {
            log.warn("Ignored a kill of task {}: it is on agent {}, not on {}", id, task.agent, claimedAgent.get());
            return true;
        }
        AgentEntry agent = agents.find(task.agent).orElse(null);
        if (agent == null) {
            return false;
        }
        kill.setTask(task.key.toReference());
        if (agent.isActive() && agent.openLink().isPresent()) {
            agent.openLink().get().send(kill.build());
        } else {
            agent.waitingKills.put(task.key, kill.build());
        }
        return true;
    }

    /**
     * Ends a task because the policy wants what it holds for others. One that is gone or ends already is passed
     * over.
     */
    void preempt(FrameworkEntry framework, Preemption preemption) {
        TaskEntry task = framework.tasks.get(preemption.task());
        if (task == null || !task.charged() || !task.agent.equals(preemption.agent())) {
            return;
        }
        log.info(
                "Task {} of framework {} is preempted for role {}: {}",
                preemption.task(),
                framework.id,
                preemption.beneficiary(),
                preemption.reason());
        context.figures().tasksPreempted.increment();
        KillTask.Builder kill = KillTask.newBuilder().setPreempted(why(preemption));
        kill.getKillPolicyBuilder()
                .getGracePeriodBuilder()
                .setNanoseconds(preemption.grace().toNanos());
        kill(framework, preemption.task(), Optional.of(preemption.agent()), kill);
    }

    /** For the final status of the task, with the policy's own sentence. */
    private static String why(Preemption preemption) {
        String reason = preemption.reason();
        return "Preempted for role '" + preemption.beneficiary() + "': "
                + reason.substring(0, Math.min(LONGEST_REASON, reason.length()));
    }

    /** The agent cannot be reached any more: what it runs may go on running. */
    void loseSight(AgentEntry agent, String message) {
        for (TaskEntry task : List.copyOf(agent.tasks.values())) {
            FrameworkEntry framework = frameworks.find(task.key.framework()).orElseThrow();
            agent.release(task);
            agent.tasks.remove(task.key);
            framework.tasks.remove(task.key.task(), task);
            if (framework.displaced.remove(task)) {
                // its scheduler knows another task by this id
                context.figures().tasks.left(task.state());
                continue;
            }
            if (task.state().isTerminal()) {
                // its agent has the update and sends it when it is back
                framework.complete(task, context.config().maxCompletedTasksPerFramework());
                continue;
            }
            context.figures().tasks.left(task.state());
            task.moveTo(TaskState.UNREACHABLE);
            context.figures().tasks.entered(TaskState.UNREACHABLE);
            TaskStatus.Builder status = masterStatus(framework, task, TaskStatus.Reason.REASON_AGENT_REMOVED, message);
            Optional.ofNullable(agent.unreachableTime).map(Statuses::time).ifPresent(status::setUnreachableTime);
            task.forgetReported();
            task.remember(status.build());
            int forgotten = framework.loseSight(task, context.config().maxUnreachableTasksPerFramework());
            for (int i = 0; i < forgotten; i++) {
                context.figures().tasks.left(TaskState.UNREACHABLE);
            }
            tell(framework, status);
        }
        agent.waitingKills.clear();
    }

    /** The agent is out of the cluster for good, and its tasks with it. */
    void endAll(AgentEntry agent, TaskState end, TaskStatus.Reason reason, String message) {
        for (TaskEntry task : List.copyOf(agent.tasks.values())) {
            FrameworkEntry framework = frameworks.find(task.key.framework()).orElseThrow();
            agent.release(task);
            if (!task.state().isTerminal()) {
                context.figures().tasks.left(task.state());
                task.moveTo(end);
                context.figures().tasks.entered(end);
                TaskStatus.Builder status = masterStatus(framework, task, reason, message);
                task.remember(status.build());
                if (!framework.displaced.contains(task)) {
                    tell(framework, status);
                }
            }
            settle(framework, agent, task);
        }
    }

    /** The framework is over: its tasks are killed without updates to anybody. */
    void endAll(FrameworkEntry framework) {
        ShutdownFramework shutdown = ShutdownFramework.newBuilder()
                .setFrameworkId(framework.info.getId())
                .build();
        List<TaskEntry> tasks = new ArrayList<>(framework.tasks.values());
        tasks.addAll(framework.displaced);
        tasks.stream()
                .map(task -> task.agent)
                .distinct()
                .forEach(id -> agents.find(id).flatMap(AgentEntry::openLink).ifPresent(link -> link.send(shutdown)));
        for (TaskEntry task : tasks) {
            AgentEntry agent = agents.find(task.agent).orElseThrow();
            end(framework, agent, task);
            settle(framework, agent, task);
        }
        for (TaskEntry task : List.copyOf(framework.unreachableTasks.values())) {
            context.figures().tasks.left(TaskState.UNREACHABLE);
            framework.complete(task, context.config().maxCompletedTasksPerFramework());
        }
        framework.unreachableTasks.clear();
    }

    private void end(FrameworkEntry framework, AgentEntry agent, TaskEntry task) {
        if (!task.state().isTerminal()) {
            move(framework, agent, task, TaskState.KILLED);
            task.remember(masterStatus(
                            framework, task, TaskStatus.Reason.REASON_FRAMEWORK_REMOVED, "The framework was removed")
                    .build());
        }
    }

    /** The agents that run tasks of a framework learn its new description. */
    void tellAgents(FrameworkEntry framework) {
        UpdateFramework update =
                UpdateFramework.newBuilder().setFramework(framework.info).build();
        framework.tasks.values().stream()
                .map(task -> task.agent)
                .distinct()
                .forEach(id -> agents.find(id).flatMap(AgentEntry::openLink).ifPresent(link -> link.send(update)));
    }

    TaskStatus.Builder masterStatus(
            FrameworkEntry framework, TaskEntry task, TaskStatus.Reason reason, String message) {
        return context.statuses()
                .of(task.key.task(), Optional.of(task.agent), task.state(), framework.partitionAware, reason, message);
    }
}
