// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/** The rules for ids of processes: each is the name of a directory, and a parameter of the shim. */
final class ProcessIds {
    private static final int MAXIMUM_BYTES = 255;
    private static final int SHOWN_CHARACTERS = 40;

    private ProcessIds() {}

    /** What is wrong with an id; null if it is good. */
    static @Nullable String problem(String id) {
        Charset names = ShimDirectory.nameCharset();
        if (id.isEmpty()) {
            return "the id is empty: 1 to 255 bytes are allowed";
        }
        if (id.length() > MAXIMUM_BYTES || id.getBytes(names).length > MAXIMUM_BYTES) {
            return "the id '" + shown(id) + "' is too long: at most 255 bytes are allowed, it has " + id.length()
                    + " characters";
        }
        if (id.equals(".") || id.equals("..")) {
            return "the id '" + id + "' is not allowed: it names a directory";
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            if (c == '/' || c == '\\' || Character.isISOControl(c)) {
                return "the id '" + shown(id) + "' has a character that is not allowed at position " + i
                        + ": slash, backslash and control characters are excluded";
            }
        }
        if (!names.newEncoder().canEncode(id)) {
            return "the id '" + shown(id) + "' cannot be a file name in " + names
                    + ": run the service under a locale with UTF-8";
        }
        return null;
    }

    /** The start of an id, fit to be printed. */
    static String shown(String id) {
        String start = id.length() > SHOWN_CHARACTERS ? id.substring(0, SHOWN_CHARACTERS) + "..." : id;
        return start.replaceAll("\\p{Cntrl}", "?");
    }
}
