// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.tepui.api.metrics.Counter;
import org.tepui.api.metrics.MetricRegistry;
import org.tepui.v1.scheduler.Call;

/**
 * What the master counts, under the names of Mesos where Mesos has the metric. Written on the master's loop as things
 * happen, so that reading costs nothing; read from any thread.
 */
final class MasterFigures {
    final TaskFigures tasks;

    final Counter registrations;
    final Counter reregistrations;
    final Counter removals;
    final Counter unreachableTransitions;
    final Counter registerMessages;
    final Counter reregisterMessages;
    final Counter statusUpdates;
    final Counter validStatusUpdates;
    final Counter invalidStatusUpdates;
    final Counter statusUpdateAcknowledgements;
    final Counter validAcknowledgements;
    final Counter invalidAcknowledgements;
    final Counter exitedExecutors;
    final Counter frameworkToExecutor;
    final Counter validFrameworkToExecutor;
    final Counter invalidFrameworkToExecutor;
    final Counter executorToFramework;
    final Counter invalidExecutorToFramework;
    final Counter subscriptions;
    final Counter resubscriptions;
    final Counter operatorCalls;
    final Counter droppedMessages;
    final Counter illegalMoves;
    final Counter offersSent;
    final Counter offersRescinded;
    final Counter allocationsRefused;
    final Counter tasksPreempted;

    final AtomicLong agentsActive = new AtomicLong();
    final AtomicLong agentsDisconnected = new AtomicLong();
    final AtomicLong agentsUnreachable = new AtomicLong();
    final AtomicLong frameworksActive = new AtomicLong();
    final AtomicLong frameworksDisconnected = new AtomicLong();
    final AtomicLong outstandingOffers = new AtomicLong();

    private final Map<Call.Type, Counter> calls = new EnumMap<>(Call.Type.class);

    MasterFigures(MetricRegistry metrics) {
        tasks = new TaskFigures(metrics);
        registrations = metrics.counter("master/slave_registrations");
        reregistrations = metrics.counter("master/slave_reregistrations");
        removals = metrics.counter("master/slave_removals");
        unreachableTransitions = metrics.counter("master/slave_unreachable_completed");
        registerMessages = metrics.counter("master/messages_register_slave");
        reregisterMessages = metrics.counter("master/messages_reregister_slave");
        statusUpdates = metrics.counter("master/messages_status_update");
        validStatusUpdates = metrics.counter("master/valid_status_updates");
        invalidStatusUpdates = metrics.counter("master/invalid_status_updates");
        statusUpdateAcknowledgements = metrics.counter("master/messages_status_update_acknowledgement");
        validAcknowledgements = metrics.counter("master/valid_status_update_acknowledgements");
        invalidAcknowledgements = metrics.counter("master/invalid_status_update_acknowledgements");
        exitedExecutors = metrics.counter("master/messages_exited_executor");
        frameworkToExecutor = metrics.counter("master/messages_framework_to_executor");
        validFrameworkToExecutor = metrics.counter("master/valid_framework_to_executor_messages");
        invalidFrameworkToExecutor = metrics.counter("master/invalid_framework_to_executor_messages");
        executorToFramework = metrics.counter("master/messages_executor_to_framework");
        invalidExecutorToFramework = metrics.counter("master/invalid_executor_to_framework_messages");
        subscriptions = metrics.counter("master/messages_register_framework");
        resubscriptions = metrics.counter("master/messages_reregister_framework");
        operatorCalls = metrics.counter("master/messages_operator");
        droppedMessages = metrics.counter("master/dropped_messages");
        illegalMoves = metrics.counter("master/illegal_task_transitions");
        offersSent = metrics.counter("master/offers_sent");
        offersRescinded = metrics.counter("master/offers_rescinded");
        allocationsRefused = metrics.counter("master/allocations_refused");
        tasksPreempted = metrics.counter("master/tasks_preempted");
        nameCalls(metrics);
        metrics.gauge("master/slaves_active", agentsActive::get);
        metrics.gauge("master/slaves_connected", agentsActive::get);
        metrics.gauge("master/slaves_disconnected", agentsDisconnected::get);
        metrics.gauge("master/slaves_inactive", agentsDisconnected::get);
        metrics.gauge("master/slaves_unreachable", agentsUnreachable::get);
        metrics.gauge("master/frameworks_active", frameworksActive::get);
        metrics.gauge("master/frameworks_connected", frameworksActive::get);
        metrics.gauge("master/frameworks_disconnected", frameworksDisconnected::get);
        metrics.gauge("master/frameworks_inactive", () -> 0);
        metrics.gauge("master/outstanding_offers", outstandingOffers::get);
    }

    private void nameCalls(MetricRegistry metrics) {
        calls.put(Call.Type.TEARDOWN, metrics.counter("master/messages_unregister_framework"));
        calls.put(Call.Type.ACCEPT, metrics.counter("master/messages_launch_tasks"));
        calls.put(Call.Type.DECLINE, metrics.counter("master/messages_decline_offers"));
        calls.put(Call.Type.REVIVE, metrics.counter("master/messages_revive_offers"));
        calls.put(Call.Type.SUPPRESS, metrics.counter("master/messages_suppress_offers"));
        calls.put(Call.Type.KILL, metrics.counter("master/messages_kill_task"));
        calls.put(Call.Type.RECONCILE, metrics.counter("master/messages_reconcile_tasks"));
        calls.put(Call.Type.REQUEST, metrics.counter("master/messages_resource_request"));
    }

    /** Counts a call of a scheduler; those with a counter of their own elsewhere are left out. */
    void called(Call.Type type) {
        Counter counter = calls.get(type);
        if (counter != null) {
            counter.increment();
        }
    }
}
