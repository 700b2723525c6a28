// SPDX-License-Identifier: Apache-2.0
package org.tepui.driver;

import com.google.protobuf.ByteString;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;
import org.tepui.v1.AgentID;
import org.tepui.v1.ExecutorID;
import org.tepui.v1.Filters;
import org.tepui.v1.KillPolicy;
import org.tepui.v1.Offer;
import org.tepui.v1.OfferID;
import org.tepui.v1.Request;
import org.tepui.v1.TaskID;
import org.tepui.v1.TaskStatus;

/**
 * The way of a framework to its cluster. Every call may be made from any thread; each is sent at most once, in the
 * order of one thread's calls.
 *
 * <p>A call made while there is no subscription is dropped and counted: offers are void by then, and what was to be
 * said about tasks is settled by {@link #reconcile} after {@link Scheduler#subscribed}.
 */
@ProviderType
public interface SchedulerDriver extends AutoCloseable {
    /** Connects and subscribes, and keeps the subscription until {@link #close} or {@link #teardown}. */
    void start();

    /**
     * Uses offers of one agent; what the operations leave is declined with the filters.
     *
     * @param operations in order; none at all declines everything
     */
    void accept(List<OfferID> offers, List<Offer.Operation> operations, Filters filters);

    /** Gives offers back. */
    void decline(List<OfferID> offers, Filters filters);

    /** Takes back suppression and filters. */
    void revive(List<String> roles);

    /** Asks for no more offers. Empty: for all roles. */
    void suppress(List<String> roles);

    /**
     * Ends a task.
     *
     * @param killPolicy the default instance leaves the task's own policy in force
     */
    void kill(TaskID taskId, KillPolicy killPolicy);

    /** Asks for the latest state of tasks; empty: of all that are not terminal. */
    void reconcile(List<org.tepui.v1.scheduler.Call.Reconcile.Task> tasks);

    /**
     * With explicit acknowledgement: the status is taken care of. One without uuid needs none, and nothing is sent.
     */
    void acknowledge(TaskStatus status);

    /** Sends bytes to an executor, without any promise that they arrive. */
    void message(AgentID agentId, ExecutorID executorId, ByteString data);

    /** Tells the allocator what the framework would like. */
    void request(List<Request> requests);

    /** Ends an executor and all its tasks. */
    void shutdown(AgentID agentId, ExecutorID executorId);

    /** Ends the framework and all its tasks, and closes the driver once that is sent. */
    void teardown();

    /** Whether the framework is subscribed at this moment. */
    boolean isSubscribed();

    /** Calls that were dropped since there was no subscription. */
    long droppedCalls();

    /**
     * Closes the connection. The framework stays for its failover timeout, so that another scheduler can take over.
     */
    @Override
    void close();
}
