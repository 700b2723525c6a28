// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import static org.tepui.v1.FrameworkInfo.Capability.Type.PARTITION_AWARE;
import static org.tepui.v1.FrameworkInfo.Capability.Type.TASK_KILLING_STATE;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.agent.AgentTask.Kill;
import org.tepui.agent.AgentTask.KillCause;
import org.tepui.agent.AgentTask.Launch;
import org.tepui.agent.TaskStatuses.Content;
import org.tepui.api.FrameworkId;
import org.tepui.api.TaskState;
import org.tepui.proto.convert.IdConversion;
import org.tepui.proto.internal.KillTask;
import org.tepui.proto.internal.RunTasks;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.Processes;
import org.tepui.v1.FrameworkInfo;
import org.tepui.v1.TaskInfo;
import org.tepui.v1.TaskStatus.Reason;
import org.tepui.v1.TaskStatus.Source;

/**
 * Starts and ends the processes of tasks and says what becomes of them.
 *
 * <p>A task is recorded and gets its sandbox, both at once; only then its process is started, so that no task is
 * started twice, whatever breaks in between. What the agent knows of processes is soft state: after a restart it is
 * found again from the processes themselves.
 */
final class TaskManager implements Processes.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(TaskManager.class);
    /** Longer than anybody waits, and short enough to be added to a clock. */
    private static final Duration LONGEST_GRACE = Duration.ofDays(365);

    private static final int SIGTERM = 15;
    private static final int SIGKILL = 9;

    private final EventLoop loop;
    private final AgentConfig config;
    private final FrameworkManager frameworks;
    private final StatusUpdateManager updates;
    private final TaskLedger ledger;
    private final TaskStatuses statuses;
    private final Sandboxes sandboxes;
    private final Processes processes;
    private final AgentMetrics metrics;
    private final Supplier<TaskCommand.Place> place;

    /** Tasks whose process was asked for and has not ended, by container. */
    private final Map<String, AgentTask> withProcess = new LinkedHashMap<>();

    private Runnable idle = () -> {};

    /** @param place where tasks run; asked for when there is an agent id */
    TaskManager(
            EventLoop loop,
            AgentConfig config,
            FrameworkManager frameworks,
            StatusUpdateManager updates,
            TaskLedger ledger,
            TaskStatuses statuses,
            Sandboxes sandboxes,
            Processes processes,
            AgentMetrics metrics,
            Supplier<TaskCommand.Place> place) {
        this.loop = loop;
        this.config = config;
        this.frameworks = frameworks;
        this.updates = updates;
        this.ledger = ledger;
        this.statuses = statuses;
        this.sandboxes = sandboxes;
        this.processes = processes;
        this.metrics = metrics;
        this.place = place;
    }

    /**
     * Runs tasks. One that is known already is dropped; one that cannot be run gets a status that says why.
     *
     * @throws IllegalArgumentException if an identifier breaks the rules; then none of them is run
     */
    void run(RunTasks message) {
        loop.assertInLoop();
        FrameworkInfo framework = message.getFramework();
        Map<TaskKey, TaskInfo> tasks = new LinkedHashMap<>();
        for (TaskInfo info : message.getTasksList()) {
            tasks.putIfAbsent(TaskKey.of(framework.getId(), info.getTaskId()), info);
        }
        tasks.keySet().removeIf(this::isRepeat);
        if (tasks.isEmpty()) {
            return;
        }
        FrameworkId id = IdConversion.toApi(framework.getId());
        boolean ending = frameworks
                .find(id)
                .filter(e -> frameworks.isActive(id) && e.ended())
                .isPresent();
        if (ending) {
            tasks.keySet().forEach(key -> dropUnknown(key, "the framework has ended on this agent"));
            return;
        }
        ledger.learn(framework);
        tasks.forEach(this::accept);
    }

    private boolean isRepeat(TaskKey key) {
        boolean repeat = ledger.isKnown(key);
        if (repeat) {
            metrics.repeatedTasks.increment();
            LOG.info("Dropped task {}, which is here already", key);
        }
        return repeat;
    }

    private void accept(TaskKey key, TaskInfo info) {
        boolean full = frameworks.taskCount() >= config.bounds().liveTasks();
        AgentTask task = ledger.accept(key, info, this::recorded);
        Optional<String> problem = TaskValidation.problem(info, place.get().agent());
        if (problem.isPresent()) {
            end(task, agentContent(TaskState.ERROR, Reason.REASON_TASK_INVALID, problem.get()));
        } else if (full) {
            String message = "the agent has " + config.bounds().liveTasks() + " tasks already, which is its bound";
            end(task, agentContent(lostOr(TaskState.DROPPED, key), Reason.REASON_CONTAINER_LAUNCH_FAILED, message));
        } else {
            sandboxes.prepare(place.get().agent(), task, userOf(task), outcome -> prepared(task, outcome));
        }
    }

    private Optional<String> userOf(AgentTask task) {
        if (task.info().getCommand().hasUser()) {
            return Optional.of(task.info().getCommand().getUser());
        }
        return frameworks
                .find(task.key().framework())
                .flatMap(FrameworkManager.Entry::info)
                .map(FrameworkInfo::getUser)
                .filter(name -> !name.isEmpty());
    }

    private void recorded(AgentTask task) {
        task.prepared();
        startIfReady(task);
    }

    private void prepared(AgentTask task, Sandboxes.Outcome outcome) {
        loop.assertInLoop();
        if (outcome instanceof Sandboxes.Outcome.Ready ready) {
            task.user(ready.user());
            task.prepared();
            startIfReady(task);
        } else if (task.state() == TaskState.STAGING) {
            if (outcome instanceof Sandboxes.Outcome.UnknownUser unknown) {
                String message = "the user '" + unknown.name() + "' is not known on this agent";
                end(task, agentContent(TaskState.ERROR, Reason.REASON_TASK_INVALID, message));
            } else if (outcome instanceof Sandboxes.Outcome.Failed failed) {
                launchFailed(task, failed.reason());
            }
        }
    }

    private void startIfReady(AgentTask task) {
        TaskCommand.TaskUser user = task.user();
        if (!task.isReady() || user == null) {
            return;
        }
        task.launch(Launch.STARTING);
        withProcess.put(task.container().value(), task);
        processes.start(TaskCommand.processOf(task, place.get(), sandboxes.paths(), user));
    }

    @Override
    public void started(Processes.Started process) {
        loop.assertInLoop();
        AgentTask task = withProcess.get(process.id());
        if (task == null) {
            LOG.warn("Process {} belongs to no task: ending it", process.id());
            processes.signal(process.id(), SIGKILL);
            return;
        }
        metrics.launchTime.record(loop.clock().nanoTime() - task.arrivedNanos());
        attach(task, process.pid());
    }

    /** The task has a process. */
    private void attach(AgentTask task, long pid) {
        task.launch(Launch.STARTED);
        task.pid(pid);
        if (task.state() == TaskState.STAGING) {
            ledger.move(task, statuses.running(task), () -> {});
        }
        limitRunningTime(task);
        task.kill().ifPresent(kill -> terminate(task, kill.grace()));
    }

    private void limitRunningTime(AgentTask task) {
        if (!task.info().hasMaxCompletionTime() || task.kill().isPresent()) {
            return;
        }
        Duration limit = Duration.ofNanos(task.info().getMaxCompletionTime().getNanoseconds());
        long now = loop.clock().wallTime().toEpochMilli();
        // by the wall clock, the only one that goes on over a restart; a jump of it moves the limit, between now and
        // all of it
        long ran = Math.max(0, now - task.runningSinceMillis().orElse(now));
        Duration left = limit.minusMillis(Math.min(ran, limit.toMillis()));
        task.completionTimer(loop.schedule("end overtime", left, () -> {
            if (task.kill().isEmpty() && !task.state().isTerminal()) {
                kill(task, new Kill(graceOf(task, Optional.empty()), KillCause.OVERTIME));
            }
        }));
    }

    @Override
    public void notStarted(String id, String reason) {
        loop.assertInLoop();
        AgentTask task = withProcess.remove(id);
        if (task != null) {
            launchFailed(task, reason);
            tellIfIdle();
        }
    }

    private void launchFailed(AgentTask task, String reason) {
        metrics.launchErrors.increment();
        if (task.kill().isPresent()) {
            end(task, killedDuringLaunch(task.kill().get()));
        } else {
            end(task, agentContent(TaskState.FAILED, Reason.REASON_CONTAINER_LAUNCH_FAILED, reason));
        }
    }

    @Override
    public void exited(String id, Processes.ExitStatus status) {
        loop.assertInLoop();
        AgentTask task = withProcess.remove(id);
        if (task == null || task.state().isTerminal()) {
            processes.forget(id);
        } else {
            ledger.move(task, statuses.exited(task, status), () -> processes.forget(id));
        }
        tellIfIdle();
    }

    /** Ends a task, or says what the agent knows of one that it does not have. */
    void kill(KillTask message) {
        loop.assertInLoop();
        TaskKey key = TaskKey.of(message.getTask());
        Optional<AgentTask> found = frameworks.task(key);
        if (found.isEmpty()) {
            answerUnknown(key, Reason.REASON_EXECUTOR_TERMINATED, "Cannot kill a task that is not on this agent");
            return;
        }
        Optional<Duration> asked = message.getKillPolicy().hasGracePeriod()
                ? Optional.of(Duration.ofNanos(
                        Math.max(0, message.getKillPolicy().getGracePeriod().getNanoseconds())))
                : Optional.empty();
        Duration grace = graceOf(found.get(), asked);
        kill(
                found.get(),
                message.hasPreempted()
                        ? new Kill(grace, KillCause.PREEMPTED, message.getPreempted())
                        : new Kill(grace, KillCause.ASKED));
    }

    private Duration graceOf(AgentTask task, Optional<Duration> asked) {
        Duration grace = asked.orElseGet(() -> task.info().getKillPolicy().hasGracePeriod()
                ? Duration.ofNanos(task.info().getKillPolicy().getGracePeriod().getNanoseconds())
                : config.timings().killGrace());
        return grace.compareTo(LONGEST_GRACE) > 0 ? LONGEST_GRACE : grace;
    }

    private void kill(AgentTask task, Kill kill) {
        if (task.state().isTerminal()) {
            return;
        }
        if (task.launch() == Launch.PREPARING) {
            end(task, killedDuringLaunch(kill));
            return;
        }
        boolean shorter =
                task.kill().filter(k -> k.grace().compareTo(kill.grace()) <= 0).isEmpty();
        if (shorter) {
            ledger.askKill(task, task.kill().map(k -> k.within(kill.grace())).orElse(kill));
        }
        if (task.launch() == Launch.STARTED) {
            terminate(task, kill.grace());
        }
    }

    /** SIGTERM, and SIGKILL after the grace. A second call can only make it sooner. */
    private void terminate(AgentTask task, Duration grace) {
        String id = task.container().value();
        long deadline = loop.clock().nanoTime() + grace.toNanos();
        if (task.killDueBy(deadline)) {
            return;
        }
        if (task.state() == TaskState.RUNNING && hasCapability(task.key(), TASK_KILLING_STATE)) {
            ledger.move(task, statuses.killing(task), () -> {});
        }
        processes.signal(id, SIGTERM);
        task.killTimer(loop.schedule("kill after grace", grace, () -> processes.signal(id, SIGKILL)), deadline);
    }

    /** Ends the tasks of a framework without a word to it. */
    void endFramework(FrameworkId id) {
        loop.assertInLoop();
        for (AgentTask task : ledger.endFramework(id)) {
            kill(task, new Kill(graceOf(task, Optional.empty()), KillCause.ASKED));
        }
    }

    /**
     * Ends all tasks.
     *
     * @param longestGrace of each
     * @param done called when no process is left
     */
    void endAll(Duration longestGrace, Runnable done) {
        loop.assertInLoop();
        Runnable before = idle;
        idle = () -> {
            before.run();
            done.run();
        };
        for (AgentTask task : frameworks.tasks()) {
            Duration grace = graceOf(task, Optional.empty());
            kill(task, new Kill(grace.compareTo(longestGrace) > 0 ? longestGrace : grace, KillCause.ASKED));
        }
        tellIfIdle();
    }

    private void tellIfIdle() {
        if (withProcess.isEmpty()) {
            Runnable told = idle;
            idle = () -> {};
            told.run();
        }
    }

    /** The master believes that a task is here: if it is not, a status says so. */
    void answerUnknown(TaskKey key, Reason reason, String message) {
        if (ledger.isKnown(key)) {
            return;
        }
        // what ended here goes on to be ended, in the same state as before
        TaskState state =
                frameworks.completedTask(key).map(AgentTask::state).orElseGet(() -> lostOr(TaskState.DROPPED, key));
        updates.update(key, statuses.ofUnknown(key, agentContent(state, reason, message)), () -> {});
    }

    private void dropUnknown(TaskKey key, String message) {
        Content content = agentContent(lostOr(TaskState.DROPPED, key), Reason.REASON_CONTAINER_LAUNCH_FAILED, message);
        updates.update(key, statuses.ofUnknown(key, content), () -> {});
    }

    /**
     * Finds the processes of the tasks in the books again. A task without one ended while nobody looked, or was not
     * started yet and will not be: its framework hears that.
     */
    void recover() {
        loop.assertInLoop();
        Map<String, Processes.Started> found = new LinkedHashMap<>();
        for (AgentTask task : frameworks.tasks()) {
            withProcess.put(task.container().value(), task);
        }
        processes.recover(this).forEach(process -> found.put(process.id(), process));
        for (AgentTask task : frameworks.tasks()) {
            Processes.Started process = found.remove(task.container().value());
            if (process == null) {
                withProcess.remove(task.container().value());
                lose(task);
            } else if (!task.state().isTerminal()) {
                attach(task, process.pid());
            }
        }
        for (String id : new ArrayList<>(found.keySet())) {
            LOG.warn("Process {} belongs to no task: ending it", id);
            processes.signal(id, SIGKILL);
        }
        resumeEnds();
    }

    /** Goes on to end what was being ended: frameworks whose end was recorded, and not that of all their tasks. */
    private void resumeEnds() {
        List<FrameworkId> ended = frameworks.active().stream()
                .filter(FrameworkManager.Entry::ended)
                .map(FrameworkManager.Entry::id)
                .toList();
        ended.forEach(this::endFramework);
    }

    private void lose(AgentTask task) {
        if (task.state() == TaskState.STAGING) {
            String message = "the agent was restarted before the task was";
            TaskState state = lostOr(TaskState.DROPPED, task.key());
            end(task, agentContent(state, Reason.REASON_AGENT_RESTARTED, message));
        } else if (!task.state().isTerminal()) {
            String message = "the process of the task is gone: the machine was restarted, or its records were removed";
            TaskState state = lostOr(TaskState.GONE, task.key());
            end(task, agentContent(state, Reason.REASON_EXECUTOR_TERMINATED, message));
        }
    }

    private void end(AgentTask task, Content content) {
        ledger.move(task, statuses.of(task, content), () -> {});
    }

    private static Content killedDuringLaunch(Kill kill) {
        if (kill.cause() == KillCause.PREEMPTED) {
            return agentContent(TaskState.KILLED, Reason.REASON_CONTAINER_PREEMPTED, kill.why());
        }
        return agentContent(
                TaskState.KILLED, Reason.REASON_TASK_KILLED_DURING_LAUNCH, "killed before its process was started");
    }

    private static Content agentContent(TaskState state, Reason reason, String message) {
        return new Content(state, Source.SOURCE_AGENT, reason, message);
    }

    /**
     * A framework that is not partition aware knows LOST in place of DROPPED and GONE. One that is unknown is taken
     * for aware.
     */
    private TaskState lostOr(TaskState state, TaskKey key) {
        boolean unaware = frameworks
                        .find(key.framework())
                        .flatMap(FrameworkManager.Entry::info)
                        .isPresent()
                && !hasCapability(key, PARTITION_AWARE);
        return unaware ? TaskState.LOST : state;
    }

    private boolean hasCapability(TaskKey key, FrameworkInfo.Capability.Type capability) {
        return frameworks.find(key.framework()).filter(e -> e.has(capability)).isPresent();
    }
}
