// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.Optional;
import org.tepui.api.AgentId;
import org.tepui.api.resources.Resources;
import org.tepui.proto.convert.AttributeConversion;
import org.tepui.proto.convert.IdConversion;
import org.tepui.proto.convert.ResourceConversion;
import org.tepui.proto.internal.RegisterAgent;
import org.tepui.proto.internal.ReregisterAgent;
import org.tepui.v1.AgentInfo;

/** What an agent may say about itself. Problems are values: a sentence for the agent's log. */
final class AgentRules {
    /** Bytes of one serialized AgentInfo: it is recorded, and kept as long as the agent is. */
    static final int MAXIMUM_BYTES = 1 << 20;

    static final int MAXIMUM_RESOURCES = 10_000;
    static final int MAXIMUM_ATTRIBUTES = 1000;
    static final int MAXIMUM_CAPABILITIES = 1000;
    static final int MAXIMUM_TEXT = 255;
    private static final int MAXIMUM_HOSTNAME = 253;
    private static final int HIGHEST_PORT = 65535;

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
                .or(() -> idProblem(message));
    }

    private static Optional<String> problem(AgentInfo info, String version, int capabilities) {
        return lengthProblem("version", version)
                .or(() -> countProblem("capabilities", capabilities, MAXIMUM_CAPABILITIES))
                .or(() -> sizeProblem(info))
                .or(() -> contentProblem(info));
    }

    private static Optional<String> sizeProblem(AgentInfo info) {
        if (info.getSerializedSize() > MAXIMUM_BYTES) {
            return Optional.of("the description of the agent has " + info.getSerializedSize() + " bytes: at most "
                    + MAXIMUM_BYTES + " are allowed");
        }
        return countProblem("resources", info.getResourcesCount(), MAXIMUM_RESOURCES)
                .or(() -> countProblem("attributes", info.getAttributesCount(), MAXIMUM_ATTRIBUTES));
    }

    private static Optional<String> countProblem(String field, int count, int maximum) {
        return count <= maximum
                ? Optional.empty()
                : Optional.of("'" + field + "' has " + count + " entries: at most " + maximum + " are allowed");
    }

    private static Optional<String> lengthProblem(String field, String text) {
        return text.length() <= MAXIMUM_TEXT
                ? Optional.empty()
                : Optional.of("'" + field + "' has " + text.length() + " characters: at most " + MAXIMUM_TEXT
                        + " are allowed");
    }

    private static Optional<String> contentProblem(AgentInfo info) {
        String hostname = info.getHostname();
        if (hostname.isBlank() || hostname.length() > MAXIMUM_HOSTNAME) {
            return Optional.of("hostname '" + FrameworkRules.shown(hostname) + "' is not allowed: 1 to "
                    + MAXIMUM_HOSTNAME + " characters");
        }
        if (info.getPort() < 1 || info.getPort() > HIGHEST_PORT) {
            return Optional.of("port " + info.getPort() + " is not allowed: 1 to " + HIGHEST_PORT);
        }
        if (info.hasDomain()) {
            return Optional.of("'domain' is not supported");
        }
        try {
            total(info);
        } catch (IllegalArgumentException e) {
            return Optional.of("the agent's resources are not allowed: " + e.getMessage());
        }
        try {
            AttributeConversion.toApi(info.getAttributesList());
        } catch (IllegalArgumentException e) {
            return Optional.of("the agent's attributes are not allowed: " + e.getMessage());
        }
        return Optional.empty();
    }

    private static Optional<String> idProblem(ReregisterAgent message) {
        try {
            new AgentId(message.getAgent().getId().getValue());
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of("the agent's id is not allowed: " + e.getMessage());
        }
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
