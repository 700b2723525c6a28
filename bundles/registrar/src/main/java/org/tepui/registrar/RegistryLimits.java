// SPDX-License-Identifier: Apache-2.0
package org.tepui.registrar;

import java.time.Duration;

/**
 * How much of the past a registry keeps. Beyond a number the oldest entry is forgotten at once; beyond the age it
 * is when the master asks for what {@link RegistryState#expired expired}.
 *
 * @param unreachableAgents 1 or more
 * @param goneAgents 1 or more
 * @param removedFrameworks 1 or more
 * @param agentAge how long unreachable and gone agents are kept
 */
public record RegistryLimits(int unreachableAgents, int goneAgents, int removedFrameworks, Duration agentAge) {
    private static final int MESOS_AGENTS = 102_400;
    private static final int MESOS_FRAMEWORKS = 1_000;
    private static final Duration MESOS_AGE = Duration.ofDays(14);

    /**
     * The limits of Mesos; removed frameworks, which Mesos does not record, as many as it remembers of an agent's
     * tasks.
     */
    public static final RegistryLimits DEFAULT =
            new RegistryLimits(MESOS_AGENTS, MESOS_AGENTS, MESOS_FRAMEWORKS, MESOS_AGE);

    /** Checks the limits. */
    public RegistryLimits {
        if (unreachableAgents < 1 || goneAgents < 1 || removedFrameworks < 1 || agentAge.isNegative()) {
            throw new IllegalArgumentException(
                    "registry limits " + unreachableAgents + ", " + goneAgents + ", " + removedFrameworks + ", "
                            + agentAge + " are not allowed: each is 1 or more, the age not negative");
        }
    }
}
