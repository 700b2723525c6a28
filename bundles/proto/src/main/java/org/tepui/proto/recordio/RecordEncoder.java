// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.recordio;

import java.nio.charset.StandardCharsets;

/** Frames records for a stream. */
public final class RecordEncoder {
    private RecordEncoder() {}

    /**
     * What goes before the bytes of a record.
     *
     * @param length the number of bytes of the record, 0 or more
     */
    public static byte[] header(int length) {
        if (length < 0) {
            throw new IllegalArgumentException("the length of a record is " + length + ": 0 or more is allowed");
        }
        return (length + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** Returns header and bytes of a record in one array, so that both can travel in one write. */
    public static byte[] encode(byte[] record) {
        byte[] header = header(record.length);
        byte[] framed = new byte[header.length + record.length];
        System.arraycopy(header, 0, framed, 0, header.length);
        System.arraycopy(record, 0, framed, header.length, record.length);
        return framed;
    }
}
