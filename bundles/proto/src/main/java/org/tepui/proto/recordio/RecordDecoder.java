// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.recordio;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes the records out of a stream that arrives in pieces of any size.
 *
 * <p>One decoder serves one stream and one thread at a time. Memory grows with the bytes that have arrived, not
 * with the length that was announced. After an exception the decoder refuses everything.
 */
public final class RecordDecoder {
    /** As many digits as the largest length (2^64 - 1) has. */
    private static final int LONGEST_HEADER = 20;

    private static final int FIRST_BUFFER = 4096;
    private static final byte[] NOTHING = new byte[0];

    private final int maximumBytes;
    private int headerDigits;
    private long length;
    private boolean inRecord;
    private byte[] record = NOTHING;
    private int filled;
    private @Nullable String failure;

    /**
     * @param maximumBytes how long a record may be, 1 or more
     */
    public RecordDecoder(int maximumBytes) {
        if (maximumBytes < 1) {
            throw new IllegalArgumentException("maximumBytes is " + maximumBytes + ": 1 or more is allowed");
        }
        this.maximumBytes = maximumBytes;
    }

    /**
     * Takes a piece of the stream and hands on every record that it completes, in order.
     *
     * @param piece read from its position to its limit
     * @param sink gets each record as an array of its own
     * @throws MalformedRecordException if the stream is not RecordIO or a record is too long; records before it
     *     were handed on
     */
    public void decode(ByteBuffer piece, Consumer<byte[]> sink) throws MalformedRecordException {
        if (failure != null) {
            throw new MalformedRecordException(failure);
        }
        while (piece.hasRemaining()) {
            if (inRecord) {
                body(piece);
            } else {
                header(piece.get());
            }
            if (inRecord && filled == length) {
                byte[] complete = record.length == filled ? record : Arrays.copyOf(record, filled);
                record = NOTHING;
                filled = 0;
                inRecord = false;
                sink.accept(complete);
            }
        }
    }

    /** Takes a whole array; see {@link #decode(ByteBuffer, Consumer)}. */
    public void decode(byte[] piece, Consumer<byte[]> sink) throws MalformedRecordException {
        decode(ByteBuffer.wrap(piece), sink);
    }

    /** Whether the stream may end here: no record has begun that is not complete. */
    public boolean isBetweenRecords() {
        return failure == null && !inRecord && headerDigits == 0;
    }

    private void header(byte next) throws MalformedRecordException {
        if (next == '\n') {
            if (headerDigits == 0) {
                throw fail("a record begins without a length: decimal digits and a line feed are expected");
            }
            headerDigits = 0;
            inRecord = true;
            return;
        }
        if (next < '0' || next > '9') {
            throw fail("byte " + Byte.toUnsignedInt(next)
                    + " in the length of a record: decimal digits and a line feed are expected");
        }
        if (headerDigits == 0) {
            length = 0;
        }
        headerDigits++;
        if (headerDigits > LONGEST_HEADER) {
            throw fail("the length of a record has more than " + LONGEST_HEADER + " digits");
        }
        length = length * 10 + (next - '0');
        if (length > maximumBytes) {
            throw fail("a record of " + length + " bytes or more: at most " + maximumBytes + " are allowed");
        }
    }

    private void body(ByteBuffer piece) {
        int take = (int) Math.min(piece.remaining(), length - filled);
        int needed = filled + take;
        if (needed > record.length) {
            long roomy = Math.max(Math.max(needed, FIRST_BUFFER), 2L * record.length);
            record = Arrays.copyOf(record, (int) Math.min(length, roomy));
        }
        piece.get(record, filled, take);
        filled = needed;
    }

    private MalformedRecordException fail(String problem) {
        failure = problem;
        record = NOTHING;
        return new MalformedRecordException(problem);
    }
}
