// SPDX-License-Identifier: Apache-2.0
package org.tepui.api;

/**
 * Names one task within its framework, chosen by the framework.
 *
 * @param value 1 to 255 bytes of UTF-8 without slash, backslash and control characters, not {@code .} or {@code ..}
 */
public record TaskId(String value) implements Comparable<TaskId> {
    /** @throws IllegalArgumentException if the value breaks the rules, saying which */
    public TaskId {
        Identifier.check("task id", value);
    }

    @Override
    public int compareTo(TaskId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
