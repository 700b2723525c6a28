// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport;

/**
 * A frame that breaks the protocol. The connection that it came on cannot go on: what follows has no known meaning.
 */
final class MalformedFrameException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedFrameException(String message) {
        super(message);
    }

    MalformedFrameException(String message, Throwable cause) {
        super(message, cause);
    }
}
