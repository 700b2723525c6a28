// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.fairshare;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import org.tepui.allocator.PolicyState;

/**
 * Writes a usage history, as much of it as a policy may have kept.
 *
 * <p>All numbers are big-endian, texts are UTF-8 with their length in 16 bits before. The time at which it was written
 * in milliseconds since 1970 (64 bits), the number of names of resources (16 bits) and the names; then for each node
 * its path, the number of its amounts (16 bits), and for each the number of the resource (16 bits) and thousandths (64
 * bits, floating point); at the end the CRC-32 of all that.
 */
final class HistoryWriter {
    /** The version of this form. */
    static final int VERSION = 1;

    static final int BYTES_OF_CHECKSUM = 4;
    private static final int BYTES_OF_COUNT = 2;
    private static final int BYTES_OF_AMOUNT = 10;
    private static final int LONGEST_TEXT = 0xffff;

    /** Names may take half of the room, so that absurd ones leave some to the usages. */
    private static final int MOST_FOR_NAMES = PolicyState.MAXIMUM_BYTES / 2;

    private final ByteBuffer bytes = ByteBuffer.allocate(PolicyState.MAXIMUM_BYTES - BYTES_OF_CHECKSUM);
    private final int names;

    HistoryWriter(Instant time, List<String> names) {
        bytes.putLong(Math.max(0, time.toEpochMilli()));
        int start = bytes.position();
        bytes.putShort((short) 0);
        int count = 0;
        while (count < names.size() && count < LONGEST_TEXT && putText(names.get(count), MOST_FOR_NAMES)) {
            count++;
        }
        bytes.putShort(start, (short) count);
        this.names = count;
    }

    private boolean putText(String text, int end) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        if (encoded.length > LONGEST_TEXT || bytes.position() + BYTES_OF_COUNT + encoded.length > end) {
            return false;
        }
        bytes.putShort((short) encoded.length).put(encoded);
        return true;
    }

    /** Writes one node. Returns false, with nothing written, if there is no room left for it. */
    boolean write(NodeUsage usage) {
        int resources = Math.min(names, usage.resources());
        int count = 0;
        for (int resource = 0; resource < resources; resource++) {
            count += usage.average(resource) > 0 ? 1 : 0;
        }
        int end = bytes.capacity() - BYTES_OF_COUNT - count * BYTES_OF_AMOUNT;
        if (count == 0 || !putText(usage.path, end)) {
            return false;
        }
        bytes.putShort((short) count);
        for (int resource = 0; resource < resources; resource++) {
            if (usage.average(resource) > 0) {
                bytes.putShort((short) resource).putDouble(usage.average(resource));
            }
        }
        return true;
    }

    /** Ends it. Nothing may be written afterwards. */
    PolicyState finish() {
        int size = bytes.position();
        CRC32 checksum = new CRC32();
        checksum.update(bytes.array(), 0, size);
        byte[] whole = Arrays.copyOf(bytes.array(), size + BYTES_OF_CHECKSUM);
        ByteBuffer.wrap(whole, size, BYTES_OF_CHECKSUM).putInt((int) checksum.getValue());
        return new PolicyState(VERSION, whole);
    }
}
