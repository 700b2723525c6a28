// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.agent.AgentTask.Kill;
import org.tepui.agent.AgentTask.KillCause;
import org.tepui.api.ContainerId;
import org.tepui.api.FrameworkId;
import org.tepui.api.TaskState;
import org.tepui.proto.agent.AgentRecord;
import org.tepui.proto.agent.KillAsked;
import org.tepui.proto.agent.StatusMade;
import org.tepui.proto.agent.TaskAccepted;
import org.tepui.proto.convert.IdConversion;
import org.tepui.proto.convert.StateConversion;
import org.tepui.proto.internal.StatusUpdateAcknowledgement;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.Randomness;
import org.tepui.v1.FrameworkInfo;
import org.tepui.v1.TaskInfo;
import org.tepui.v1.TaskStatus;

/**
 * The books of the agent's tasks: every change of their hard state goes through here and leaves a record, and
 * replaying the records makes the same state again.
 */
final class TaskLedger {
    private static final Logger LOG = LoggerFactory.getLogger(TaskLedger.class);
    private static final double MILLIS_PER_SECOND = 1000.0;

    private final EventLoop loop;
    private final Randomness randomness;
    private final Journal journal;
    private final FrameworkManager frameworks;
    private final StatusUpdateManager updates;
    private final AgentMetrics metrics;
    private final Consumer<AgentTask> completed;

    /** @param completed hears of each task that leaves the books */
    TaskLedger(
            EventLoop loop,
            Randomness randomness,
            Journal journal,
            FrameworkManager frameworks,
            StatusUpdateManager updates,
            AgentMetrics metrics,
            Consumer<AgentTask> completed) {
        this.loop = loop;
        this.randomness = randomness;
        this.journal = journal;
        this.frameworks = frameworks;
        this.updates = updates;
        this.metrics = metrics;
        this.completed = completed;
    }

    /** Whether nothing is here that somebody is still to hear of. */
    boolean isEmpty() {
        return frameworks.taskCount() == 0 && updates.isIdle();
    }

    /** Takes note of a framework. */
    void learn(FrameworkInfo info) {
        if (frameworks.learn(IdConversion.toApi(info.getId()), info)) {
            journal.append(AgentRecord.newBuilder().setFramework(info).build());
        }
    }

    /** Whether a task of this name is here, or was and its end waits for an acknowledgement. */
    boolean isKnown(TaskKey key) {
        return frameworks.task(key).isPresent() || updates.isWaiting(key);
    }

    /**
     * Takes a task into the books, in STAGING.
     *
     * @param recorded called when that is durable
     */
    AgentTask accept(TaskKey key, TaskInfo info, Consumer<AgentTask> recorded) {
        ContainerId container = new ContainerId(randomness.nextUuid().toString());
        AgentTask task = new AgentTask(key, info, container, loop.clock().nanoTime());
        frameworks.add(task);
        metrics.entered(task.state());
        metrics.resources.hold(info.getResourcesList());
        journal.append(acceptance(task), () -> recorded.accept(task));
        return task;
    }

    /**
     * Moves a task to the state of a status, and sends the status on its way unless nobody is to hear of the task.
     *
     * @param recorded called when that is durable
     * @return false, and nothing else happens, if the task may not move so
     */
    boolean move(AgentTask task, TaskStatus status, Runnable recorded) {
        loop.assertInLoop();
        TaskState next = StateConversion.toApi(status.getState());
        if (!TaskTransitions.isLegal(task.state(), next)) {
            metrics.illegalTransitions.increment();
            LOG.warn("Task {} cannot go from {} to {}", task.key(), task.state(), next);
            return false;
        }
        metrics.left(task.state());
        apply(task, status);
        if (next.isTerminal()) {
            task.cancelTimers();
            metrics.ended(next);
            metrics.resources.release(task.info().getResourcesList());
        } else {
            metrics.entered(next);
        }
        metrics.statusUpdates.increment();
        LOG.debug("Task {} is {} {}", task.key(), next, status.getMessage());
        if (!isSilent(task)) {
            updates.update(task.key(), status, recorded);
        } else if (next.isTerminal()) {
            forget(task.key(), recorded);
        } else {
            recorded.run();
        }
        return true;
    }

    private static void apply(AgentTask task, TaskStatus status) {
        TaskState next = StateConversion.toApi(status.getState());
        task.state(next);
        if (next == TaskState.RUNNING) {
            task.runningSinceMillis((long) (status.getTimestamp() * MILLIS_PER_SECOND));
        }
    }

    /** Notes that a task is to end. */
    void askKill(AgentTask task, Kill kill) {
        task.kill(kill);
        journal.append(killRecord(task, kill));
    }

    /** Takes an acknowledgement; a task whose end it is leaves the books. */
    void acknowledge(StatusUpdateAcknowledgement acknowledgement) {
        updates.acknowledge(acknowledgement)
                .ifPresent(status -> acknowledged(TaskKey.of(acknowledgement.getTask()), status));
    }

    private void acknowledged(TaskKey key, TaskStatus status) {
        if (StateConversion.toApi(status.getState()).isTerminal()) {
            frameworks.task(key).ifPresent(this::complete);
        }
    }

    /**
     * The master ended a framework: nobody is to hear of its tasks any more.
     *
     * @return its tasks that have not ended
     */
    List<AgentTask> endFramework(FrameworkId id) {
        if (!frameworks.isActive(id)) {
            // what was said of tasks that are not here
            updates.waitingOf(id).forEach(key -> forget(key, () -> {}));
            return List.of();
        }
        journal.append(AgentRecord.newBuilder()
                .setFrameworkEnded(IdConversion.toWire(id))
                .build());
        applyFrameworkEnd(id);
        List<AgentTask> alive = new ArrayList<>();
        for (AgentTask task : frameworks.tasksOf(id)) {
            if (task.state().isTerminal()) {
                forget(task.key(), () -> {});
            } else {
                alive.add(task);
            }
        }
        return alive;
    }

