// SPDX-License-Identifier: Apache-2.0
package org.tepui.api;

/**
 * Names one container on its agent, chosen by the agent.
 *
 * @param value 1 to 255 bytes of UTF-8 without slash, backslash and control characters, not {@code .} or {@code ..}
 */
public record ContainerId(String value) implements Comparable<ContainerId> {
    /** @throws IllegalArgumentException if the value breaks the rules, saying which */
    public ContainerId {
        Identifier.check("container id", value);
    }

    @Override
    public int compareTo(ContainerId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
