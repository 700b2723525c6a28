// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.Random;
import java.util.UUID;
import org.tepui.runtime.Randomness;

/** Randomness that repeats with its seed. */
final class SeededRandomness implements Randomness {
    private final Random random;

    SeededRandomness(long seed) {
        random = new Random(seed);
    }

    @Override
    public long nextLong() {
        return random.nextLong();
    }

    @Override
    public UUID nextUuid() {
        return new UUID((nextLong() & ~0xf000L) | 0x4000L, (nextLong() & ~(3L << 62)) | (1L << 63));
    }
}
