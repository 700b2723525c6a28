// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.fuzz;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Damages inputs the way networks, attackers and bugs do. The same seed gives the same damage. */
public final class Mutator {
    private static final byte[] TELLING = {
        0, 1, 9, '\n', ' ', '"', '\\', '-', '0', '9', ':', ',', '[', ']', '{', '}', 'e', 'n', 0x7F, (byte) 0x80, -1
    };

    private final RandomGenerator random;

    public Mutator(RandomGenerator random) {
        this.random = random;
    }

    /** A damaged copy of one of the inputs; now and then random bytes instead. */
    public byte[] next(List<byte[]> inputs) {
        byte[] bytes = inputs.get(random.nextInt(inputs.size())).clone();
        for (int n = 1 + random.nextInt(4); n > 0; n--) {
            bytes = mutate(bytes, inputs);
        }
        return bytes;
    }

    private byte[] mutate(byte[] bytes, List<byte[]> inputs) {
        int at = random.nextInt(bytes.length + 1);
        return switch (random.nextInt(9)) {
            case 0 -> flipBit(bytes);
            case 1 -> overwrite(bytes, TELLING[random.nextInt(TELLING.length)]);
            case 2 -> overwrite(bytes, (byte) random.nextInt());
            case 3 -> Arrays.copyOf(bytes, at);
            case 4 -> splice(bytes, at, new byte[] {TELLING[random.nextInt(TELLING.length)]}, at);
            case 5 -> splice(bytes, at, noise(), Math.min(bytes.length, at + random.nextInt(8)));
            case 6 -> splice(bytes, at, new byte[0], Math.min(bytes.length, at + 1 + random.nextInt(16)));
            case 7 -> repeat(bytes, at);
            default -> cross(bytes, at, inputs.get(random.nextInt(inputs.size())));
        };
    }

    private byte[] flipBit(byte[] bytes) {
        return bytes.length == 0
                ? bytes
                : overwrite(bytes, (byte) (bytes[random.nextInt(bytes.length)] ^ (1 << random.nextInt(8))));
    }

    private byte[] overwrite(byte[] bytes, byte value) {
        if (bytes.length > 0) {
            bytes[random.nextInt(bytes.length)] = value;
        }
        return bytes;
    }

    private byte[] noise() {
        byte[] noise = new byte[random.nextInt(32)];
        random.nextBytes(noise);
        return noise;
    }

    /** A piece of the input again and again, which nests what opens and never closes. */
    private byte[] repeat(byte[] bytes, int at) {
        int end = Math.min(bytes.length, at + 1 + random.nextInt(24));
        byte[] piece = Arrays.copyOfRange(bytes, at, end);
        byte[] copies = new byte[piece.length * (1 + random.nextInt(200))];
        for (int i = 0; i < copies.length; i++) {
            copies[i] = piece[i % piece.length];
        }
        return splice(bytes, at, copies, at);
    }

    private byte[] cross(byte[] bytes, int at, byte[] other) {
        int from = random.nextInt(other.length + 1);
        return splice(bytes, at, Arrays.copyOfRange(other, from, other.length), bytes.length);
    }

    private static byte[] splice(byte[] bytes, int from, byte[] middle, int to) {
        byte[] spliced = new byte[from + middle.length + bytes.length - to];
        System.arraycopy(bytes, 0, spliced, 0, from);
        System.arraycopy(middle, 0, spliced, from, middle.length);
        System.arraycopy(bytes, to, spliced, from + middle.length, bytes.length - to);
        return spliced;
    }
}
