// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.tepui.v1.Task;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "logs",
        description = "Prints what a task wrote: its standard output and its standard error, each to its own.",
        footer = {"", "Examples:", "  tepui logs web-5f3a-1", "  tepui logs -f web-5f3a-1 2>/dev/null"})
final class LogsCommand implements Callable<Integer> {
    private static final long POLL_MILLISECONDS = 500;

    private final Terminal terminal;

    @Mixin
    private final ClusterOptions cluster = new ClusterOptions();

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what it writes until it ends.")
    private boolean follow;

    @Parameters(paramLabel = "TASK", description = "Its id, or a beginning that only one task has.")
    private String task = "";

    LogsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandException, IOException, InterruptedException {
        ApiClient master = cluster.client();
        ClusterState state = ClusterState.read(master);
        Task found = state.task(task);
        ApiClient agent = new ApiClient(state.agentAddress(found.getAgentId()));
        TaskOutput out = TaskOutput.of(agent, found, "stdout");
        TaskOutput err = TaskOutput.of(agent, found, "stderr");
        String id = found.getTaskId().getValue();
        while (true) {
            // what was written before the end was seen is there to be read
            boolean last = !follow || TaskStatuses.ended(found.getState());
            out.copyNew(terminal.out());
            err.copyNew(terminal.err());
            if (last) {
                return ExitCode.DONE;
            }
            Thread.sleep(POLL_MILLISECONDS);
            found = ClusterState.read(master).task(id);
        }
    }
}
