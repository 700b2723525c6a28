// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.tepui.proto.random.MessageTypes;
import org.tepui.proto.random.RandomMessages;

/** What is written is read back as the same message, but for defaults, which are written and then count as set. */
class JsonRoundTripTest {
    @Test
    void randomMessagesOfAllTypesComeBack() throws Exception {
        RandomMessages random = new RandomMessages(new Random(3), 4);
        JsonCodec codec = JsonCodec.standard();
        List<Message> prototypes = Stream.of(MessageTypes.V1, MessageTypes.TEPUI)
                .flatMap(files -> MessageTypes.prototypes(files).stream())
                .toList();

        for (Message prototype : prototypes) {
            for (int i = 0; i < 10; i++) {
                Message message = random.like(prototype);
                byte[] json = codec.toBytes(message);
                Message back = codec.read(json, prototype);
                assertThat(codec.toBytes(back)).isEqualTo(json);
                assertContains(back, message);
            }
        }
    }

    /** Each field that is set in the part is set to the same value in the whole. */
    private static void assertContains(Message whole, Message part) {
        part.getAllFields().forEach((field, value) -> {
            Object other = whole.getField(field);
            if (value instanceof Message nested) {
                assertContains((Message) other, nested);
            } else if (value instanceof List<?> values && !values.isEmpty() && values.get(0) instanceof Message) {
                List<?> others = (List<?>) other;
                assertThat(others).hasSameSizeAs(values);
                for (int i = 0; i < values.size() && !field.isMapField(); i++) {
                    assertContains((Message) others.get(i), (Message) values.get(i));
                }
            } else {
                assertThat(other).as(field.getFullName()).isEqualTo(value);
            }
        });
    }
}
