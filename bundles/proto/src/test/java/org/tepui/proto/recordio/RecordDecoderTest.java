// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.recordio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordDecoderTest {
    private final List<String> records = new ArrayList<>();
    private final RecordDecoder decoder = new RecordDecoder(100);

    private void decode(String piece) throws MalformedRecordException {
        decoder.decode(piece.getBytes(UTF_8), record -> records.add(new String(record, UTF_8)));
    }

    @Test
    void recordsComeOutInOrder() throws Exception {
        decode("5\nhello0\n3\na\nb11\nhello world");
        assertThat(records).containsExactly("hello", "", "a\nb", "hello world");
        assertThat(decoder.isBetweenRecords()).isTrue();
    }

    @Test
    void encodedRecordsComeBack() throws Exception {
        Random random = new Random(4);
        List<byte[]> expected = new ArrayList<>();
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        for (int i = 0; i < 200; i++) {
            byte[] record = new byte[random.nextInt(20_000)];
            random.nextBytes(record);
            expected.add(record);
            stream.writeBytes(RecordEncoder.encode(record));
        }
        List<byte[]> found = new ArrayList<>();
        RecordDecoder large = new RecordDecoder(20_000);
        ByteBuffer left = ByteBuffer.wrap(stream.toByteArray());
        while (left.hasRemaining()) {
            int end = Math.min(left.limit(), left.position() + random.nextInt(5000));
            large.decode(left.duplicate().limit(end), found::add);
            left.position(end);
        }
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.size(); i++) {
            assertThat(found.get(i)).isEqualTo(expected.get(i));
        }
    }

    @Test
    void everySplitInTwoAndThreePiecesGivesTheSameRecords() throws Exception {
        byte[] stream = "5\nhello0\n10\n0123456789".getBytes(UTF_8);
        for (int first = 0; first <= stream.length; first++) {
            for (int second = first; second <= stream.length; second++) {
                List<String> found = new ArrayList<>();
                RecordDecoder split = new RecordDecoder(100);
                for (byte[] piece : List.of(
                        Arrays.copyOfRange(stream, 0, first),
                        Arrays.copyOfRange(stream, first, second),
                        Arrays.copyOfRange(stream, second, stream.length))) {
                    split.decode(piece, record -> found.add(new String(record, UTF_8)));
                }
                assertThat(found).containsExactly("hello", "", "0123456789");
                assertThat(split.isBetweenRecords()).isTrue();
            }
        }
    }

    @Test
    void anIncompleteStreamIsNotBetweenRecords() throws Exception {
        decode("1");
        assertThat(decoder.isBetweenRecords()).isFalse();
        decode("\n");
        assertThat(decoder.isBetweenRecords()).isFalse();
        decode("x");
        assertThat(decoder.isBetweenRecords()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "x\n", "-1\n", "+1\n", " 1\n", "1 \n", "1\r\n", "0x1\n", "1.0\n", "１\n", "\u0000"})
    void malformedLengthsAreRefused(String stream) {
        assertThatThrownBy(() -> decode(stream))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining("decimal digits and a line feed are expected");
    }

    @ParameterizedTest
    @ValueSource(strings = {"101\n", "18446744073709551615\n", "99999999999999999999999\n"})
    void recordsThatAreTooLongAreRefusedBeforeTheyArrive(String stream) {
        assertThatThrownBy(() -> decode(stream))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining("at most 100 are allowed");
    }

    @Test
    void lengthsOfEndlessZerosAreRefused() throws Exception {
        decode("0".repeat(20));
        assertThatThrownBy(() -> decode("0"))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining("more than 20 digits");
    }

    @Test
    void recordsBeforeAMalformedOneAreHandedOnAndNothingAfterIt() {
        assertThatThrownBy(() -> decode("2\nok?\n2\nno")).isInstanceOf(MalformedRecordException.class);
        assertThatThrownBy(() -> decode("2\nno")).isInstanceOf(MalformedRecordException.class);
        assertThat(records).containsExactly("ok");
        assertThat(decoder.isBetweenRecords()).isFalse();
    }

    @Test
    void anAnnouncedLengthTakesNoMemoryBeforeItArrives() throws Exception {
        // 2,000 decoders that are promised 64 MiB each, and get one byte
        List<RecordDecoder> decoders = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            RecordDecoder waiting = new RecordDecoder(64 << 20);
            waiting.decode("67108864\nx".getBytes(UTF_8), record -> records.add(""));
            decoders.add(waiting);
        }
        assertThat(decoders).noneMatch(RecordDecoder::isBetweenRecords);
        assertThat(records).isEmpty();
    }

    @Test
    void limitsAndLengthsOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new RecordDecoder(0)).hasMessageContaining("maximumBytes is 0");
        assertThatThrownBy(() -> RecordEncoder.header(-1)).hasMessageContaining("-1");
        assertThat(RecordEncoder.header(0)).asString(UTF_8).isEqualTo("0\n");
    }
}
