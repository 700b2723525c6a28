// SPDX-License-Identifier: Apache-2.0
package org.tepui.simulator;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.tepui.runtime.simulated.VirtualTime;
import org.tepui.v1.TaskState;
import org.tepui.v1.TaskStatus;

/**
 * Sees every launch, every process and every status from outside, and states what must always hold: I3 to I6. (I1
 * and I2 are read from the books by {@link BookKeeper}.)
 *
 * <p>I3: a launched task ends as terminal, or as unknown to the cluster, and its scheduler hears it. I4: no task
 * has two processes. I5: the terminal status of a process that ended reaches its scheduler, and statuses come in
 * order, repeats with the same uuid, until they are acknowledged and not for ever. I6: after an acknowledged terminal
 * status nothing else is said of the task, in answers neither. I16: everything that was to be launched found room.
 */
final class Oracle {
    private static final int MOST_VIOLATIONS = 20;

    private final VirtualTime time;
    private final Map<TaskName, TaskHistory> histories = new LinkedHashMap<>();
    private final List<Violation> violations = new ArrayList<>();
    private final List<TaskHistory> inOrder = new ArrayList<>();
    private int settled;
    private boolean atRest;
    private int terminalUpdates;
    private int starts;

    Oracle(VirtualTime time) {
        this.time = time;
    }

    List<Violation> violations() {
        return List.copyOf(violations);
    }

    int terminalUpdates() {
        return terminalUpdates;
    }

    int starts() {
        return starts;
    }

    int tasks() {
        return histories.size();
    }

    void violated(String invariant, String text) {
        if (violations.size() < MOST_VIOLATIONS) {
            violations.add(new Violation(invariant, time.elapsed(), text));
        }
    }

    /** The scheduler is about to send a launch. */
    void launched(TaskName task) {
        TaskHistory history = new TaskHistory();
        histories.put(task, history);
        inOrder.add(history);
    }

    /** A machine starts a process for the task. */
    void processStarted(TaskName task, String agent) {
        starts++;
        TaskHistory history = histories.get(task);
        if (history == null) {
            violated("I4", task + " has a process on " + agent + " and nobody launched it");
            return;
        }
        if (history.starts() > 0) {
            violated("I4", task + " has a second process on " + agent + ", the first was on " + history.agent());
        }
        history.processStarted(agent);
    }

    /** The scheduler got a status. */
    void received(TaskName task, TaskStatus status) {
        TaskHistory history = histories.get(task);
        if (history == null) {
            violated("I6", task + " was never launched, and there is a status " + status.getState());
            return;
        }
        if (atRest) {
            violated("I5", task + ": nothing was owed any more, and there came " + describe(status));
        }
        TaskState acknowledged = history.acknowledgedTerminal();
        if (acknowledged != null && status.getState() != acknowledged) {
            violated("I6", task + " was acknowledged as " + acknowledged + ", then came " + describe(status));
        }
        if (isTerminal(status.getState())) {
            terminalUpdates++;
        }
        history.heard(status.getState());
        if (status.hasUuid()) {
            checkOrder(task, history, status);
            history.heardReliably(status.getUuid(), status.getState());
        }
    }

    private void checkOrder(TaskName task, TaskHistory history, TaskStatus status) {
        TaskState before = history.received().get(status.getUuid());
        if (before != null && before != status.getState()) {
            violated("I5", task + ": one uuid came with " + before + " and with " + status.getState());
        }
        ByteString lastUuid = history.lastUuid();
        TaskState lastState = history.lastReliable();
        boolean repeat = before != null;
        if (repeat && lastUuid != null && !lastUuid.equals(status.getUuid())) {
            violated("I5", task + ": " + describe(status) + " came again after the later " + lastState);
        }
        if (!repeat && lastState != null && isTerminal(lastState)) {
            violated("I5", task + ": " + describe(status) + " came after the terminal " + lastState);
        }
    }

    /** The scheduler acknowledges a status, or would if it had a uuid. */
    void acknowledged(TaskName task, TaskStatus status) {
        TaskHistory history = histories.get(task);
        if (history != null && status.hasUuid() && isTerminal(status.getState())) {
            history.acknowledged(status.getState());
        }
    }

    /** Whether nothing is owed any more. Tasks that are settled once are not looked at again. */
    boolean isSettled() {
        while (settled < inOrder.size() && isSettled(inOrder.get(settled))) {
            settled++;
        }
        return settled == inOrder.size();
    }

    private static boolean isSettled(TaskHistory history) {
        TaskState last = history.last();
        return last != null && isSettled(last) && (history.starts() == 0 || isTerminal(history.lastReliable()));
    }

    /**
     * Everything had its time: nothing may be owed any more, and from now on no status may come.
     *
     * @param expected how many tasks were to be launched
     */
    void settle(int expected) {
        atRest = true;
        if (histories.size() != expected) {
            violated("I16", histories.size() + " of " + expected + " tasks could be launched");
        }
        histories.forEach((task, history) -> {
            TaskState last = history.last();
            if (last == null || !isSettled(last)) {
                violated("I3", task + " was launched and its scheduler's last word of it is " + last);
            }
            TaskState reliable = history.lastReliable();
            if (history.starts() > 0 && (reliable == null || !isTerminal(reliable))) {
                violated(
                        "I5",
                        task + " had a process on " + history.agent() + " and its last reliable status is " + reliable);
            }
        });
    }

    /** How many tasks have which last state, for reports. */
    Map<String, Integer> lastStates() {
        Map<String, Integer> counts = new TreeMap<>();
        histories.values().forEach(history -> counts.merge(String.valueOf(history.last()), 1, Integer::sum));
        return counts;
    }

    private static String describe(TaskStatus status) {
        return status.getState() + " (" + status.getSource() + ", " + status.getReason() + ", "
                + (status.hasUuid() ? "with uuid" : "without uuid") + ", " + status.getMessage() + ")";
    }

    /** Whether nothing but a repeat may follow; what the master supposes of a lost agent's tasks does not count. */
    private static boolean isSettled(TaskState state) {
        return isTerminal(state) || state == TaskState.TASK_UNKNOWN;
    }

    static boolean isTerminal(@Nullable TaskState state) {
        if (state == null) {
            return false;
        }
        return switch (state) {
            case TASK_FINISHED,
                    TASK_FAILED,
                    TASK_KILLED,
                    TASK_ERROR,
                    TASK_LOST,
                    TASK_DROPPED,
                    TASK_GONE,
                    TASK_GONE_BY_OPERATOR -> true;
            default -> false;
        };
    }
}
