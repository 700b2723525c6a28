// SPDX-License-Identifier: Apache-2.0
package org.tepui.bench.report;

/** A benchmark could not be carried through; the message is a sentence for the user. */
public final class BenchException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param message what went wrong */
    public BenchException(String message) {
        super(message);
    }

    /**
     * Says what went wrong.
     *
     * @param cause why
     */
    public BenchException(String message, Throwable cause) {
        super(message, cause);
    }
}
