// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tepui.api.AgentId;
import org.tepui.api.Role;
import org.tepui.api.TaskState;
import org.tepui.api.resources.Resources;
import org.tepui.proto.convert.StateConversion;
import org.tepui.v1.Task;
import org.tepui.v1.TaskStatus;

/**
 * One task in the books. Soft state: after a failover of the master it comes back with its agent, and a task that
 * ended and whose last update was acknowledged is forgotten.
 *
 * <p>Two states are kept. {@link #state} is the newest that the agent knows, by which resources are freed.
 * {@link #reported} is the one whose update the scheduler was sent last, which is what reconciliation answers with,
 * so that a scheduler never hears of an end before the update of it arrived.
 */
final class TaskEntry {
    /** One status per state is kept; a task that flips between states does not grow. */
    private static final int MAXIMUM_STATUSES = 8;

    final TaskKey key;
    final AgentId agent;
    final Role role;
    /** Without an allocation: what the agent's books are charged with. */
    final Resources resources;

    /** Everything about the task that does not change; its state and statuses are not used. */
    private final Task description;

    private final List<TaskStatus> statuses = new ArrayList<>(3);
    private TaskState state;
    private @Nullable TaskState reported;
    private @Nullable ByteString reportedUuid;
    private boolean charged;

    TaskEntry(TaskKey key, AgentId agent, Role role, Resources resources, Task description, TaskState state) {
        this.key = key;
        this.agent = agent;
        this.role = role;
        this.resources = resources;
        this.description = description;
        this.state = state;
    }

    TaskState state() {
        return state;
    }

    /**
     * Moves the task.
     *
     * @return false if that is no legal move; nothing changed then
     */
    boolean moveTo(TaskState next) {
        if (!TaskMoves.allows(state, next)) {
            return false;
        }
        state = next;
        return true;
    }

    /** The state that the scheduler knows by the updates that were sent to it. */
    TaskState reported() {
        return reported == null ? state : reported;
    }

    /** Notes a status that is sent to the scheduler. */
    void report(TaskStatus status) {
        setReported(status);
        remember(status);
    }

    /** Notes what the scheduler was sent last, as the agent knows it. */
    void setReported(TaskStatus status) {
        reported = StateConversion.toApi(status.getState());
        reportedUuid = status.hasUuid() ? status.getUuid() : null;
    }

    /** Forgets what was sent: the scheduler hears of the task anew. */
    void forgetReported() {
        reported = null;
        reportedUuid = null;
    }

    /** Adds a status to the task's history, in place of an older one with the same state. */
    void remember(TaskStatus status) {
        // data is the scheduler's and may be large: history does without
        TaskStatus kept = status.hasData() ? status.toBuilder().clearData().build() : status;
        if (!statuses.isEmpty() && statuses.get(statuses.size() - 1).getState() == kept.getState()) {
            statuses.set(statuses.size() - 1, kept);
            return;
        }
        if (statuses.size() == MAXIMUM_STATUSES) {
            statuses.remove(0);
        }
        statuses.add(kept);
    }

    Optional<TaskStatus> lastStatus() {
        return statuses.isEmpty() ? Optional.empty() : Optional.of(statuses.get(statuses.size() - 1));
    }

    /** For how long the task has been there, as far as its statuses tell: zero before the first. */
    Duration age(Instant now) {
        double first = statuses.stream()
                .filter(TaskStatus::hasTimestamp)
                .mapToDouble(TaskStatus::getTimestamp)
                .min()
                .orElse(Double.MAX_VALUE);
        double seconds = now.toEpochMilli() / 1e3 - first;
        return seconds > 0 ? Duration.ofMillis((long) (seconds * 1e3)) : Duration.ZERO;
    }

    /** Whether this uuid acknowledges the end of the task. */
    boolean endsWith(ByteString uuid) {
        return reported != null && reported.isTerminal() && uuid.equals(reportedUuid);
    }

    /** Whether the agent's books are charged with the resources of this task. */
    boolean charged() {
        return charged;
    }

    void setCharged(boolean charged) {
        this.charged = charged;
    }

    Task description() {
        return description;
    }

    /** The task as the v1 API shows it. */
    Task toTask(boolean partitionAware) {
        Task.Builder task = description.toBuilder()
                .setState(TaskStates.shown(state, partitionAware))
                .clearStatuses()
                .addAllStatuses(statuses);
        if (reported != null) {
            task.setStatusUpdateState(StateConversion.toWire(reported));
        }
        if (reportedUuid != null) {
            task.setStatusUpdateUuid(reportedUuid);
        }
        return task.build();
    }
}
