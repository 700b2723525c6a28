// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.validation;

import java.util.Optional;
import org.tepui.proto.convert.AttributeConversion;
import org.tepui.proto.convert.ResourceConversion;
import org.tepui.v1.AgentInfo;

/**
 * Whether what an agent says of itself is well-formed and small enough to be kept by a master for each of its agents
 * and to be repeated in every offer. Agent and master ask the same, so that an agent hears of it at its start already.
 */
public final class AgentInfoRules {
    /** Longest serialized AgentInfo, in bytes: it is recorded, and kept as long as the agent is. */
    public static final int MAXIMUM_BYTES = 1 << 20;

    /** Most entries of its resources. */
    public static final int MAXIMUM_RESOURCES = 10_000;

    /** Most of its attributes. */
    public static final int MAXIMUM_ATTRIBUTES = 1000;

    private static final int MAXIMUM_HOSTNAME = 253;
    private static final int HIGHEST_PORT = 65535;
    private static final int SHOWN_CHARACTERS = 40;

    private AgentInfoRules() {}

    /** The first problem; the sizes come first. Looks at an id for its share of the size alone. */
    public static Optional<String> problem(AgentInfo info) {
        if (info.getSerializedSize() > MAXIMUM_BYTES) {
            return Optional.of("the description of the agent has " + info.getSerializedSize() + " bytes: at most "
                    + MAXIMUM_BYTES + " are allowed");
        }
        return countProblem("resources", info.getResourcesCount(), MAXIMUM_RESOURCES)
                .or(() -> countProblem("attributes", info.getAttributesCount(), MAXIMUM_ATTRIBUTES))
                .or(() -> addressProblem(info))
                .or(() -> contentProblem(info));
    }

    private static Optional<String> countProblem(String field, int count, int maximum) {
        return count <= maximum
                ? Optional.empty()
                : Optional.of("'" + field + "' has " + count + " entries: at most " + maximum + " are allowed");
    }

    private static Optional<String> addressProblem(AgentInfo info) {
        String hostname = info.getHostname();
        boolean fits = !hostname.isBlank() && hostname.length() <= MAXIMUM_HOSTNAME;
        if (!fits || hostname.chars().anyMatch(Character::isISOControl)) {
            return Optional.of("hostname '" + shown(hostname) + "' is not allowed: 1 to " + MAXIMUM_HOSTNAME
                    + " characters, none of them a control character");
        }
        return info.getPort() >= 1 && info.getPort() <= HIGHEST_PORT
                ? Optional.empty()
                : Optional.of("port " + info.getPort() + " is not allowed: 1 to " + HIGHEST_PORT);
    }

    private static Optional<String> contentProblem(AgentInfo info) {
        try {
            ResourceConversion.toApi(info.getResourcesList());
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

    private static String shown(String text) {
        String start = text.length() > SHOWN_CHARACTERS ? text.substring(0, SHOWN_CHARACTERS) + "..." : text;
        return start.replaceAll("\\p{Cntrl}", "?");
    }
}
