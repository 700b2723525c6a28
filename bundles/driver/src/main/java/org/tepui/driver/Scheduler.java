// SPDX-License-Identifier: Apache-2.0
package org.tepui.driver;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;
import org.tepui.v1.AgentID;
import org.tepui.v1.ExecutorID;
import org.tepui.v1.FrameworkID;
import org.tepui.v1.MasterInfo;
import org.tepui.v1.Offer;
import org.tepui.v1.OfferID;
import org.tepui.v1.TaskStatus;

/**
 * What a framework does with the events of the cluster. All calls come on the driver's loop, one at a time, and
 * must not block; the driver may be called from within.
 *
 * <p>Order: {@link #subscribed}, then events; {@link #disconnected} when the connection is lost, then {@link
 * #subscribed} again once the driver has subscribed anew. Offers made before a disconnection are void after it.
 */
@ConsumerType
public interface Scheduler {
    /**
     * The framework is subscribed, first time or again.
     *
     * @param frameworkId assigned by the master at the first time and the same ever after
     */
    void subscribed(SchedulerDriver driver, FrameworkID frameworkId, MasterInfo master);

    /** The connection is lost; the driver tries to get it back. */
    default void disconnected(SchedulerDriver driver) {}

    /** Resources to accept or decline. */
    void offers(SchedulerDriver driver, List<Offer> offers);

    /** An offer is void. */
    default void rescinded(SchedulerDriver driver, OfferID offerId) {}

    /**
     * A task changed. With implicit acknowledgement the driver acknowledges when this returns; if it throws, it
     * does not, and the status comes again.
     */
    void update(SchedulerDriver driver, TaskStatus status);

    /** Bytes from an executor. */
    default void message(SchedulerDriver driver, AgentID agentId, ExecutorID executorId, ByteString data) {}

    /**
     * An agent was lost, or an executor on it ended.
     *
     * @param executorId empty: the agent
     * @param status of the executor as wait(2) has it
     */
    default void failure(
            SchedulerDriver driver, AgentID agentId, Optional<ExecutorID> executorId, Optional<Integer> status) {}

    /**
     * The master refused one call; the subscription goes on.
     *
     * @param status as HTTP has it: 400, 403, 404, 409, 501, 503
     */
    default void refused(SchedulerDriver driver, int status, String reason) {}

    /**
     * The subscription ended for good: the framework was removed, failed over to another scheduler, or never valid.
     * The driver has stopped.
     */
    void error(SchedulerDriver driver, String message);
}
