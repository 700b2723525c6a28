// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.json;

/**
 * JSON that is no message of the wanted type: the sender's mistake.
 *
 * <p>The message names the field by its path ({@code accept.operations[0].type}), what was found there and what is
 * allowed. It is meant to be sent back.
 */
public final class InvalidJsonException extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN_CHARACTERS = 60;

    private final String path;
    private final String problem;

    InvalidJsonException(String problem) {
        this("", problem);
    }

    private InvalidJsonException(String path, String problem) {
        // one is made per level of nesting while the path grows: no stack traces
        super(path.isEmpty() ? problem : path + ": " + problem, null, false, false);
        this.path = path;
        this.problem = problem;
    }

    /** The path of the field from the root of the document, empty where the whole document is meant. */
    public String path() {
        return path;
    }

    /** The same problem, seen from the message that holds the field. */
    InvalidJsonException within(String field) {
        String separator = path.isEmpty() || path.charAt(0) == '[' ? "" : ".";
        return new InvalidJsonException(field + separator + path, problem);
    }

    /** The same problem, seen from the list that holds the element. */
    InvalidJsonException within(int index) {
        return within("[" + index + "]");
    }

    /** A value as errors show it: short and without control characters. */
    static String shown(String value) {
        StringBuilder text = new StringBuilder(Math.min(value.length(), SHOWN_CHARACTERS) + 3);
        for (int i = 0; i < value.length() && i < SHOWN_CHARACTERS; i++) {
            char c = value.charAt(i);
            text.append(Character.isISOControl(c) || Character.isSurrogate(c) ? '?' : c);
        }
        return value.length() > SHOWN_CHARACTERS ? text.append("...").toString() : text.toString();
    }
}
