// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.tepui.api.TaskState;
import org.tepui.api.metrics.Counter;
import org.tepui.api.metrics.MetricRegistry;
import org.tepui.api.metrics.TimerMetric;
import org.tepui.runtime.Clock;

/**
 * What the agent counts, under the names that Mesos has ({@code slave/...}) where it has them, else {@code
 * agent/...}. Written on the loop, read from any thread.
 */
final class AgentMetrics {
    private static final double NANOS_PER_SECOND = 1e9;

    /** Acknowledgements of statuses that nothing waited for. */
    final Counter unexpectedAcknowledgements;
    /** Statuses sent once more since no acknowledgement came. */
    final Counter statusRetries;
    /** Statuses that the agent made. */
    final Counter statusUpdates;
    /** Messages that were not taken: they are the master's to send, and somebody else sent them. */
    final Counter foreignMessages;
    /** Tasks that came once more and were dropped. */
    final Counter repeatedTasks;
    /** Moves of a task that its state does not allow. */
    final Counter illegalTransitions;
    /** Processes that could not be started. */
    final Counter launchErrors;
    /** Registrations and re-registrations that were asked for. */
    final Counter registrationAttempts;
    /** Sandboxes removed. */
    final Counter sandboxesRemoved;
    /** Sandboxes that could not be removed. */
    final Counter sandboxesNotRemoved;
    /** What is offered and what tasks hold. */
    final ResourceGauges resources;
    /** From the arrival of a task to its running process. */
    final TimerMetric launchTime;

    private final Map<TaskState, AtomicInteger> tasksByState = new EnumMap<>(TaskState.class);
    private final MetricRegistry registry;
    private volatile boolean registered;
    private volatile int frameworks;
    private volatile int sandboxesWaiting;

    AgentMetrics(MetricRegistry registry, Clock clock) {
        this.registry = registry;
        unexpectedAcknowledgements = registry.counter("agent/unexpected_acknowledgements");
        statusRetries = registry.counter("agent/status_update_retries");
        statusUpdates = registry.counter("slave/valid_status_updates");
        foreignMessages = registry.counter("agent/foreign_messages");
        repeatedTasks = registry.counter("agent/repeated_tasks");
        illegalTransitions = registry.counter("agent/illegal_task_transitions");
        launchErrors = registry.counter("slave/container_launch_errors");
        registrationAttempts = registry.counter("agent/registration_attempts");
        sandboxesRemoved = registry.counter("gc/path_removals_succeeded");
        sandboxesNotRemoved = registry.counter("gc/path_removals_failed");
        resources = new ResourceGauges(registry);
        launchTime = registry.timer("agent/task_launch");
        long start = clock.nanoTime();
        registry.gauge("slave/uptime_secs", () -> (clock.nanoTime() - start) / NANOS_PER_SECOND);
        registry.gauge("slave/registered", () -> registered ? 1 : 0);
        registry.gauge("slave/frameworks_active", () -> frameworks);
        registry.gauge("gc/path_removals_pending", () -> sandboxesWaiting);
        for (TaskState state : TaskState.values()) {
            AtomicInteger tasks = new AtomicInteger();
            tasksByState.put(state, tasks);
            if (!state.isTerminal() && state != TaskState.UNREACHABLE && state != TaskState.UNKNOWN) {
                registry.gauge(taskKey(state), tasks::get);
            }
        }
    }

    /** A task came to be in its first state. */
    void entered(TaskState state) {
        of(state).incrementAndGet();
    }

    /** A task is no longer in a state. */
    void left(TaskState state) {
        of(state).decrementAndGet();
    }

    /** A task ended: counted for ever. */
    void ended(TaskState state) {
        registry.counter(taskKey(state)).increment();
    }

    void registered(boolean now) {
        registered = now;
    }

    void sandboxesWaiting(int sandboxes) {
        sandboxesWaiting = sandboxes;
    }

    void frameworks(int active) {
        frameworks = active;
    }

    private AtomicInteger of(TaskState state) {
        return Objects.requireNonNull(tasksByState.get(state));
    }

    private static String taskKey(TaskState state) {
        return "slave/tasks_" + state.name().toLowerCase(Locale.ROOT);
    }
}
