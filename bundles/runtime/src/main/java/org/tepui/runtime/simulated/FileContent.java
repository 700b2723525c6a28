// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime.simulated;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** The bytes of a simulated file, and how many of them are durable. */
final class FileContent implements SimulatedDisk.Entry {
    private static final int FIRST_CAPACITY = 256;

    private byte[] content = new byte[FIRST_CAPACITY];
    private int length;
    private int forced;

    /** What a failed force left in memory alone: from here to there, never durable whatever is forced later. */
    private int lostFrom;

    private int lostTo;

    int length() {
        return length;
    }

    byte[] bytes() {
        return Arrays.copyOf(content, length);
    }

    void append(ByteBuffer bytes) {
        int added = bytes.remaining();
        if (length + added > content.length) {
            content = Arrays.copyOf(content, Math.max(Math.addExact(length, added), content.length * 2));
        }
        bytes.get(content, length, added);
        length += added;
    }

    void force() {
        forced = length;
    }

    /**
     * As kernels do: what could not be written is not tried again, and can be read until the machine is started anew.
     */
    void forceFailed() {
        if (forced < length) {
            lostFrom = lostFrom == lostTo ? forced : Math.min(lostFrom, forced);
            lostTo = length;
        }
    }

    /** What was lost from here on was written again, and forced. */
    void writtenAgain(long from) {
        if (lostTo > from) {
            lostTo = (int) Math.max(lostFrom, from);
        }
    }

    void truncate(long size) {
        length = (int) Math.min(length, size);
        forced = Math.min(forced, length);
        lostFrom = Math.min(lostFrom, length);
        lostTo = Math.min(lostTo, length);
    }

    /** Loses what is not durable: all of it, its end, or what stands there although the length is kept. */
    void tear(SimulatedRandomness randomness) {
        Arrays.fill(content, lostFrom, lostTo, (byte) 0);
        lostFrom = 0;
        lostTo = 0;
        int unforced = length - forced;
        if (unforced == 0) {
            return;
        }
        int kept = forced + randomness.nextInt(unforced + 1);
        if (randomness.nextInt(4) == 0) {
            Arrays.fill(content, kept, length, (byte) 0);
        } else {
            length = kept;
        }
        forced = length;
    }
}
