// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.api.resources.DynamicReservations;
import org.tepui.api.resources.Resources;
import org.tepui.proto.agent.AgentRecord;
import org.tepui.proto.agent.ResourcesReserved;
import org.tepui.proto.convert.ReservationFormat;
import org.tepui.proto.convert.ResourceConversion;
import org.tepui.proto.internal.ReserveResources;
import org.tepui.v1.Resource;

/**
 * What calls reserved of this agent. Hard state: a master that knows nothing of it any more learns it from the agent.
 * Its record lies before those of the tasks that were sent after it, so no task runs on what could be forgotten.
 */
final class Reservations {
    private static final Logger LOG = LoggerFactory.getLogger(Reservations.class);

    private final Journal journal;
    private final AgentIdentity identity;
    private Resources reserved = Resources.empty();

    Reservations(Journal journal, AgentIdentity identity) {
        this.journal = journal;
        this.identity = identity;
    }

    boolean isEmpty() {
        return reserved.isEmpty();
    }

    /** As the master is told. */
    List<Resource> toWire() {
        return ResourceConversion.toWire(reserved, ReservationFormat.STACK);
    }

    /**
     * Takes what the master says is reserved, in place of what was.
     *
     * @throws IllegalArgumentException if that is not a part of what the agent has
     */
    void take(ReserveResources message) {
        Resources claimed = ResourceConversion.toApi(message.getResourcesList());
        Resources configured = ResourceConversion.toApi(identity.info().getResourcesList());
        if (!DynamicReservations.of(DynamicReservations.apply(configured, claimed))
                .equals(claimed)) {
            throw new IllegalArgumentException(
                    claimed + " is not a part of what this agent has, " + configured + ", that a call can reserve");
        }
        if (!claimed.equals(reserved)) {
            LOG.info("Reserved by calls: {}", claimed);
            reserved = claimed;
            journal.append(record());
        }
    }

    void replay(ResourcesReserved record) {
        reserved = ResourceConversion.toApi(record.getResourcesList());
    }

    /** The record that makes it as it is. */
    void snapshot(Consumer<AgentRecord> records) {
        if (!reserved.isEmpty()) {
            records.accept(record());
        }
    }

    private AgentRecord record() {
        return AgentRecord.newBuilder()
                .setResourcesReserved(ResourcesReserved.newBuilder().addAllResources(toWire()))
                .build();
    }
}
