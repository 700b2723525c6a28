// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.tepui.runtime.LogRecovery.Outcome;

/**
 * The bytes of a {@link RecordLog}, big-endian. Header: magic (8), version (4), CRC32C of both (4). Record: length of
 * the content (4), CRC32C of all that follows (4) and of the length, sequence from 1 without gaps (8), place in its
 * batch from 0 (4), content.
 *
 * <p>A batch is what one write brought; the next is written only after it was forced to disk. So a record that is not
 * intact belongs to a write that a crash tore, or, where an intact record of a later batch follows, was damaged after
 * it had been durable.
 */
final class LogFormat {
    static final int HEADER_BYTES = 16;
    static final int RECORD_OVERHEAD = 20;
    static final int MAXIMUM_RECORD_BYTES = 4 << 20;

    private static final long MAGIC =
            ByteBuffer.wrap("TEPUILOG".getBytes(StandardCharsets.US_ASCII)).getLong();
    private static final int VERSION = 1;
    private static final long SEARCH_BYTES = 256 << 20;
    private static final int LENGTH = 0;
    private static final int CHECKSUM = 4;
    private static final int SEQUENCE = 8;
    private static final int PLACE = 16;

    private LogFormat() {}

    /**
     * What was read of a log.
     *
     * @param records intact ones, up to the first that is not
     * @param intactBytes length of the header and of these
     * @param lastBatch where the last batch begins: what is before it was forced when that was written
     */
    record Scan(Outcome outcome, List<byte[]> records, int intactBytes, int lastBatch, String explanation) {}

    static ByteBuffer header() {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        header.putLong(MAGIC).putInt(VERSION).putInt(checksum(header, 0, header.position()));
        return header.flip();
    }

    /** Writes one record. */
    static void put(ByteBuffer target, byte[] record, long sequence, int place) {
        int start = target.position();
        target.putInt(record.length).putInt(0).putLong(sequence).putInt(place).put(record);
        target.putInt(start + CHECKSUM, recordChecksum(target, start, record.length));
    }

    /**
     * Reads a log.
     *
     * @throws IOException if another version of this program wrote it
     */
    static Scan scan(Path file, byte[] bytes) throws IOException {
        ByteBuffer log = ByteBuffer.wrap(bytes);
        boolean headerIntact = log.capacity() >= HEADER_BYTES
                && log.getInt(HEADER_BYTES - Integer.BYTES) == checksum(log, 0, HEADER_BYTES - Integer.BYTES)
                && log.getLong(0) == MAGIC;
        if (headerIntact && log.getInt(Long.BYTES) != VERSION) {
            throw new IOException(
                    file + " has version " + log.getInt(Long.BYTES) + " of the log format, and only version " + VERSION
                            + " is understood: it was written by another version of this program");
        }
        List<byte[]> records = new ArrayList<>();
        int position = Math.min(HEADER_BYTES, bytes.length);
        int lastBatch = position;
        while (isIntact(log, position) && log.getLong(position + SEQUENCE) == records.size() + 1L) {
            lastBatch = log.getInt(position + PLACE) == 0 ? position : lastBatch;
            int content = position + RECORD_OVERHEAD;
            int end = content + log.getInt(position + LENGTH);
            records.add(Arrays.copyOfRange(bytes, content, end));
            position = end;
        }
        if (!headerIntact) {
            return new Scan(Outcome.DAMAGED, records, position, lastBatch, "the header is damaged");
        }
        if (position == bytes.length) {
            return new Scan(Outcome.INTACT, records, position, lastBatch, "all records are intact");
        }
        String where = "record " + (records.size() + 1) + " at byte " + position;
        if (laterBatchFollows(log, position, records.size() + 1L)) {
            return new Scan(
                    Outcome.DAMAGED, records, position, lastBatch, where + " is damaged and intact ones follow it");
        }
        if (isTorn(log, position, records.size() + 1L)) {
            return new Scan(Outcome.TAIL_CUT, records, position, lastBatch, where + " was not written completely");
        }
        return new Scan(Outcome.DAMAGED, records, position, lastBatch, where + " is damaged");
    }

    private static boolean isIntact(ByteBuffer log, int position) {
        int left = log.capacity() - position - RECORD_OVERHEAD;
        if (left < 0) {
            return false;
        }
        int length = log.getInt(position + LENGTH);
        return length >= 0
                && length <= Math.min(left, MAXIMUM_RECORD_BYTES)
                && log.getInt(position + CHECKSUM) == recordChecksum(log, position, length);
    }

    /** Whether some record that was written after this one had been durable is intact. */
    private static boolean laterBatchFollows(ByteBuffer log, int from, long broken) {
        long work = SEARCH_BYTES;
        for (int position = from + 1; position <= log.capacity() - RECORD_OVERHEAD; position++) {
            long first = log.getLong(position + SEQUENCE) - log.getInt(position + PLACE);
            // the cheap looks come first: no log of this length has more records than bytes
            if (first > broken && first - broken <= log.capacity()) {
                if (isIntact(log, position)) {
                    return true;
                }
                // a record may have been made of what looks like records: then the search must not take for ever
                work -= Math.max(1, log.getInt(position + LENGTH));
                if (work < 0) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * Whether the log ends within this record, or goes on with the zeros of a file that grew before its content was
     * there.
     */
    private static boolean isTorn(ByteBuffer log, int position, long sequence) {
        int left = log.capacity() - position - RECORD_OVERHEAD;
        if (left < 0) {
            return true;
        }
        int length = log.getInt(position + LENGTH);
        boolean longer = length > left && length <= MAXIMUM_RECORD_BYTES;
        boolean zeros = length == 0 && log.getLong(position + SEQUENCE) == 0 && log.getInt(position + CHECKSUM) == 0;
        return zeros || (longer && log.getLong(position + SEQUENCE) == sequence);
    }

    private static int recordChecksum(ByteBuffer log, int position, int length) {
        CRC32C crc = new CRC32C();
        crc.update(log.duplicate().limit(position + CHECKSUM).position(position + LENGTH));
        crc.update(log.duplicate().limit(position + RECORD_OVERHEAD + length).position(position + SEQUENCE));
        return (int) crc.getValue();
    }

    private static int checksum(ByteBuffer bytes, int from, int to) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().limit(to).position(from));
        return (int) crc.getValue();
    }
}
