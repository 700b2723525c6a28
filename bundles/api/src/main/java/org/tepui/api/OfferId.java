// SPDX-License-Identifier: Apache-2.0
package org.tepui.api;

/**
 * Names one offer: {@code <master id>-O<n>}, never used twice.
 *
 * @param value 1 to 255 bytes of UTF-8 without slash, backslash and control characters, not {@code .} or {@code ..}
 */
public record OfferId(String value) implements Comparable<OfferId> {
    /** @throws IllegalArgumentException if the value breaks the rules, saying which */
    public OfferId {
        Identifier.check("offer id", value);
    }

    @Override
    public int compareTo(OfferId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
