// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Which agents a framework wants to be offered in a role: its offer constraints, ready to be asked. What stands
 * behind it, patterns included, takes time in proportion to the agent's names and texts.
 *
 * <p>Immutable; two that ask for the same are equal.
 */
@ProviderType
@FunctionalInterface
public interface AgentConstraint {
    /** Whether an agent may be offered. */
    boolean admits(AgentProfile agent);
}
