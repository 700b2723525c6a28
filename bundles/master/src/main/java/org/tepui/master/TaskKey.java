// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import org.tepui.api.FrameworkId;
import org.tepui.api.TaskId;
import org.tepui.proto.internal.TaskReference;
import org.tepui.v1.FrameworkID;
import org.tepui.v1.TaskID;

/** Names a task in the cluster: task ids are chosen by frameworks and unique within one only. */
record TaskKey(FrameworkId framework, TaskId task) {
    TaskReference toReference() {
        return TaskReference.newBuilder()
                .setFrameworkId(FrameworkID.newBuilder().setValue(framework.value()))
                .setTaskId(TaskID.newBuilder().setValue(task.value()))
                .build();
    }
}
