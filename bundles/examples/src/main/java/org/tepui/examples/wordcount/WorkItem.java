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
    private @Nullable String taskId;
    private @Nullable String agent;
    private TaskState state = TaskState.TASK_UNKNOWN;
    private boolean done;

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

    /** The id of the attempt under way; null while it waits for an offer and when it is done. */
    @Nullable
    String taskId() {
        return taskId;
    }

    /** The id of the agent of the attempt under way. */
    @Nullable
    String agent() {
        return agent;
    }

    TaskState state() {
        return state;
    }

    boolean done() {
        return done;
    }

    boolean waiting() {
        return !done && taskId == null;
    }

    /** Starts the next attempt. */
    String launch(String onAgent) {
        attempts++;
        String id = kind.name().toLowerCase(java.util.Locale.ROOT) + "-" + number + "." + attempts;
        taskId = id;
        agent = onAgent;
        state = TaskState.TASK_STAGING;
        return id;
    }

    void moved(TaskState to) {
        state = to;
    }

    void finished() {
        done = true;
        taskId = null;
    }

    /** The attempt came to nothing: it waits for another offer. */
    void lost() {
        taskId = null;
        agent = null;
        state = TaskState.TASK_UNKNOWN;
    }
}
