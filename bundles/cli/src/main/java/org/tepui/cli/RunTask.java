// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.tepui.v1.AgentID;
import org.tepui.v1.TaskState;
import org.tepui.v1.TaskStatus;

/**
 * One task of a run at one moment.
 *
 * @param id of the task
 * @param agentId where it runs or ran; empty before it was launched
 * @param agent host name of that
 * @param state newest known
 * @param exitStatus of its command, once it ended
 * @param message of the newest status
 */
record RunTask(String id, String agentId, String agent, TaskState state, Optional<String> exitStatus, String message) {
    /** How a task counts. */
    enum Outcome {
        /** Not launched. */
        WAITING,
        /** Launched and not known to run. */
        STAGING,
        /** Runs. */
        RUNNING,
        /** Ended with 0. */
        FINISHED,
        /** Ended otherwise, or could not be started. */
        FAILED,
        /** Ended by somebody. */
        KILLED,
        /** Nobody knows, since its agent is gone. */
        LOST
    }

    static RunTask waiting(String id) {
        return new RunTask(id, "", "", TaskState.TASK_STAGING, Optional.empty(), "");
    }

    RunTask launched(AgentID agentId, String agent) {
        return new RunTask(id, agentId.getValue(), agent, TaskState.TASK_STAGING, Optional.empty(), "");
    }

    RunTask with(TaskStatus status) {
        Optional<String> exit = TaskStatuses.exitStatus(status);
        return new RunTask(
                id, agentId, agent, status.getState(), exit.isPresent() ? exit : exitStatus, status.getMessage());
    }

    Outcome outcome() {
        return switch (state) {
            case TASK_STAGING, TASK_STARTING -> agentId.isEmpty() ? Outcome.WAITING : Outcome.STAGING;
            case TASK_RUNNING, TASK_KILLING, TASK_UNREACHABLE -> Outcome.RUNNING;
            case TASK_FINISHED -> Outcome.FINISHED;
            case TASK_KILLED -> Outcome.KILLED;
            case TASK_FAILED, TASK_ERROR -> Outcome.FAILED;
            default -> Outcome.LOST;
        };
    }

    /** How it ended, for a user. */
    String explanation() {
        StringBuilder text = new StringBuilder(state.name());
        exitStatus.ifPresent(exit -> text.append(", exit status ").append(exit));
        if (!message.isEmpty()) {
            text.append(": ").append(message);
        }
        return text.toString();
    }

    Map<String, Object> toJson() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("id", id);
        object.put("agent_id", agentId);
        object.put("agent", agent);
        object.put("state", state.name());
        exitStatus.ifPresent(exit -> object.put("exit_status", TaskStatuses.json(exit)));
        return object;
    }
}
