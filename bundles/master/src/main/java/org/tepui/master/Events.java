// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.List;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.v1.AgentID;
import org.tepui.v1.ExecutorID;
import org.tepui.v1.FrameworkID;
import org.tepui.v1.InverseOffer;
import org.tepui.v1.MasterInfo;
import org.tepui.v1.Offer;
import org.tepui.v1.OfferID;
import org.tepui.v1.OperationID;
import org.tepui.v1.OperationState;
import org.tepui.v1.OperationStatus;
import org.tepui.v1.TaskStatus;
import org.tepui.v1.scheduler.Event;

/** The events that schedulers are sent. */
final class Events {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final Event HEARTBEAT =
            Event.newBuilder().setType(Event.Type.HEARTBEAT).build();

    private Events() {}

    static Event heartbeat() {
        return HEARTBEAT;
    }

    static Event subscribed(FrameworkId framework, Duration heartbeatInterval, MasterInfo master) {
        return Event.newBuilder()
                .setType(Event.Type.SUBSCRIBED)
                .setSubscribed(Event.Subscribed.newBuilder()
                        .setFrameworkId(FrameworkID.newBuilder().setValue(framework.value()))
                        .setHeartbeatIntervalSeconds(heartbeatInterval.toNanos() / NANOS_PER_SECOND)
                        .setMasterInfo(master))
                .build();
    }

    static Event offers(List<Offer> offers) {
        return Event.newBuilder()
                .setType(Event.Type.OFFERS)
                .setOffers(Event.Offers.newBuilder().addAllOffers(offers))
                .build();
    }

    static Event rescind(OfferID offer) {
        return Event.newBuilder()
                .setType(Event.Type.RESCIND)
                .setRescind(Event.Rescind.newBuilder().setOfferId(offer))
                .build();
    }

    static Event inverseOffers(List<InverseOffer> offers) {
        return Event.newBuilder()
                .setType(Event.Type.INVERSE_OFFERS)
                .setInverseOffers(Event.InverseOffers.newBuilder().addAllInverseOffers(offers))
                .build();
    }

    static Event rescindInverseOffer(OfferID offer) {
        return Event.newBuilder()
                .setType(Event.Type.RESCIND_INVERSE_OFFER)
                .setRescindInverseOffer(Event.RescindInverseOffer.newBuilder().setInverseOfferId(offer))
                .build();
    }

    static Event update(TaskStatus status) {
        return Event.newBuilder()
                .setType(Event.Type.UPDATE)
                .setUpdate(Event.Update.newBuilder().setStatus(status))
                .build();
    }

    /** An operation was not done; nobody has to acknowledge that. */
    static Event operationFailed(OperationID operation, AgentID agent, String reason) {
        return Event.newBuilder()
                .setType(Event.Type.UPDATE_OPERATION_STATUS)
                .setUpdateOperationStatus(Event.UpdateOperationStatus.newBuilder()
                        .setStatus(OperationStatus.newBuilder()
                                .setOperationId(operation)
                                .setState(OperationState.OPERATION_ERROR)
                                .setAgentId(agent)
                                .setMessage(reason)))
                .build();
    }

    static Event message(AgentID agent, ExecutorID executor, ByteString data) {
        return Event.newBuilder()
                .setType(Event.Type.MESSAGE)
                .setMessage(Event.Message.newBuilder()
                        .setAgentId(agent)
                        .setExecutorId(executor)
                        .setData(data))
                .build();
    }

    static Event agentLost(AgentId agent) {
        return Event.newBuilder()
                .setType(Event.Type.FAILURE)
                .setFailure(Event.Failure.newBuilder()
                        .setAgentId(AgentID.newBuilder().setValue(agent.value())))
                .build();
    }

    static Event executorExited(AgentId agent, ExecutorID executor, int status) {
        return Event.newBuilder()
                .setType(Event.Type.FAILURE)
                .setFailure(Event.Failure.newBuilder()
                        .setAgentId(AgentID.newBuilder().setValue(agent.value()))
                        .setExecutorId(executor)
                        .setStatus(status))
                .build();
    }

    static Event error(String message) {
        return Event.newBuilder()
                .setType(Event.Type.ERROR)
                .setError(Event.Error.newBuilder().setMessage(message))
                .build();
    }
}
