// SPDX-License-Identifier: Apache-2.0
package org.tepui.api.resources;

/**
 * The text of an attribute.
 *
 * @param text at most 4,096 characters
 */
public record TextValue(String text) implements Value {
    private static final int MAXIMUM_LENGTH = 4096;

    /** @throws IllegalArgumentException if the text is too long */
    public TextValue {
        if (text.length() > MAXIMUM_LENGTH) {
            throw new IllegalArgumentException(
                    "text of " + text.length() + " characters is too long: at most " + MAXIMUM_LENGTH);
        }
    }

    @Override
    public ValueType type() {
        return ValueType.TEXT;
    }

    @Override
    public String toString() {
        return text;
    }
}
