// SPDX-License-Identifier: Apache-2.0
package org.tepui.launcher;

import java.io.Serial;

/** A start that fails. The message is for the operator and says all: there is no need for a stack trace. */
final class LaunchException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final boolean misuse;

    private LaunchException(boolean misuse, String message) {
        super(message);
        this.misuse = misuse;
    }

    /** Bad flags, variables or files. */
    static LaunchException misuse(String message) {
        return new LaunchException(true, message);
    }

    /** A part that cannot start. */
    static LaunchException failure(String message) {
        return new LaunchException(false, message);
    }

    boolean misuse() {
        return misuse;
    }

    /** The message as a text that is not null. */
    String text() {
        return String.valueOf(getMessage());
    }
}
