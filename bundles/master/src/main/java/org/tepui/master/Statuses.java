// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.time.Instant;
import java.util.Optional;
import org.tepui.api.AgentId;
import org.tepui.api.TaskId;
import org.tepui.api.TaskState;
import org.tepui.runtime.Clock;
import org.tepui.v1.AgentID;
import org.tepui.v1.TaskID;
import org.tepui.v1.TaskInfo;
import org.tepui.v1.TaskStatus;
import org.tepui.v1.TimeInfo;

/**
 * Statuses that the master makes itself. They carry no uuid: nobody acknowledges them, and they are not sent again.
 */
final class Statuses {
    private static final double NANOS_PER_SECOND = 1e9;

    private final Clock clock;

    Statuses(Clock clock) {
        this.clock = clock;
    }

    /**
     * A status about a task.
     *
     * @param partitionAware whether the framework tells the kinds of losses apart
     */
    TaskStatus.Builder of(
            TaskId task,
            Optional<AgentId> agent,
            TaskState state,
            boolean partitionAware,
            TaskStatus.Reason reason,
            String message) {
        TaskStatus.Builder status = TaskStatus.newBuilder()
                .setTaskId(TaskID.newBuilder().setValue(task.value()))
                .setState(TaskStates.shown(state, partitionAware))
                .setSource(TaskStatus.Source.SOURCE_MASTER)
                .setReason(reason)
                .setMessage(message)
                .setTimestamp(seconds(clock.wallTime()));
        agent.ifPresent(id -> status.setAgentId(AgentID.newBuilder().setValue(id.value())));
        return status;
    }

    /** A status about a task that was not launched, under the ids that its description has, good or not. */
    TaskStatus.Builder refused(
            TaskInfo task, TaskState state, boolean partitionAware, TaskStatus.Reason reason, String message) {
        return TaskStatus.newBuilder()
                .setTaskId(task.getTaskId())
                .setAgentId(task.getAgentId())
                .setState(TaskStates.shown(state, partitionAware))
                .setSource(TaskStatus.Source.SOURCE_MASTER)
                .setReason(reason)
                .setMessage(message)
                .setTimestamp(seconds(clock.wallTime()));
    }

    static double seconds(Instant instant) {
        return instant.getEpochSecond() + instant.getNano() / NANOS_PER_SECOND;
    }

    static TimeInfo time(Instant instant) {
        return TimeInfo.newBuilder()
                .setNanoseconds(instant.getEpochSecond() * 1_000_000_000L + instant.getNano())
                .build();
    }
}
