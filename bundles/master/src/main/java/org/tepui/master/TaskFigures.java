// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.tepui.api.TaskState;
import org.tepui.api.metrics.MetricRegistry;
import org.tepui.proto.convert.StateConversion;
import org.tepui.v1.TaskStatus;

/**
 * How many tasks are in which state: at present for the states that a task leaves, since the start for those that it
 * does not. Written on the master's loop, read from any thread.
 */
final class TaskFigures {
    private final MetricRegistry metrics;
    private final Map<TaskState, AtomicLong> counts = new EnumMap<>(TaskState.class);

    TaskFigures(MetricRegistry metrics) {
        this.metrics = metrics;
        for (TaskState state : TaskState.values()) {
            AtomicLong count = new AtomicLong();
            counts.put(state, count);
            if (state != TaskState.UNKNOWN) {
                metrics.gauge("master/tasks_" + name(state), count::get);
            }
        }
    }

    void entered(TaskState state) {
        count(state).incrementAndGet();
    }

    void left(TaskState state) {
        if (!state.isTerminal()) {
            count(state).decrementAndGet();
        }
    }

    private AtomicLong count(TaskState state) {
        return Objects.requireNonNull(counts.get(state));
    }

    /** Counts the end of a task by who reported it and why. */
    void reported(TaskStatus status) {
        TaskState state = StateConversion.toApi(status.getState());
        if (state.isTerminal() && status.hasReason()) {
            metrics.counter("master/task_" + name(state) + "/"
                            + name(status.getSource().name()) + "/"
                            + name(status.getReason().name()))
                    .increment();
        }
    }

    private static String name(TaskState state) {
        return name(state.name());
    }

    private static String name(String constant) {
        return constant.toLowerCase(Locale.ROOT);
    }
}
