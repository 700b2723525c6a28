// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import static org.tepui.api.TaskState.DROPPED;
import static org.tepui.api.TaskState.ERROR;
import static org.tepui.api.TaskState.FAILED;
import static org.tepui.api.TaskState.FINISHED;
import static org.tepui.api.TaskState.GONE;
import static org.tepui.api.TaskState.KILLED;
import static org.tepui.api.TaskState.KILLING;
import static org.tepui.api.TaskState.LOST;
import static org.tepui.api.TaskState.RUNNING;
import static org.tepui.api.TaskState.STAGING;

import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.tepui.api.TaskState;

/**
 * Which state of a task may follow which on its agent. STARTING is not used for command tasks, whose start is one
 * step; UNREACHABLE, UNKNOWN and GONE_BY_OPERATOR are the master's words. LOST stands for DROPPED and GONE where a
 * framework is not partition aware.
 */
final class TaskTransitions {
    private static final Map<TaskState, Set<TaskState>> LEGAL = table();

    private TaskTransitions() {}

    /** Whether a task may move so. Nothing follows a terminal state, and no state follows itself. */
    static boolean isLegal(TaskState from, TaskState to) {
        return LEGAL.getOrDefault(from, Collections.emptySet()).contains(to);
    }

    private static Map<TaskState, Set<TaskState>> table() {
        Map<TaskState, Set<TaskState>> table = new EnumMap<>(TaskState.class);
        table.put(STAGING, EnumSet.of(RUNNING, FAILED, KILLED, ERROR, LOST, DROPPED));
        table.put(RUNNING, EnumSet.of(KILLING, FINISHED, FAILED, KILLED, LOST, GONE));
        table.put(KILLING, EnumSet.of(FINISHED, FAILED, KILLED, LOST, GONE));
        return table;
    }
}
