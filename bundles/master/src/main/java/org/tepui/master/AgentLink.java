// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import com.google.protobuf.Message;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.tepui.api.FrameworkId;
import org.tepui.proto.internal.RunTasks;
import org.tepui.proto.internal.StatusUpdateAcknowledgement;
import org.tepui.proto.internal.StatusUpdateAcknowledgements;
import org.tepui.transport.Connection;
import org.tepui.v1.FrameworkInfo;
import org.tepui.v1.TaskInfo;

/**
 * The way to one agent. Launches and acknowledgements of one burst of events leave together in few messages; whatever
 * else is sent goes after them, so that the agent sees everything in the order in which it was said.
 */
final class AgentLink {
    /** A batch leaves early when it has so many entries, so that no message grows with the burst. */
    private static final int MAXIMUM_BATCH = 500;

    /** And when its tasks have so many bytes together: a message that is too long would not be sent at all. */
    private static final int MAXIMUM_BATCH_BYTES = 1 << 20;

    private final Connection connection;
    /** Has {@link #flush} called after the events that wait already. */
    private final Consumer<AgentLink> flushLater;

    private @Nullable FrameworkId launchingFor;
    private RunTasks.@Nullable Builder launches;
    private int launchBytes;
    private StatusUpdateAcknowledgements.@Nullable Builder acknowledgements;
    private boolean flushWaits;

    AgentLink(Connection connection, Consumer<AgentLink> flushLater) {
        this.connection = connection;
        this.flushLater = flushLater;
    }

    Connection connection() {
        return connection;
    }

    boolean isOpen() {
        return connection.isOpen();
    }

    /** Sends a message after everything that was handed over before it. */
    boolean send(Message message) {
        flush();
        return connection.send(message);
    }

    /** Adds a launch to the batch. */
    void launch(FrameworkId framework, FrameworkInfo info, TaskInfo task) {
        RunTasks.Builder batch = launches;
        if (batch == null
                || !framework.equals(launchingFor)
                || batch.getTasksCount() >= MAXIMUM_BATCH
                || launchBytes >= MAXIMUM_BATCH_BYTES) {
            flush();
            batch = RunTasks.newBuilder().setFramework(info);
            launches = batch;
            launchingFor = framework;
            launchBytes = 0;
        }
        batch.addTasks(task);
        launchBytes += task.getSerializedSize();
        wantFlush();
    }

    /** Adds an acknowledgement to the batch. */
    void acknowledge(StatusUpdateAcknowledgement acknowledgement) {
        StatusUpdateAcknowledgements.Builder batch = acknowledgements;
        if (batch == null || batch.getAcknowledgementsCount() >= MAXIMUM_BATCH) {
            flush();
            batch = StatusUpdateAcknowledgements.newBuilder();
            acknowledgements = batch;
        }
        batch.addAcknowledgements(acknowledgement);
        wantFlush();
    }

    /** Sends what was collected. */
    void flush() {
        // an acknowledgement never waits for a launch of the same burst: a task is launched before its updates come
        if (launches != null) {
            connection.send(launches.build());
            launches = null;
            launchingFor = null;
        }
        if (acknowledgements != null) {
            connection.send(acknowledgements.build());
            acknowledgements = null;
        }
    }

    /** The event that {@link #flushLater} asked for has come. */
    void flushNow() {
        flushWaits = false;
        flush();
    }

    private void wantFlush() {
        if (!flushWaits) {
            flushWaits = true;
            flushLater.accept(this);
        }
    }
}
