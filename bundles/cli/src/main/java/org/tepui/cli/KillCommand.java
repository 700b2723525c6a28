// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tepui.proto.operator.Call;
import org.tepui.v1.DurationInfo;
import org.tepui.v1.KillPolicy;
import org.tepui.v1.Task;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "kill",
        description = "Ends a task: SIGTERM to all its processes, and after a grace SIGKILL.",
        footer = {"", "Example:", "  tepui kill --grace 30s web-5f3a-1"})
final class KillCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final ClusterOptions cluster = new ClusterOptions();

    @Option(
            names = "--grace",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "Between the two signals: 30s, 1min. Without it as the task itself says, or 3s.")
    private @Nullable Duration grace;

    @Parameters(paramLabel = "TASK", description = "Its id, or a beginning that only one task has.")
    private String task = "";

    KillCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandException {
        ApiClient client = cluster.client();
        ClusterState state = ClusterState.read(client);
        Task found = state.task(task);
        if (TaskStatuses.ended(found.getState())) {
            throw new CommandException("task " + found.getTaskId().getValue() + " has ended already: "
                    + found.getState().name());
        }
        Call.KillTask.Builder kill =
                Call.KillTask.newBuilder().setTaskId(found.getTaskId()).setFrameworkId(found.getFrameworkId());
        if (grace != null) {
            kill.setKillPolicy(KillPolicy.newBuilder()
                    .setGracePeriod(DurationInfo.newBuilder().setNanoseconds(grace.toNanos())));
        }
        client.call(
                Call.newBuilder().setType(Call.Type.KILL_TASK).setKillTask(kill).build());
        terminal.out()
                .println("task " + found.getTaskId().getValue() + " on " + state.agentName(found.getAgentId())
                        + " will be killed");
        return ExitCode.DONE;
    }
}
