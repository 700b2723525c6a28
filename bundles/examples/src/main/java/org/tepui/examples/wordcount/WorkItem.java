// SPDX-License-Identifier: Apache-2.0
package org.tepui.examples.wordcount;

import org.jspecify.annotations.Nullable;
import org.tepui.v1.TaskState;

/** One map or reduce task of the job, over all its attempts. */
final class WorkItem {
    /** What is done. */
    enum Kind {
        /** Counts one chunk. */
        MAP,
        /** Adds up one part. */
        REDUCE
    }

    private final Kind kind;
    private final int number;
    private int attempts;
    private @Nullable String agent;
    private TaskState state = TaskState.TASK_UNKNOWN;

    WorkItem(Kind kind, int number) {
        this.kind = kind;
        this.number = number;
    }

    Kind kind() {
        return kind;
    }

    int number() {
        return number;
    }

    int attempts() {
        return attempts;
    }

    /** The id of the agent of the attempt under way. */
    @Nullable
    String agent() {
        return agent;
    }

    TaskState state() {
        return state;
    }

    /** Starts the next attempt; returns its task's id. */
    String launch(String onAgent) {
        attempts++;
        agent = onAgent;
        state = TaskState.TASK_STAGING;
        return kind.name().toLowerCase(java.util.Locale.ROOT) + "-" + number + "." + attempts;
    }

    void moved(TaskState to) {
        state = to;
    }

    /** The attempt came to nothing: it waits for another offer. */
    void lost() {
        agent = null;
        state = TaskState.TASK_UNKNOWN;
    }
}