    private void applyFrameworkEnd(FrameworkId id) {
        frameworks.ended(id);
        frameworks.tasksOf(id).forEach(task -> updates.drop(task.key()));
    }

    private void forget(TaskKey key, Runnable recorded) {
        journal.append(
                AgentRecord.newBuilder().setTaskForgotten(key.toReference()).build(), recorded);
        applyForgotten(key);
    }

    private void applyForgotten(TaskKey key) {
        updates.drop(key);
        frameworks.task(key).ifPresent(this::complete);
    }

    private void complete(AgentTask task) {
        frameworks.complete(task);
        task.shrink();
        completed.accept(task);
    }

    private boolean isSilent(AgentTask task) {
        return frameworks
                .find(task.key().framework())
                .map(FrameworkManager.Entry::ended)
                .orElse(false);
    }

    /** Makes the change of a record that was in the log already. Records of the agent itself are not for the books. */
    void replay(AgentRecord record) {
        switch (record.getWhatCase()) {
            case FRAMEWORK ->
                frameworks.learn(IdConversion.toApi(record.getFramework().getId()), record.getFramework());
            case TASK_ACCEPTED -> replay(record.getTaskAccepted());
            case STATUS_MADE -> replay(record.getStatusMade());
            case STATUS_ACKNOWLEDGED -> replay(record.getStatusAcknowledged());
            case KILL_ASKED -> replay(record.getKillAsked());
            case FRAMEWORK_ENDED -> applyFrameworkEnd(IdConversion.toApi(record.getFrameworkEnded()));
            case TASK_FORGOTTEN -> applyForgotten(TaskKey.of(record.getTaskForgotten()));
            case ADMITTED, RESOURCES_RESERVED, WHAT_NOT_SET ->
                LOG.debug("Not a record of a task: {}", record.getWhatCase());
        }
    }

    private void replay(TaskAccepted accepted) {
        TaskKey key = TaskKey.of(accepted.getFrameworkId(), accepted.getTask().getTaskId());
        ContainerId container = IdConversion.toApi(accepted.getContainerId());
        AgentTask task =
                new AgentTask(key, accepted.getTask(), container, loop.clock().nanoTime());
        if (accepted.hasState()) {
            task.state(StateConversion.toApi(accepted.getState()));
        }
        if (accepted.hasRunningSinceMs()) {
            task.runningSinceMillis(accepted.getRunningSinceMs());
        }
        frameworks.add(task);
    }

    private void replay(StatusMade made) {
        TaskKey key = TaskKey.of(made.getFrameworkId(), made.getStatus().getTaskId());
        frameworks.task(key).ifPresent(task -> apply(task, made.getStatus()));
        updates.replay(key, made.getStatus());
    }

    private void replay(StatusUpdateAcknowledgement acknowledgement) {
        TaskKey key = TaskKey.of(acknowledgement.getTask());
        updates.replayAcknowledgement(key, acknowledgement.getUuid()).ifPresent(status -> acknowledged(key, status));
    }

    private void replay(KillAsked asked) {
        KillCause cause =
                asked.getOvertime() ? KillCause.OVERTIME : asked.hasPreempted() ? KillCause.PREEMPTED : KillCause.ASKED;
        Kill kill = new Kill(Duration.ofMillis(asked.getGraceMs()), cause, asked.getPreempted());
        frameworks.task(TaskKey.of(asked.getTask())).ifPresent(task -> task.kill(kill));
    }

    /** Counts what the log had: to be called once, when all of it is replayed. */
    void replayed() {
        for (AgentTask task : frameworks.tasks()) {
            if (!task.state().isTerminal()) {
                metrics.entered(task.state());
                metrics.resources.hold(task.info().getResourcesList());
            }
        }
    }

    /** The records that make the books as they are. */
    void snapshot(Consumer<AgentRecord> records) {
        for (FrameworkManager.Entry framework : frameworks.active()) {
            framework
                    .info()
                    .ifPresent(info -> records.accept(
                            AgentRecord.newBuilder().setFramework(info).build()));
            for (AgentTask task : framework.tasks()) {
                records.accept(acceptance(task));
                task.kill().ifPresent(kill -> records.accept(killRecord(task, kill)));
            }
            if (framework.ended()) {
                records.accept(AgentRecord.newBuilder()
                        .setFrameworkEnded(IdConversion.toWire(framework.id()))
                        .build());
            }
        }
        updates.snapshot(records);
    }

    private AgentRecord acceptance(AgentTask task) {
        TaskAccepted.Builder accepted = TaskAccepted.newBuilder()
                .setFrameworkId(IdConversion.toWire(task.key().framework()))
                .setTask(task.info())
                .setContainerId(IdConversion.toWire(task.container()));
        if (task.state() != TaskState.STAGING) {
            accepted.setState(StateConversion.toWire(task.state()));
        }
        task.runningSinceMillis().ifPresent(accepted::setRunningSinceMs);
        return AgentRecord.newBuilder().setTaskAccepted(accepted).build();
    }

    private static AgentRecord killRecord(AgentTask task, Kill kill) {
        KillAsked.Builder asked = KillAsked.newBuilder()
                .setTask(task.key().toReference())
                .setGraceMs(kill.grace().toMillis())
                .setOvertime(kill.cause() == KillCause.OVERTIME);
        if (kill.cause() == KillCause.PREEMPTED) {
            asked.setPreempted(kill.why());
        }
        return AgentRecord.newBuilder().setKillAsked(asked).build();
    }
}
