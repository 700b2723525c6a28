// SPDX-License-Identifier: Apache-2.0
package org.tepui.api;

import java.nio.charset.StandardCharsets;

/**
 * The rules that identifiers keep, so that each can be a file name and a part of a URL path.
 *
 * <p>An identifier is 1 to 255 bytes of UTF-8, is neither {@code .} nor {@code ..}, and has no slash, backslash or
 * control character. The rules are those of Mesos.
 */
final class Identifier {
    private static final int MAXIMUM_BYTES = 255;
    private static final int SHOWN_CHARACTERS = 40;

    private Identifier() {}

    /**
     * Returns the value if it keeps the rules.
     *
     * @throws IllegalArgumentException naming the kind, the value (cut to a readable length) and what is allowed
     */
    static String check(String kind, String value) {
        if (value.isEmpty()) {
            throw new IllegalArgumentException(kind + " is empty: 1 to 255 bytes are allowed");
        }
        if (value.length() > MAXIMUM_BYTES || value.getBytes(StandardCharsets.UTF_8).length > MAXIMUM_BYTES) {
            throw new IllegalArgumentException(kind + " '" + shown(value)
                    + "' is too long: at most 255 bytes are allowed, it has " + value.length() + " characters");
        }
        if (value.equals(".") || value.equals("..")) {
            throw new IllegalArgumentException(kind + " '" + value + "' is not allowed: '.' and '..' name directories");
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '/' || c == '\\' || Character.isISOControl(c)) {
                throw new IllegalArgumentException(kind + " '" + shown(value)
                        + "' has a character that is not allowed at position " + i
                        + ": slash, backslash and control characters are excluded");
            }
        }
        return value;
    }

    private static String shown(String value) {
        String start = value.length() > SHOWN_CHARACTERS ? value.substring(0, SHOWN_CHARACTERS) + "..." : value;
        return start.replaceAll("\\p{Cntrl}", "?");
    }
}
