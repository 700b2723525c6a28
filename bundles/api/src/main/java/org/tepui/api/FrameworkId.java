// SPDX-License-Identifier: Apache-2.0
package org.tepui.api;

/**
 * Names one framework over all its schedulers' lives: {@code <master id>-<nnnn>}, assigned by the master.
 *
 * @param value 1 to 255 bytes of UTF-8 without slash, backslash and control characters, not {@code .} or {@code ..}
 */
public record FrameworkId(String value) implements Comparable<FrameworkId> {
    /** @throws IllegalArgumentException if the value breaks the rules, saying which */
    public FrameworkId {
        Identifier.check("framework id", value);
    }

    @Override
    public int compareTo(FrameworkId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
