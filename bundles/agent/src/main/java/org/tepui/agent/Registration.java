// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import com.google.protobuf.Message;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tepui.proto.internal.AgentRegistered;
import org.tepui.proto.internal.RegisterAgent;
import org.tepui.proto.internal.ReregisterAgent;
import org.tepui.runtime.Randomness;
import org.tepui.v1.AgentInfo;
import org.tepui.v1.AgentInfo.Capability;
import org.tepui.v1.FrameworkInfo;

/** What the agent tells a master of itself. */
final class Registration implements MasterLink.Listener {
    private static final List<Capability> CAPABILITIES = List.of(
            capability(Capability.Type.MULTI_ROLE),
            capability(Capability.Type.HIERARCHICAL_ROLE),
            capability(Capability.Type.RESERVATION_REFINEMENT));

    private final AgentConfig config;
    private final AgentIdentity identity;
    private final Reservations reservations;
    private final FrameworkManager frameworks;
    private final StatusUpdateManager updates;
    private final Randomness randomness;
    private final Outcome outcome;
    private @Nullable String uuid;

    /** Hears how it goes. On the loop. */
    interface Outcome {
        /** A master admitted the agent, first time or again. */
        void registered(AgentRegistered message);

        /** The agent cannot go on under its master. */
        void impossible(String reason);
    }

    /** @param randomness makes the uuid of this start of the agent */
    Registration(
            AgentConfig config,
            AgentIdentity identity,
            Reservations reservations,
            FrameworkManager frameworks,
            StatusUpdateManager updates,
            Randomness randomness,
            Outcome outcome) {
        this.config = config;
        this.identity = identity;
        this.reservations = reservations;
        this.frameworks = frameworks;
        this.updates = updates;
        this.randomness = randomness;
        this.outcome = outcome;
    }

    @Override
    public Message registration() {
        AgentInfo info = identity.info();
        return identity.id().isPresent() ? reregistration(info) : newRegistration(info);
    }

    private RegisterAgent newRegistration(AgentInfo info) {
        if (uuid == null) {
            uuid = randomness.nextUuid().toString();
        }
        return RegisterAgent.newBuilder()
                .setAgent(info)
                .setVersion(config.version())
                .addAllCapabilities(CAPABILITIES)
                .setRegistrationUuid(uuid)
                .build();
    }

    /**
     * Everything that is here, but for the tasks of frameworks that the master ended: it does not count on them any
     * more.
     */
    private ReregisterAgent reregistration(AgentInfo info) {
        ReregisterAgent.Builder message = ReregisterAgent.newBuilder()
                .setAgent(info)
                .setVersion(config.version())
                .addAllReservedResources(reservations.toWire())
                .addAllCapabilities(CAPABILITIES);
        for (FrameworkManager.Entry framework : frameworks.active()) {
            if (framework.ended()) {
                continue;
            }
            Optional<FrameworkInfo> known = framework.info();
            known.ifPresent(message::addFrameworks);
            for (AgentTask task : framework.tasks()) {
                message.addTasks(TaskViews.of(task, known, updates.unacknowledged(task.key())));
            }
        }
        return message.build();
    }

    @Override
    public void registered(AgentRegistered message) {
        outcome.registered(message);
    }

    @Override
    public void unregistered() {
        updates.pause();
    }

    @Override
    public void impossible(String reason) {
        outcome.impossible(reason);
    }

    private static Capability capability(Capability.Type type) {
        return Capability.newBuilder().setType(type).build();
    }
}
