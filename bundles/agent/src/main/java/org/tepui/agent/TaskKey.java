// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import org.tepui.api.FrameworkId;
import org.tepui.api.TaskId;
import org.tepui.proto.convert.IdConversion;
import org.tepui.proto.internal.TaskReference;
import org.tepui.v1.FrameworkID;
import org.tepui.v1.TaskID;

/** Names one task among all frameworks. */
record TaskKey(FrameworkId framework, TaskId task) {
    /** @throws IllegalArgumentException if an identifier breaks the rules */
    static TaskKey of(FrameworkID framework, TaskID task) {
        return new TaskKey(IdConversion.toApi(framework), IdConversion.toApi(task));
    }

    /** @throws IllegalArgumentException if an identifier breaks the rules */
    static TaskKey of(TaskReference reference) {
        return of(reference.getFrameworkId(), reference.getTaskId());
    }

    TaskReference toReference() {
        return TaskReference.newBuilder()
                .setFrameworkId(IdConversion.toWire(framework))
                .setTaskId(IdConversion.toWire(task))
                .build();
    }

    @Override
    public String toString() {
        return task + " of framework " + framework;
    }
}
