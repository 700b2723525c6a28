// SPDX-License-Identifier: Apache-2.0
package org.tepui.api;

/**
 * Names one executor within its framework on one agent, chosen by the framework.
 *
 * @param value 1 to 255 bytes of UTF-8 without slash, backslash and control characters, not {@code .} or {@code ..}
 */
public record ExecutorId(String value) implements Comparable<ExecutorId> {
    /** @throws IllegalArgumentException if the value breaks the rules, saying which */
    public ExecutorId {
        Identifier.check("executor id", value);
    }

    @Override
    public int compareTo(ExecutorId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
