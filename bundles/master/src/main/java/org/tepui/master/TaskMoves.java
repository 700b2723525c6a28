// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import static org.tepui.api.TaskState.DROPPED;
import static org.tepui.api.TaskState.ERROR;
import static org.tepui.api.TaskState.FAILED;
import static org.tepui.api.TaskState.FINISHED;
import static org.tepui.api.TaskState.GONE;
import static org.tepui.api.TaskState.GONE_BY_OPERATOR;
import static org.tepui.api.TaskState.KILLED;
import static org.tepui.api.TaskState.KILLING;
import static org.tepui.api.TaskState.LOST;
import static org.tepui.api.TaskState.RUNNING;
import static org.tepui.api.TaskState.STAGING;
import static org.tepui.api.TaskState.STARTING;
import static org.tepui.api.TaskState.UNREACHABLE;

import java.util.EnumSet;
import java.util.Set;
import org.tepui.api.TaskState;

/**
 * The legal moves of a task as the master sees it. A task goes forward only, may repeat STARTING, RUNNING and KILLING
 * (their details change), and may end at any time. UNREACHABLE says what the master knows and not what the task does,
 * so a task leaves it for whatever its agent reports when it comes back. UNKNOWN is an answer to a question and never
 * the state of a task in the books.
 */
final class TaskMoves {
    private static final Set<TaskState> ENDS =
            EnumSet.of(FINISHED, FAILED, KILLED, ERROR, LOST, DROPPED, GONE, GONE_BY_OPERATOR);

    private static final Transitions<TaskState> TABLE = Transitions.of(TaskState.class)
            .from(STAGING, endsAnd(STARTING, RUNNING, KILLING, UNREACHABLE))
            .from(STARTING, endsAnd(STARTING, RUNNING, KILLING, UNREACHABLE))
            .from(RUNNING, endsAnd(RUNNING, KILLING, UNREACHABLE))
            .from(KILLING, endsAnd(KILLING, UNREACHABLE))
            .from(UNREACHABLE, endsAnd(STAGING, STARTING, RUNNING, KILLING))
            .build();

    private TaskMoves() {}

    static boolean allows(TaskState from, TaskState to) {
        return TABLE.allows(from, to);
    }

    private static Set<TaskState> endsAnd(TaskState... others) {
        EnumSet<TaskState> states = EnumSet.copyOf(ENDS);
        states.addAll(Set.of(others));
        return states;
    }
}
