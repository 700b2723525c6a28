// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import org.tepui.v1.AgentID;
import org.tepui.v1.FrameworkID;

/** Shows why tasks failed, and the end of what they wrote, for the first few of them. */
final class FailedOutputs {
    private static final int SHOWN_TASKS = 5;
    private static final long SHOWN_BYTES = 16 << 10;

    private final ApiClient master;
    private final PrintStream out;

    FailedOutputs(ApiClient master, PrintStream out) {
        this.master = master;
        this.out = out;
    }

    /** Prints a line per failed task and its output; what cannot be fetched is said and passed over. */
    void print(List<RunTask> failed, FrameworkID framework) {
        for (RunTask task : failed.subList(0, Math.min(SHOWN_TASKS, failed.size()))) {
            out.println("task " + task.id() + " on " + (task.agent().isEmpty() ? "no agent" : task.agent()) + ": "
                    + task.explanation());
            if (task.exitStatus().isPresent()) {
                printOutput(task, framework);
            }
        }
        if (failed.size() > SHOWN_TASKS) {
            out.println("and " + (failed.size() - SHOWN_TASKS) + " more tasks; 'tepui logs TASK' shows their output");
        }
    }

    private void printOutput(RunTask task, FrameworkID framework) {
        try {
            AgentID agentId = AgentID.newBuilder().setValue(task.agentId()).build();
            ApiClient agent = new ApiClient(ClusterState.read(master).agentAddress(agentId));
            for (String file : List.of("stdout", "stderr")) {
                TaskOutput output = new TaskOutput(agent, framework, task.id(), file);
                output.skipToLast(SHOWN_BYTES);
                output.copyNew(out);
            }
        } catch (CommandException | IOException e) {
            out.println("its output cannot be fetched: " + e.getMessage());
        }
    }
}
