// SPDX-License-Identifier: Apache-2.0
package org.tepui.simulator;

import com.google.protobuf.ByteString;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tepui.v1.TaskState;

/** What is known of one task from outside: what its scheduler was told, and what its process did. */
final class TaskHistory {
    private final Map<ByteString, TaskState> received = new LinkedHashMap<>();
    private @Nullable String agent;
    private @Nullable TaskState last;
    private @Nullable TaskState lastReliable;
    private @Nullable ByteString lastUuid;
    private @Nullable TaskState acknowledgedTerminal;
    private int starts;

    /** Statuses with a uuid by that, in the order in which they came first. */
    Map<ByteString, TaskState> received() {
        return received;
    }

    /** The node on which its process was started. */
    @Nullable
    String agent() {
        return agent;
    }

    /** The newest status, reliable or not. */
    @Nullable
    TaskState last() {
        return last;
    }

    /** The state of the newest status that had a uuid. */
    @Nullable
    TaskState lastReliable() {
        return lastReliable;
    }

    /** The uuid of that. */
    @Nullable
    ByteString lastUuid() {
        return lastUuid;
    }

    /** The terminal state that the scheduler acknowledged. */
    @Nullable
    TaskState acknowledgedTerminal() {
        return acknowledgedTerminal;
    }

    /** How often a process was started for it. */
    int starts() {
        return starts;
    }

    void processStarted(String onAgent) {
        agent = onAgent;
        starts++;
    }

    void heard(TaskState state) {
        last = state;
    }

    void heardReliably(ByteString uuid, TaskState state) {
        received.putIfAbsent(uuid, state);
        lastReliable = state;
        lastUuid = uuid;
    }

    void acknowledged(TaskState terminal) {
        acknowledgedTerminal = terminal;
    }
}
