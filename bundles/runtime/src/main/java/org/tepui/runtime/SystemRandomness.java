// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.UUID;

/**
 * Unpredictable numbers from the machine's cryptographic source: ids and stream names made of them cannot be guessed.
 * Bytes are fetched many at a time, so that a number costs tens of nanoseconds. Safe to use from any thread.
 */
public final class SystemRandomness implements Randomness {
    private static final int BLOCK_BYTES = 4096;
    private static final long VERSION_4 = 0x4000L;
    private static final long VERSION_MASK = 0xF000L;
    private static final long VARIANT = 1L << 63;

    private final SecureRandom source = new SecureRandom();
    private final byte[] block = new byte[BLOCK_BYTES];
    private final ByteBuffer unused = ByteBuffer.wrap(block).limit(0);

    @Override
    public synchronized long nextLong() {
        if (!unused.hasRemaining()) {
            source.nextBytes(block);
            unused.clear();
        }
        return unused.getLong();
    }

    @Override
    public UUID nextUuid() {
        return uuid(nextLong(), nextLong());
    }

    /** A UUID of version 4 of these random bits. */
    static UUID uuid(long high, long low) {
        return new UUID((high & ~VERSION_MASK) | VERSION_4, (low >>> 2) | VARIANT);
    }
}
