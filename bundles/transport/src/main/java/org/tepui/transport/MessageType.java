// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport;

import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A message type that an endpoint can read. What is mutable belongs to the endpoint's loop. */
final class MessageType {
    private final String name;
    private final byte[] encodedName;
    private final Parser<? extends Message> parser;
    private @Nullable MessageHandler<Message> handler;

    MessageType(Message prototype) {
        name = prototype.getDescriptorForType().getFullName();
        encodedName = name.getBytes(StandardCharsets.UTF_8);
        parser = prototype.getParserForType();
    }

    /** The full protobuf name. */
    String name() {
        return name;
    }

    /** Whether a range of an array is the name of this type. */
    boolean hasName(byte[] bytes, int start, int length) {
        return length == encodedName.length && Arrays.equals(encodedName, 0, length, bytes, start, start + length);
    }

    /** The name as envelopes carry it; not to be changed. */
    byte[] encodedName() {
        return encodedName;
    }

    Parser<? extends Message> parser() {
        return parser;
    }

    /** What handles messages of the type; none for types that only occur as answers. */
    @Nullable
    MessageHandler<Message> handler() {
        return handler;
    }

    void setHandler(@Nullable MessageHandler<Message> newHandler) {
        handler = newHandler;
    }
}
