// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.api.FrameworkId;
import org.tepui.proto.agent.AgentRecord;
import org.tepui.proto.agent.StatusMade;
import org.tepui.proto.convert.IdConversion;
import org.tepui.proto.internal.StatusUpdate;
import org.tepui.proto.internal.StatusUpdateAcknowledgement;
import org.tepui.proto.internal.StatusUpdates;
import org.tepui.runtime.EventLoop;
import org.tepui.v1.FrameworkID;
import org.tepui.v1.TaskState;
import org.tepui.v1.TaskStatus;

/**
 * Brings the statuses of tasks to their schedulers: in order per task, at least once, until acknowledged.
 *
 * <p>Each task has a line of statuses. A status is written to the log first; then the first in line is sent, and
 * sent again (10 s, doubling to 10 min) until the acknowledgement with its uuid arrives; then the next. Nothing is
 * sent while there is no master. What one turn of the loop makes travels in one message. The lines are hard state:
 * a restart or a new master costs a status that is sent twice.
 */
final class StatusUpdateManager {
    private static final Logger LOG = LoggerFactory.getLogger(StatusUpdateManager.class);
    private static final int UPDATES_PER_MESSAGE = 500;

    private final EventLoop loop;
    private final Journal journal;
    private final AgentConfig.Timings timings;
    private final AgentMetrics metrics;
    private final Function<TaskKey, Optional<TaskState>> latestStates;

    private final Map<TaskKey, StatusStream> streams = new LinkedHashMap<>();
    private final Set<StatusStream> toSend = new LinkedHashSet<>();
    private @Nullable Consumer<StatusUpdates> master;
    private boolean flushScheduled;

    /** @param latestStates the newest state of a task that the agent knows */
    StatusUpdateManager(
            EventLoop loop,
            Journal journal,
            AgentConfig.Timings timings,
            AgentMetrics metrics,
            Function<TaskKey, Optional<TaskState>> latestStates) {
        this.loop = loop;
        this.journal = journal;
        this.timings = timings;
        this.metrics = metrics;
        this.latestStates = latestStates;
    }

    /**
     * Puts a status in line. It carries a uuid.
     *
     * @param recorded called when the status is durable
     */
    void update(TaskKey key, TaskStatus status, Runnable recorded) {
        loop.assertInLoop();
        enqueue(key, status, false);
        journal.append(record(key, status), () -> {
            StatusStream stream = streams.get(key);
            if (stream != null) {
                stream.durable(status.getUuid());
                if (status.equals(stream.sendable())) {
                    send(stream);
                }
            }
            recorded.run();
        });
    }

    /** Puts a status in line that was in the log already. */
    void replay(TaskKey key, TaskStatus status) {
        enqueue(key, status, true);
    }

    private void enqueue(TaskKey key, TaskStatus status, boolean durable) {
        streams.computeIfAbsent(key, k -> new StatusStream(k, timings.statusRetry()))
                .add(status, durable);
    }

    /**
     * Takes an acknowledgement.
     *
     * @return the status that is acknowledged by it; empty if it is none that was waited for
     */
    Optional<TaskStatus> acknowledge(StatusUpdateAcknowledgement acknowledgement) {
        loop.assertInLoop();
        TaskKey key = TaskKey.of(acknowledgement.getTask());
        StatusStream stream = streams.get(key);
        TaskStatus front = stream == null ? null : stream.sendable();
        if (stream == null || front == null || !front.getUuid().equals(acknowledgement.getUuid())) {
            metrics.unexpectedAcknowledgements.increment();
            LOG.info("Refused an acknowledgement that nothing waits for: task {}", key);
            return Optional.empty();
        }
        journal.append(
                AgentRecord.newBuilder().setStatusAcknowledged(acknowledgement).build());
        stream.removeFront();
        if (stream.isEmpty()) {
            streams.remove(key);
            toSend.remove(stream);
        } else {
            stream.retryAfter(timings.statusRetry());
            send(stream);
        }
        return Optional.of(front);
    }

