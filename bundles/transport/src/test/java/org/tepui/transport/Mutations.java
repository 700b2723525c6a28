// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Damages inputs: the same seed damages in the same way. */
public final class Mutations {
    private static final int[] BORDERS = {0, 1, 0x7F, 0x80, 0xFF, '\n', '\r', ' ', ':', '%', '/'};

    private final Random random;

    /** Begins with a seed. */
    public Mutations(long seed) {
        random = new Random(seed);
    }

    /** How many inputs a test is to try. */
    public static int inputs(int unlessTold) {
        return Integer.getInteger("tepui.fuzz.inputs", unlessTold);
    }

    /** The seed of a test. */
    public static long seed() {
        return Long.getLong("tepui.fuzz.seed", 1);
    }

    /** A random number below a bound. */
    public int below(int bound) {
        return random.nextInt(bound);
    }

    /** One of the inputs, with up to four damages; or bytes at random. */
    public byte[] next(List<byte[]> inputs) {
        if (below(50) == 0) {
            byte[] noise = new byte[below(200)];
            random.nextBytes(noise);
            return noise;
        }
        byte[] bytes = inputs.get(below(inputs.size())).clone();
        for (int damages = below(5); damages > 0; damages--) {
            bytes = damage(bytes, inputs);
        }
        return bytes;
    }

    private byte[] damage(byte[] bytes, List<byte[]> inputs) {
        int at = below(bytes.length + 1);
        int to = at + below(bytes.length - at + 1);
        switch (below(7)) {
            case 0 -> {
                return Arrays.copyOf(bytes, at);
            }
            case 1 -> {
                return join(bytes, at, new byte[0], to);
            }
            case 2 -> {
                byte[] noise = new byte[below(9)];
                random.nextBytes(noise);
                return join(bytes, at, noise, at);
            }
            case 3 -> {
                return join(bytes, at, Arrays.copyOfRange(bytes, at, Math.min(to, at + 1000)), at);
            }
            case 4 -> {
                byte[] other = inputs.get(below(inputs.size()));
                return join(bytes, at, Arrays.copyOfRange(other, below(other.length + 1), other.length), bytes.length);
            }
            case 5 -> {
                if (at < bytes.length) {
                    bytes[at] = (byte) BORDERS[below(BORDERS.length)];
                }
                return bytes;
            }
            default -> {
                if (at < bytes.length) {
                    bytes[at] ^= (byte) (1 << below(8));
                }
                return bytes;
            }
        }
    }

    private static byte[] join(byte[] bytes, int end, byte[] middle, int start) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        joined.write(bytes, 0, end);
        joined.writeBytes(middle);
        joined.write(bytes, start, bytes.length - start);
        return joined.toByteArray();
    }
}
