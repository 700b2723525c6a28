// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.Optional;
import org.tepui.api.AgentId;
import org.tepui.api.FaultDomain;
import org.tepui.api.resources.DynamicReservations;
import org.tepui.api.resources.Resources;
import org.tepui.proto.convert.DomainConversion;
import org.tepui.proto.convert.IdConversion;
import org.tepui.proto.convert.ResourceConversion;
import org.tepui.proto.internal.RegisterAgent;
import org.tepui.proto.internal.ReregisterAgent;
import org.tepui.proto.validation.AgentInfoRules;
import org.tepui.v1.AgentInfo;

/** What an agent may say about itself. Problems are values: a sentence for the agent's log. */
final class AgentRules {
    static final int MAXIMUM_CAPABILITIES = 1000;
    static final int MAXIMUM_TEXT = 255;

    private AgentRules() {}

    /** What is wrong with a new agent, seen for itself. */
    static Optional<String> problem(RegisterAgent message) {
        if (message.getAgent().hasId()) {
            return Optional.of("an agent that registers has no id: one that has an id re-registers");
        }
        return lengthProblem("registration_uuid", message.getRegistrationUuid())
                .or(() -> problem(message.getAgent(), message.getVersion(), message.getCapabilitiesCount()));
    }

    /** What is wrong with an agent that comes back, seen for itself. */
    static Optional<String> problem(ReregisterAgent message) {
        return problem(message.getAgent(), message.getVersion(), message.getCapabilitiesCount())
                .or(() -> idProblem(message))
                .or(() -> reservedProblem(message));
    }

    private static Optional<String> problem(AgentInfo info, String version, int capabilities) {
        if (capabilities > MAXIMUM_CAPABILITIES) {
            return Optional.of("'capabilities' has " + capabilities + " entries: at most " + MAXIMUM_CAPABILITIES
                    + " are allowed");
        }
        Optional<String> problem = lengthProblem("version", version).or(() -> AgentInfoRules.problem(info));
        return problem.or(() -> domainProblem(info));
    }

    private static Optional<String> lengthProblem(String field, String text) {
        return text.length() <= MAXIMUM_TEXT
                ? Optional.empty()
                : Optional.of("'" + field + "' has " + text.length() + " characters: at most " + MAXIMUM_TEXT
                        + " are allowed");
    }

    private static Optional<String> domainProblem(AgentInfo info) {
        try {
            DomainConversion.toApi(info.getDomain());
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of("the agent's 'domain' is not allowed: " + e.getMessage());
        }
    }

    /** What is wrong with where an agent stands, beside where its master does. */
    static Optional<String> domainProblem(AgentInfo info, Optional<FaultDomain> master) {
        return info.getDomain().hasFaultDomain() && master.isEmpty()
                ? Optional.of("the agent has a fault domain, but the master has none: set 'domain' of both or of none")
                : Optional.empty();
    }

    private static Optional<String> idProblem(ReregisterAgent message) {
        try {
            new AgentId(message.getAgent().getId().getValue());
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of("the agent's id is not allowed: " + e.getMessage());
        }
    }

    private static Optional<String> reservedProblem(ReregisterAgent message) {
        try {
            Resources reserved = reserved(message);
            return DynamicReservations.of(reserved).equals(reserved)
                    ? Optional.empty()
                    : Optional.of("not all that the agent says to be reserved was reserved by calls: " + reserved);
        } catch (IllegalArgumentException e) {
            return Optional.of("what is reserved of the agent is not allowed: " + e.getMessage());
        }
    }

    /** @throws IllegalArgumentException if the resources are not allowed */
    static Resources reserved(ReregisterAgent message) {
        return ResourceConversion.toApi(message.getReservedResourcesList()).unallocate();
    }

    /** What an agent that comes back may not change. */
    static Optional<String> changeProblem(AgentInfo known, AgentInfo claimed) {
        return known.getHostname().equals(claimed.getHostname())
                ? Optional.empty()
                : Optional.of("agent " + known.getId().getValue() + " is registered as host '" + known.getHostname()
                        + "' and cannot come back as '" + FrameworkRules.shown(claimed.getHostname()) + "'");
    }

    /** @throws IllegalArgumentException if the resources are not allowed */
    static Resources total(AgentInfo info) {
        return ResourceConversion.toApi(info.getResourcesList()).unallocate();
    }

    static AgentInfo withId(AgentInfo info, AgentId id) {
        return info.toBuilder().setId(IdConversion.toWire(id)).build();
    }
}
