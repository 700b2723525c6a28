// SPDX-License-Identifier: Apache-2.0
package org.tepui.api.service;

import java.io.Serial;

/** A change of plug-ins that was refused or failed; everything is as it was before. The message says what helps. */
public final class PluginException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    /** Kinds of failure. */
    public enum Kind {
        /** The jar is none that can be installed here. */
        INVALID,
        /** It is a plug-in for containers of another kind: for a master, not for an agent. */
        ELSEWHERE,
        /** There is no plug-in of that name or version. */
        NOT_FOUND,
        /** It contradicts what is installed or in use. */
        CONFLICT,
        /** It was tried, and what was brought up did not work, or the machine failed. */
        FAILED
    }

    private final Kind kind;

    /** @param message a sentence for the operator */
    public PluginException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** What sort of failure. */
    public Kind kind() {
        return kind;
    }
}
