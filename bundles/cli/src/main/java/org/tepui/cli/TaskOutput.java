// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import java.io.IOException;
import java.io.OutputStream;
import org.tepui.v1.FrameworkID;
import org.tepui.v1.Task;
import org.tepui.v1.agent.Call;
import org.tepui.v1.agent.Response;

/** Reads one of the files that a task writes, from where the last read ended. */
final class TaskOutput {
    private static final int CHUNK = 256 << 10;

    private final ApiClient agent;
    private final String path;
    private long offset;

    /** @param file {@code stdout} or {@code stderr} */
    TaskOutput(ApiClient agent, FrameworkID framework, String executor, String file) {
        this.agent = agent;
        this.path = "/frameworks/" + framework.getValue() + "/executors/" + executor + "/runs/latest/" + file;
    }

    /** The output of a task that a master knows: a command task's executor has the task's id. */
    static TaskOutput of(ApiClient agent, Task task, String file) {
        String executor = task.getExecutorId().getValue().isEmpty()
                ? task.getTaskId().getValue()
                : task.getExecutorId().getValue();
        return new TaskOutput(agent, task.getFrameworkId(), executor, file);
    }

    /** Goes to so many bytes before the end, if there are more. */
    void skipToLast(long bytes) throws CommandException {
        offset = Math.max(0, read(0, 0).getSize() - bytes);
    }

    /** Copies what was written since the last call. */
    void copyNew(OutputStream out) throws CommandException, IOException {
        while (true) {
            Response.ReadFile part = read(offset, CHUNK);
            part.getData().writeTo(out);
            offset += part.getData().size();
            if (part.getData().isEmpty() || offset >= part.getSize()) {
                out.flush();
                return;
            }
        }
    }

    private Response.ReadFile read(long from, long length) throws CommandException {
        Call call = Call.newBuilder()
                .setType(Call.Type.READ_FILE)
                .setReadFile(
                        Call.ReadFile.newBuilder().setPath(path).setOffset(from).setLength(length))
                .build();
        return agent.call(call).getReadFile();
    }
}
