// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.Optional;
import org.tepui.api.AgentId;
import org.tepui.api.resources.Resources;
import org.tepui.proto.convert.IdConversion;
import org.tepui.proto.convert.ResourceConversion;
import org.tepui.proto.internal.ReregisterAgent;
import org.tepui.v1.AgentInfo;

/** What an agent may say about itself. Problems are values: a sentence for the agent's log. */
final class AgentRules {
    private static final int MAXIMUM_HOSTNAME = 253;

    private AgentRules() {}

    static Optional<String> problem(AgentInfo info) {
        String hostname = info.getHostname();
        if (hostname.isBlank() || hostname.length() > MAXIMUM_HOSTNAME) {
            return Optional.of("hostname '" + FrameworkRules.shown(hostname) + "' is not allowed: 1 to "
                    + MAXIMUM_HOSTNAME + " characters");
        }
        if (info.hasDomain()) {
            return Optional.of("'domain' is not supported");
        }
        try {
            total(info);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of("the agent's resources are not allowed: " + e.getMessage());
        }
    }

    static Optional<String> idProblem(ReregisterAgent message) {
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
