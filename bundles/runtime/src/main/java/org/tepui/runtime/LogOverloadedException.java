// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

/**
 * A log takes no more records for now: the disk is behind or full. The record was not taken; the caller may try later.
 */
public final class LogOverloadedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LogOverloadedException(String message) {
        super(message);
    }
}
