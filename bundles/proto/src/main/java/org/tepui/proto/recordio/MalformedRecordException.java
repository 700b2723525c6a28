// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.recordio;

/**
 * Bytes that are no RecordIO, or a record that is longer than allowed: the sender's mistake, after which the stream
 * is of no use.
 */
public final class MalformedRecordException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedRecordException(String message) {
        super(message);
    }
}
