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

    void truncate(long size) {
        length = (int) Math.min(length, size);
        forced = Math.min(forced, length);
    }

    /** Loses what is not durable: all of it, its end, or what stands there although the length is kept. */
    void tear(SimulatedRandomness randomness) {
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
