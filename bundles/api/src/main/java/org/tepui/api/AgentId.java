// SPDX-License-Identifier: Apache-2.0
package org.tepui.api;

/**
 * Names one agent for as long as its work directory lives: {@code <master id>-S<n>}, assigned by the master.
 *
 * @param value 1 to 255 bytes of UTF-8 without slash, backslash and control characters, not {@code .} or {@code ..}
 */
public record AgentId(String value) implements Comparable<AgentId> {
    /** @throws IllegalArgumentException if the value breaks the rules, saying which */
    public AgentId {
        Identifier.check("agent id", value);
    }

    @Override
    public int compareTo(AgentId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