    /** Takes an acknowledgement that was in the log already; the status that it was for, if it is there. */
    Optional<TaskStatus> replayAcknowledgement(TaskKey key, ByteString uuid) {
        StatusStream stream = streams.get(key);
        TaskStatus front = stream == null ? null : stream.front();
        if (stream == null || front == null || !front.getUuid().equals(uuid)) {
            return Optional.empty();
        }
        stream.removeFront();
        if (stream.isEmpty()) {
            streams.remove(key);
        }
        return Optional.of(front);
    }

    /** The tasks of a framework with statuses that nobody acknowledged. */
    List<TaskKey> waitingOf(FrameworkId framework) {
        return streams.keySet().stream()
                .filter(key -> key.framework().equals(framework))
                .toList();
    }

    /** Forgets what nobody is to hear any more. */
    void drop(TaskKey key) {
        StatusStream stream = streams.remove(key);
        if (stream != null) {
            stream.cancelRetry();
            toSend.remove(stream);
        }
    }

    /** There is a master: everything that waits is sent to it. */
    void resume(Consumer<StatusUpdates> sender) {
        loop.assertInLoop();
        master = sender;
        for (StatusStream stream : streams.values()) {
            stream.retryAfter(timings.statusRetry());
            send(stream);
        }
    }

    /** There is no master: statuses wait. */
    void pause() {
        loop.assertInLoop();
        master = null;
        toSend.clear();
        streams.values().forEach(StatusStream::cancelRetry);
    }

    /** The statuses of a task that nobody acknowledged, oldest first. */
    List<TaskStatus> unacknowledged(TaskKey key) {
        StatusStream stream = streams.get(key);
        return stream == null ? List.of() : stream.statuses();
    }

    /** Whether there is a status of this task that nobody acknowledged. */
    boolean isWaiting(TaskKey key) {
        return streams.containsKey(key);
    }

    /** Whether every status was acknowledged. */
    boolean isIdle() {
        return streams.isEmpty();
    }

    /** The records that make the lines as they are. */
    void snapshot(Consumer<AgentRecord> records) {
        for (StatusStream stream : streams.values()) {
            for (TaskStatus status : stream.statuses()) {
                records.accept(record(stream.key(), status));
            }
        }
    }

    private void send(StatusStream stream) {
        if (master == null || stream.sendable() == null) {
            return;
        }
        toSend.add(stream);
        if (!flushScheduled) {
            flushScheduled = true;
            loop.execute("send statuses", this::flush);
        }
    }

    private void flush() {
        flushScheduled = false;
        List<StatusUpdate> updates = new ArrayList<>(toSend.size());
        for (StatusStream stream : List.copyOf(toSend)) {
            TaskStatus status = stream.sendable();
            if (status != null && master != null) {
                updates.add(message(stream, status));
                scheduleRetry(stream);
            }
        }
        toSend.clear();
        for (int from = 0; from < updates.size() && master != null; from += UPDATES_PER_MESSAGE) {
            int to = Math.min(updates.size(), from + UPDATES_PER_MESSAGE);
            master.accept(StatusUpdates.newBuilder()
                    .addAllUpdates(updates.subList(from, to))
                    .build());
        }
    }

    private StatusUpdate message(StatusStream stream, TaskStatus status) {
        return StatusUpdate.newBuilder()
                .setFrameworkId(frameworkId(stream.key()))
                .setStatus(status)
                .setLatestState(latestStates.apply(stream.key()).orElseGet(stream::latestState))
                .build();
    }

    private void scheduleRetry(StatusStream stream) {
        Duration wait = stream.retryAfter();
        stream.retry(loop.schedule("retry status", wait, () -> {
            metrics.statusRetries.increment();
            send(stream);
        }));
        Duration doubled = wait.multipliedBy(2);
        stream.retryAfter(doubled.compareTo(timings.maximumStatusRetry()) > 0 ? timings.maximumStatusRetry() : doubled);
    }

    private static AgentRecord record(TaskKey key, TaskStatus status) {
        return AgentRecord.newBuilder()
                .setStatusMade(
                        StatusMade.newBuilder().setFrameworkId(frameworkId(key)).setStatus(status))
                .build();
    }

    private static FrameworkID frameworkId(TaskKey key) {
        return IdConversion.toWire(key.framework());
    }
}
