// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tepui.runtime.Processes.ExitStatus;
import org.tepui.runtime.ShimEvent.Identity;

class ShimEventDecoderTest {
    private static final Identity IDENTITY = new Identity(4711, 1L << 40, 4710, 12345);

    private final ShimEventDecoder decoder = new ShimEventDecoder(StandardCharsets.UTF_8);
    private final List<ShimEvent> events = new ArrayList<>();

    private static byte[] event(int type, int kind, int value, String id, String reason) {
        byte[] idBytes = id.getBytes(StandardCharsets.UTF_8);
        byte[] reasonBytes = reason.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(ShimEventDecoder.EVENT_BYTES)
                .put("TEPUIEV1".getBytes(StandardCharsets.US_ASCII))
                .put((byte) type)
                .put((byte) kind)
                .putShort((short) value)
                .putInt(4711)
                .putLong(1L << 40)
                .putInt(4710)
                .putLong(12345)
                .putShort((short) idBytes.length)
                .putShort((short) reasonBytes.length)
                .put(idBytes)
                .put(reasonBytes)
                .array();
    }

    private int decode(byte[]... parts) {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        for (byte[] part : parts) {
            buffer.put(part);
        }
        return decoder.decode(buffer.flip(), events::add);
    }

    private static ExitStatus code(int code) {
        return new ExitStatus(OptionalInt.of(code), OptionalInt.empty());
    }

    @Test
    void readsEventsInTheirOrder() {
        int skipped = decode(
                event(1, 0, 0, "i".repeat(255), ""),
                event(2, 1, 255, "a", ""),
                event(2, 2, 9, "b", ""),
                event(2, 0, 0, "c", ""),
                event(3, 0, 0, "d", "r".repeat(200)),
                event(4, 0, 0, "", ""),
                event(5, 0, 0, "", ""));
        assertThat(skipped).isZero();
        assertThat(events)
                .containsExactly(
                        ShimEvent.started("i".repeat(255), IDENTITY),
                        ShimEvent.exited("a", IDENTITY, code(255)),
                        ShimEvent.exited("b", IDENTITY, new ExitStatus(OptionalInt.empty(), OptionalInt.of(9))),
                        ShimEvent.exited("c", IDENTITY, ShimEvent.UNKNOWN_STATUS),
                        ShimEvent.failed("d", "r".repeat(200)),
                        ShimEvent.shim(ShimEvent.Type.SHIM_GONE, "", IDENTITY),
                        ShimEvent.shim(ShimEvent.Type.SHIM_KILLED, "", IDENTITY));
    }

    @Test
    void leavesTheStartOfAnEventForTheNextRead() {
        byte[] event = event(2, 1, 3, "a", "");
        ByteBuffer buffer = ByteBuffer.allocate(1024);
        for (int i = 0; i < event.length; i++) {
            assertThat(events).isEmpty();
            buffer.put(event[i]).flip();
            assertThat(decoder.decode(buffer, events::add)).isZero();
            buffer.compact();
        }
        assertThat(events).containsExactly(ShimEvent.exited("a", IDENTITY, code(3)));
    }

    @Test
    void findsTheNextEventAfterBytesThatAreNone() {
        byte[] good = event(2, 1, 3, "a", "");
        assertThat(decode(new byte[3], good, "TEPUIEV1".getBytes(StandardCharsets.US_ASCII), good))
                .isEqualTo(11);
        assertThat(events).hasSize(2);
    }

    @Test
    void takesAStatusThatCannotBeForUnknown() {
        decode(event(2, 1, 256, "a", ""), event(2, 2, 0, "a", ""), event(2, 2, 65, "a", ""), event(2, 7, 1, "a", ""));
        assertThat(events).hasSize(4).allMatch(event -> event.status().equals(ShimEvent.UNKNOWN_STATUS));
    }

    @Test
    void survivesDamage() {
        for (int seed = 0; seed < 5000; seed++) {
            Random random = new Random(seed);
            byte[] damaged = event(1 + random.nextInt(6), random.nextInt(4), random.nextInt(), "id", "reason");
            for (int i = random.nextInt(6); i > 0; i--) {
                damaged[random.nextInt(60)] = (byte) random.nextInt();
            }
            events.clear();
            int skipped = decode(damaged, event(2, 1, 3, "last", ""));
            assertThat(skipped == 0 ? events.size() : 1 + events.size())
                    .as("seed " + seed)
                    .isEqualTo(2);
            assertThat(events.get(events.size() - 1).id()).isEqualTo("last");
        }
    }
}
