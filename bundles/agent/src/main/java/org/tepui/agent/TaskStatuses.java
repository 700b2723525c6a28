// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.tepui.api.AgentId;
import org.tepui.api.TaskState;
import org.tepui.proto.convert.IdConversion;
import org.tepui.proto.convert.StateConversion;
import org.tepui.runtime.Clock;
import org.tepui.runtime.Processes.ExitStatus;
import org.tepui.runtime.Randomness;
import org.tepui.v1.ContainerStatus;
import org.tepui.v1.ExecutorID;
import org.tepui.v1.Label;
import org.tepui.v1.Labels;
import org.tepui.v1.TaskStatus;
import org.tepui.v1.TaskStatus.Reason;
import org.tepui.v1.TaskStatus.Source;

/** Makes the statuses that the agent sends. Each has a uuid of its own and the time of the wall clock. */
final class TaskStatuses {
    /** Label with the exit code of the task's process, or 128 plus the number of the signal that ended it. */
    static final String EXIT_STATUS = "tepui.exit_status";

    /** Label with the number of the signal that ended the task's process; only where one did. */
    static final String EXIT_SIGNAL = "tepui.exit_signal";

    private static final double MILLIS_PER_SECOND = 1000.0;
    private static final int SIGNAL_BASE = 128;

    private final Clock clock;
    private final Randomness randomness;
    private final Supplier<AgentId> agentId;

    TaskStatuses(Clock clock, Randomness randomness, Supplier<AgentId> agentId) {
        this.clock = clock;
        this.randomness = randomness;
        this.agentId = agentId;
    }

    /**
     * What a status says.
     *
     * @param reason null for none
     */
    record Content(TaskState state, Source source, @Nullable Reason reason, String message) {}

    /** The process of the task runs. */
    TaskStatus running(AgentTask task) {
        return of(task, new Content(TaskState.RUNNING, Source.SOURCE_EXECUTOR, null, ""));
    }

    /** The process of the task was told to end. */
    TaskStatus killing(AgentTask task) {
        return of(task, new Content(TaskState.KILLING, Source.SOURCE_EXECUTOR, null, ""));
    }

    /** The process of the task ended. */
    TaskStatus exited(AgentTask task, ExitStatus exit) {
        TaskStatus status = of(task, contentOfExit(task, exit));
        Labels.Builder labels = Labels.newBuilder();
        exit.signal().ifPresent(signal -> {
            labels.addLabels(label(EXIT_STATUS, SIGNAL_BASE + signal));
            labels.addLabels(label(EXIT_SIGNAL, signal));
        });
        exit.code().ifPresent(code -> labels.addLabels(label(EXIT_STATUS, code)));
        return labels.getLabelsCount() == 0
                ? status
                : status.toBuilder().setLabels(labels).build();
    }

    private static Content contentOfExit(AgentTask task, ExitStatus exit) {
        String message = "Command " + describe(exit);
        if (exit.success()) {
            return new Content(TaskState.FINISHED, Source.SOURCE_EXECUTOR, null, message);
        }
        Optional<AgentTask.Kill> kill = task.kill();
        if (kill.isPresent() && kill.get().cause() == AgentTask.KillCause.OVERTIME) {
            return new Content(
                    TaskState.FAILED,
                    Source.SOURCE_EXECUTOR,
                    Reason.REASON_MAX_COMPLETION_TIME_REACHED,
                    "Ran for longer than its max_completion_time; command " + describe(exit));
        }
        if (kill.isPresent() && kill.get().cause() == AgentTask.KillCause.PREEMPTED) {
            return new Content(
                    TaskState.KILLED,
                    Source.SOURCE_EXECUTOR,
                    Reason.REASON_CONTAINER_PREEMPTED,
                    kill.get().why() + "; command " + describe(exit));
        }
        if (kill.isPresent()) {
            return new Content(TaskState.KILLED, Source.SOURCE_EXECUTOR, null, message);
        }
        return new Content(TaskState.FAILED, Source.SOURCE_EXECUTOR, Reason.REASON_COMMAND_EXECUTOR_FAILED, message);
    }

    /** Any status of a task that the agent has. */
    TaskStatus of(AgentTask task, Content content) {
        TaskStatus.Builder status = builder(task.key(), content);
        ContainerStatus.Builder container =
                ContainerStatus.newBuilder().setContainerId(IdConversion.toWire(task.container()));
        task.pid().ifPresent(pid -> container.setExecutorPid((int) pid));
        return status.setContainerStatus(container).build();
    }

    /** The status of a task that the agent does not have. */
    TaskStatus ofUnknown(TaskKey key, Content content) {
        return builder(key, content).build();
    }

    private TaskStatus.Builder builder(TaskKey key, Content content) {
        TaskStatus.Builder status = TaskStatus.newBuilder()
                .setTaskId(IdConversion.toWire(key.task()))
                .setState(StateConversion.toWire(content.state()))
                .setSource(content.source())
                .setAgentId(IdConversion.toWire(agentId.get()))
                // a command task is its own executor, named as the task
                .setExecutorId(ExecutorID.newBuilder().setValue(key.task().value()))
                .setTimestamp(clock.wallTime().toEpochMilli() / MILLIS_PER_SECOND)
                .setUuid(bytes(randomness.nextUuid()));
        if (content.reason() != null) {
            status.setReason(content.reason());
        }
        if (!content.message().isEmpty()) {
            status.setMessage(content.message());
        }
        return status;
    }

    private static String describe(ExitStatus exit) {
        if (exit.signal().isPresent()) {
            int signal = exit.signal().getAsInt();
            return "terminated with signal " + signal + signalName(signal);
        }
        return exit.code().isPresent()
                ? "exited with status " + exit.code().getAsInt()
                : "ended, and its exit status was lost";
    }

    private static String signalName(int signal) {
        return switch (signal) {
            case 1 -> " (SIGHUP)";
            case 2 -> " (SIGINT)";
            case 3 -> " (SIGQUIT)";
            case 4 -> " (SIGILL)";
            case 6 -> " (SIGABRT)";
            case 8 -> " (SIGFPE)";
            case 9 -> " (SIGKILL)";
            case 11 -> " (SIGSEGV)";
            case 13 -> " (SIGPIPE)";
            case 15 -> " (SIGTERM)";
            default -> "";
        };
    }

    private static Label label(String key, int value) {
        return Label.newBuilder().setKey(key).setValue(Integer.toString(value)).build();
    }

    private static ByteString bytes(UUID uuid) {
        ByteBuffer buffer = ByteBuffer.allocate(2 * Long.BYTES);
        buffer.putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
        return ByteString.copyFrom(buffer.flip());
    }
}
