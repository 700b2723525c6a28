// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import java.io.Serial;

/** A command that cannot do its work. The message is for the user and says all. */
final class CommandException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    CommandException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    CommandException(String message) {
        this(ExitCode.FAILED, message);
    }

    int exitCode() {
        return exitCode;
    }
}
