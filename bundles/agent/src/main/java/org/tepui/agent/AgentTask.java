// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.tepui.api.ContainerId;
import org.tepui.api.TaskState;
import org.tepui.runtime.Timer;
import org.tepui.v1.TaskInfo;

/**
 * One task that the agent accepted, from then until its end is acknowledged.
 *
 * <p>Hard state (from the log): info, container, state, whether and how it is to be killed, when it began to run.
 * Soft state (found again from the process itself): launch phase, pid, timers.
 */
final class AgentTask {
    /** How far the start of a task got; it leads the task from STAGING to RUNNING. */
    enum Launch {
        /** The record of it or its sandbox is not there yet. */
        PREPARING,
        /** Both are there and its process is being started. */
        STARTING,
        /** It has a process. */
        STARTED
    }

    /** Why a task is being ended, which decides what its end is called. */
    enum KillCause {
        /** Its framework or an operator asked. */
        ASKED,
        /** It ran for longer than it may. */
        OVERTIME,
        /** The allocation policy wants what it holds for others. */
        PREEMPTED
    }

    /**
     * A kill that was asked for.
     *
     * @param why for the owner of the task, if it is preempted; else empty
     */
    record Kill(Duration grace, KillCause cause, String why) {
        Kill(Duration grace, KillCause cause) {
            this(grace, cause, "");
        }

        /** The same cause with another grace: what ends a task first is what ended it. */
        Kill within(Duration other) {
            return new Kill(other, cause, why);
        }
    }

    private final TaskKey key;
    private TaskInfo info;
    private final ContainerId container;

    private TaskState state = TaskState.STAGING;
    private @Nullable Kill kill;
    private OptionalLong runningSinceMillis = OptionalLong.empty();

    private Launch launch = Launch.PREPARING;
    private int preparationsLeft = 2;
    private TaskCommand.@Nullable TaskUser user;
    private final long arrivedNanos;
    private OptionalLong pid = OptionalLong.empty();
    private @Nullable Timer killTimer;
    private long killDeadlineNanos;
    private @Nullable Timer completionTimer;

    /** @param arrivedNanos when it arrived, by the monotonic clock */
    AgentTask(TaskKey key, TaskInfo info, ContainerId container, long arrivedNanos) {
        this.key = key;
        this.info = info;
        this.container = container;
        this.arrivedNanos = arrivedNanos;
    }

    TaskKey key() {
        return key;
    }

    TaskInfo info() {
        return info;
    }

    /** Keeps of its description only what can still be asked for: it has ended for good. */
    void shrink() {
        info = info.toBuilder().clearCommand().clearData().build();
    }

    /** Names its process and its sandbox. */
    ContainerId container() {
        return container;
    }

    TaskState state() {
        return state;
    }

    /** The transition itself; whether it is legal was asked before. */
    void state(TaskState next) {
        state = next;
    }

    /** The kill that was asked for, if any. */
    Optional<Kill> kill() {
        return Optional.ofNullable(kill);
    }

    void kill(Kill asked) {
        kill = asked;
    }

    /** The wall time at which it began to run, in milliseconds since 1970. */
    OptionalLong runningSinceMillis() {
        return runningSinceMillis;
    }

    void runningSinceMillis(long millis) {
        runningSinceMillis = OptionalLong.of(millis);
    }

    Launch launch() {
        return launch;
    }

    void launch(Launch phase) {
        launch = phase;
    }

    /** One of the two preparations, record and sandbox, is done. */
    void prepared() {
        preparationsLeft--;
    }

    /** Whether it is recorded, has a sandbox, and is still to be started. */
    boolean isReady() {
        return preparationsLeft == 0 && state == TaskState.STAGING && launch == Launch.PREPARING;
    }

    /** Who it runs as; null until its sandbox is there. */
    TaskCommand.@Nullable TaskUser user() {
        return user;
    }

    void user(TaskCommand.TaskUser who) {
        user = who;
    }

    /** When it arrived, by the monotonic clock. */
    long arrivedNanos() {
        return arrivedNanos;
    }

    /** The pid of its process, once it has one. */
    OptionalLong pid() {
        return pid;
    }

    void pid(long value) {
        pid = OptionalLong.of(value);
    }

    /** Sets the moment of SIGKILL, in place of one that was set. */
    void killTimer(Timer timer, long deadlineNanos) {
        if (killTimer != null) {
            killTimer.cancel();
        }
        killTimer = timer;
        killDeadlineNanos = deadlineNanos;
    }

    /** Whether a SIGKILL is due at the given time or before. */
    boolean killDueBy(long nanos) {
        return killTimer != null && killDeadlineNanos - nanos <= 0;
    }

    void completionTimer(Timer timer) {
        completionTimer = timer;
    }

    /** Takes back what waits for its time. */
    void cancelTimers() {
        if (killTimer != null) {
            killTimer.cancel();
        }
        if (completionTimer != null) {
            completionTimer.cancel();
        }
    }
}
