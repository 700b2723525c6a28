// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tepui.runtime.Timer;
import org.tepui.v1.TaskState;
import org.tepui.v1.TaskStatus;

/**
 * The statuses of one task that nobody acknowledged yet, oldest first. Only the first is on its way. The statuses
 * are hard state; retry and whether a status is durable are soft.
 */
final class StatusStream {
    private final TaskKey key;
    private final Deque<Pending> pending = new ArrayDeque<>();
    private @Nullable Timer retry;
    private Duration retryAfter;

    /** A status in line, and whether it may be sent. */
    private static final class Pending {
        final TaskStatus status;
        boolean durable;

        Pending(TaskStatus status, boolean durable) {
            this.status = status;
            this.durable = durable;
        }
    }

    StatusStream(TaskKey key, Duration retryAfter) {
        this.key = key;
        this.retryAfter = retryAfter;
    }

    TaskKey key() {
        return key;
    }

    void add(TaskStatus status, boolean durable) {
        pending.add(new Pending(status, durable));
    }

    /** The status is in the log: it may be sent. */
    void durable(ByteString uuid) {
        for (Pending each : pending) {
            if (each.status.getUuid().equals(uuid)) {
                each.durable = true;
            }
        }
    }

    /** The status to be sent, or null if there is none or it is not durable yet. */
    @Nullable
    TaskStatus sendable() {
        Pending first = pending.peek();
        return first == null || !first.durable ? null : first.status;
    }

    /** The status at the front, durable or not; null if there is none. */
    @Nullable
    TaskStatus front() {
        Pending first = pending.peek();
        return first == null ? null : first.status;
    }

    /** The newest state in line. */
    TaskState latestState() {
        return pending.getLast().status.getState();
    }

    List<TaskStatus> statuses() {
        List<TaskStatus> statuses = new ArrayList<>(pending.size());
        pending.forEach(each -> statuses.add(each.status));
        return statuses;
    }

    boolean isEmpty() {
        return pending.isEmpty();
    }

    /** Takes the front away: it is acknowledged. */
    TaskStatus removeFront() {
        cancelRetry();
        return pending.remove().status;
    }

    /** The wait before the status at the front is sent again. */
    Duration retryAfter() {
        return retryAfter;
    }

    void retryAfter(Duration wait) {
        retryAfter = wait;
    }

    void retry(Timer timer) {
        cancelRetry();
        retry = timer;
    }

    void cancelRetry() {
        if (retry != null) {
            retry.cancel();
            retry = null;
        }
    }
}
