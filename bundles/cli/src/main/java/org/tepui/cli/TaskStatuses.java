// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import java.util.List;
import java.util.Optional;
import org.tepui.v1.Label;
import org.tepui.v1.Task;
import org.tepui.v1.TaskState;
import org.tepui.v1.TaskStatus;

/** What the statuses of a task tell. */
final class TaskStatuses {
    private static final String EXIT_STATUS = "tepui.exit_status";

    private TaskStatuses() {}

    /** How the command of a task ended: its exit code, or 128 plus the number of the signal; none if it has not. */
    static Optional<String> exitStatus(TaskStatus status) {
        return status.getLabels().getLabelsList().stream()
                .filter(label -> label.getKey().equals(EXIT_STATUS))
                .map(Label::getValue)
                .findFirst();
    }

    /** The same from the newest status that tells. */
    static Optional<String> exitStatus(Task task) {
        List<TaskStatus> statuses = task.getStatusesList();
        for (int i = statuses.size() - 1; i >= 0; i--) {
            Optional<String> exit = exitStatus(statuses.get(i));
            if (exit.isPresent()) {
                return exit;
            }
        }
        return Optional.empty();
    }

    /** An exit status for programs: a number wherever it is one. */
    static Object json(String exitStatus) {
        return exitStatus.matches("\\d{1,9}") ? Integer.valueOf(exitStatus) : exitStatus;
    }

    /** Whether a task in this state will never run again. */
    static boolean ended(TaskState state) {
        return switch (state) {
            case TASK_STAGING, TASK_STARTING, TASK_RUNNING, TASK_KILLING, TASK_UNREACHABLE -> false;
            default -> true;
        };
    }
}
