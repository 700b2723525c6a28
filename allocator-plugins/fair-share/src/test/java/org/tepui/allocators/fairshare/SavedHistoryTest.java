// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.fairshare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.tepui.allocator.PolicyState;

class SavedHistoryTest {
    private final PolicyState good = write();

    private static PolicyState write() {
        HistoryWriter writer = new HistoryWriter(Instant.ofEpochMilli(5), List.of("cpus", "mem"));
        assertThat(writer.write(new NodeUsage("a", new double[] {1.5, 0}, 0))).isTrue();
        assertThat(writer.write(new NodeUsage("a/\u00fc", new double[] {0, 2.5}, 0)))
                .isTrue();
        return writer.finish();
    }

    /** A state with a right checksum, whatever is in it. */
    private static PolicyState sealed(ByteBuffer content) {
        int size = content.position();
        byte[] bytes = new byte[size + 4];
        content.flip().get(bytes, 0, size);
        CRC32 checksum = new CRC32();
        checksum.update(bytes, 0, size);
        ByteBuffer.wrap(bytes).putInt(size, (int) checksum.getValue());
        return new PolicyState(1, bytes);
    }

    private static ByteBuffer begin(long time, String... names) {
        ByteBuffer buffer = ByteBuffer.allocate(1000).putLong(time).putShort((short) names.length);
        Arrays.asList(names).forEach(name -> put(buffer, name));
        return buffer;
    }

    private static ByteBuffer put(ByteBuffer buffer, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return buffer.putShort((short) bytes.length).put(bytes);
    }

    private static ByteBuffer node(String path, int resource, double amount) {
        return put(begin(5, "cpus"), path)
                .putShort((short) 1)
                .putShort((short) resource)
                .putDouble(amount);
    }

    private static void checkRefused(PolicyState state, String reason) {
        assertThatThrownBy(() -> SavedHistory.read(state))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void readsWhatWasWritten() {
        SavedHistory read = SavedHistory.read(good);

        assertThat(read.savedAt()).isEqualTo(5);
        assertThat(read.usages()).isEqualTo(Map.of("a", Map.of("cpus", 1.5), "a/\u00fc", Map.of("mem", 2.5)));
    }

    @Test
    void refusesOtherVersions() {
        checkRefused(new PolicyState(2, good.bytes()), "a usage history of version 2 is not known, only 1");
    }

    @Test
    void refusesEveryChangeOfOneBitAndEveryPart() {
        for (int bit = 0; bit < 8 * good.bytes().length; bit++) {
            byte[] bytes = good.bytes().clone();
            bytes[bit / 8] ^= (byte) (1 << (bit % 8));
            checkRefused(new PolicyState(1, bytes), "damaged");
        }
        for (int size = 0; size < good.bytes().length; size++) {
            checkRefused(new PolicyState(1, Arrays.copyOf(good.bytes(), size)), "damaged");
        }
    }

    @Test
    void refusesWhatMakesNoSenseThoughTheChecksumIsRight() {
        checkRefused(sealed(begin(-1)), "before 1970");
        checkRefused(sealed(begin(5, "cpus", "cpus")), "a resource is named twice");
        checkRefused(sealed(begin(5, "")), "a name is empty");
        checkRefused(sealed(ByteBuffer.allocate(9).putLong(5).put((byte) 0)), "it ends early");
        checkRefused(sealed(node("a", 1, 1)), "a resource has no name");
        checkRefused(sealed(node("a", 0, -1)), "an amount is out of range");
        checkRefused(sealed(node("a", 0, Double.NaN)), "an amount is out of range");
        checkRefused(sealed(node("a", 0, Double.POSITIVE_INFINITY)), "an amount is out of range");
        checkRefused(sealed(node("a", 0, 1).put((byte) 0)), "it ends early");
        checkRefused(sealed(put(node("a", 0, 1), "a").putShort((short) 0)), "a node is named twice");
    }

    @Test
    void refusesRubbishWithoutBreaking() {
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            ByteBuffer content = begin(random.nextInt(), "cpus", "mem");
            byte[] rubbish = new byte[random.nextInt(60)];
            random.nextBytes(rubbish);
            try {
                SavedHistory.read(sealed(content.put(rubbish)));
            } catch (IllegalArgumentException refused) {
                assertThat(refused).hasMessageContaining("damaged");
            }
        }
    }
}
