// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
class FrameSplitterTest {
    private static final int MAXIMUM = 300_000;

    private final List<byte[]> frames = new ArrayList<>();
    private final FrameSplitter splitter = new FrameSplitter(MAXIMUM, content -> {
        byte[] frame = new byte[content.remaining()];
        content.get(frame);
        frames.add(frame);
    });

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void findsTheSameFramesHoweverTheirBytesAreCut(long seed) {
        Random random = new Random(seed);
        List<byte[]> sent = new ArrayList<>();
        ByteBuf all = Unpooled.buffer();
        for (int i = 0; i < 60; i++) {
            byte[] frame = new byte[1 + random.nextInt(random.nextInt(10) == 0 ? MAXIMUM : 300)];
            random.nextBytes(frame);
            sent.add(frame);
            all.writeInt(frame.length).writeBytes(frame);
        }
        while (all.isReadable()) {
            int cut = 1 + random.nextInt(random.nextBoolean() ? 10 : 100_000);
            assertThat(splitter.read(all.readSlice(Math.min(cut, all.readableBytes()))))
                    .isNull();
        }
        assertThat(frames).hasSameSizeAs(sent);
        for (int i = 0; i < sent.size(); i++) {
            assertThat(Arrays.equals(frames.get(i), sent.get(i))).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, MAXIMUM + 1, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void refusesLengthsThatAreNotAllowed(int length) {
        ByteBuf bytes =
                Unpooled.buffer().writeInt(1).writeByte(7).writeInt(length).writeByte(7);
        assertThat(splitter.read(bytes))
                .isEqualTo("a frame has a length of " + Integer.toUnsignedString(length)
                        + " bytes; allowed are 1 to 300000");
        assertThat(frames).hasSize(1);
    }

    @Test
    void takesTheLongestFrame() {
        assertThat(splitter.read(Unpooled.buffer().writeInt(MAXIMUM).writeZero(MAXIMUM)))
                .isNull();
        assertThat(frames).singleElement().satisfies(frame -> assertThat(frame).hasSize(MAXIMUM));
    }
}
