// SPDX-License-Identifier: Apache-2.0
package org.tepui.registrar;

/**
 * A registry has a record that this version does not know: a newer one wrote it, and without it the state would be
 * wrong.
 */
public final class UnknownRecordException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnknownRecordException(String message) {
        super(message);
    }
}
