// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime.simulated;

import java.util.UUID;
import org.tepui.runtime.Randomness;

/** Numbers that repeat with their seed: SplitMix64. */
public final class SimulatedRandomness implements Randomness {
    private static final long GAMMA = 0x9E3779B97F4A7C15L;
    private static final long FIRST_MULTIPLIER = 0xBF58476D1CE4E5B9L;
    private static final long SECOND_MULTIPLIER = 0x94D049BB133111EBL;
    private static final long VERSION_MASK = 0xF000L;
    private static final long VERSION_4 = 0x4000L;
    private static final long VARIANT = 1L << 63;

    private long state;

    /** The sequence of numbers of this seed. */
    public SimulatedRandomness(long seed) {
        this.state = mix(seed);
    }

    /** The sequence that a name has under a seed: what one does with its numbers changes nothing for the others. */
    public static SimulatedRandomness of(long seed, String name) {
        long named = seed;
        for (int i = 0; i < name.length(); i++) {
            named = mix(named ^ name.charAt(i)) + GAMMA;
        }
        return new SimulatedRandomness(named);
    }

    @Override
    public long nextLong() {
        state += GAMMA;
        return mix(state);
    }

    @Override
    public UUID nextUuid() {
        return new UUID((nextLong() & ~VERSION_MASK) | VERSION_4, (nextLong() >>> 2) | VARIANT);
    }

    /** Spreads the bits of a number over all of the result. */
    static long mix(long number) {
        long mixed = (number ^ (number >>> 30)) * FIRST_MULTIPLIER;
        mixed = (mixed ^ (mixed >>> 27)) * SECOND_MULTIPLIER;
        return mixed ^ (mixed >>> 31);
    }
}
