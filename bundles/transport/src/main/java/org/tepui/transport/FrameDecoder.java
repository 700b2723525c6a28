// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Turns the frames of one link into messages. A message whose parts are on their way is kept until its last part:
 * parts come in order, and nothing but heartbeats may come between them. Used by the thread of the link only.
 */
final class FrameDecoder {
    private static final int MAXIMUM_ARRAY = Integer.MAX_VALUE - 8;

    private final TypeTable types;
    private final MessageType heartbeat;
    private final int maximumMessageBytes;
    private final LongMessages longMessages;
    private final EnvelopeReader envelope = new EnvelopeReader();

    private boolean begun;
    private @Nullable Assembly assembly;
    /** Of messages in parts that are whole and were not taken yet. */
    private long completedBytes;

    private @Nullable MessageType previousType;

    /** @param longMessages shared by all decoders of an endpoint */
    FrameDecoder(TypeTable types, MessageType heartbeat, int maximumMessageBytes, LongMessages longMessages) {
        this.types = types;
        this.heartbeat = heartbeat;
        this.maximumMessageBytes = maximumMessageBytes;
        this.longMessages = longMessages;
    }

    /**
     * A long message of which some parts arrived. The type is null if nobody here knows it: then the parts are
     * counted and dropped.
     */
    private static final class Assembly {
        final @Nullable MessageType type;
        final String name;
        final long requestId;
        final long inReplyTo;
        byte[] bytes = {};
        int length;
        int next;

        Assembly(@Nullable MessageType type, String name, EnvelopeReader envelope) {
            this.type = type;
            this.name = name;
            this.requestId = envelope.requestId();
            this.inReplyTo = envelope.inReplyTo();
        }

        /** The length that the array gets when so many bytes are added. */
        int capacityWith(int count) {
            return length + count <= bytes.length
                    ? bytes.length
                    : Math.max(length + count, (int) Math.min(2L * bytes.length, MAXIMUM_ARRAY));
        }

        void add(byte[] frame, int start, int count) {
            int capacity = capacityWith(count);
            if (capacity > bytes.length) {
                bytes = Arrays.copyOf(bytes, capacity);
            }
            System.arraycopy(frame, start, bytes, length, count);
            length += count;
        }
    }

    /**
     * Decodes a frame.
     *
     * @return null if the frame was a part that others follow; an overflow if there is no room for the part
     * @throws MalformedFrameException if the frame breaks the protocol
     */
    @Nullable
    Inbound decode(ByteBuffer frame) throws MalformedFrameException {
        if (frame.hasArray()) {
            int start = frame.arrayOffset() + frame.position();
            return decode(frame.array(), start, start + frame.remaining());
        }
        byte[] copy = new byte[frame.remaining()];
        frame.duplicate().get(copy);
        return decode(copy, 0, copy.length);
    }

    private @Nullable Inbound decode(byte[] frame, int start, int end) throws MalformedFrameException {
        envelope.read(frame, start, end);
        MessageType type = typeOf(frame);
        if (envelope.isPart()) {
            return part(frame, type);
        }
        begun = true;
        if (assembly != null && type != heartbeat) {
            throw new MalformedFrameException(
                    "a message of type " + typeName(frame) + " came between the parts of a " + assembly.name);
        }
        if (type == null) {
            return new Inbound.Unknown(typeName(frame), envelope.requestId(), envelope.inReplyTo());
        }
        CodedInputStream input = CodedInputStream.newInstance(frame, envelope.payloadStart(), envelope.payloadLength());
        return new Inbound.Received(type, parse(type, input), envelope.requestId(), envelope.inReplyTo());
    }

    /** Most messages have the type of the one before. */
    private @Nullable MessageType typeOf(byte[] frame) {
        MessageType same = previousType;
        if (same == null || !same.hasName(frame, envelope.typeStart(), envelope.typeLength())) {
            same = types.find(frame, envelope.typeStart(), envelope.typeLength());
            previousType = same;
        }
        return same;
    }

    private @Nullable Inbound part(byte[] frame, @Nullable MessageType type) throws MalformedFrameException {
        if (!begun) {
            throw new MalformedFrameException("the first message, a " + typeName(frame)
                    + ", comes in parts: who nobody knows yet may send short ones alone");
        }
        Assembly current = assembly;
        if (current == null) {
            current = new Assembly(type, typeName(frame), envelope);
            assembly = current;
        }
        if (envelope.part() != current.next
                || type != current.type
                || envelope.requestId() != current.requestId
                || envelope.inReplyTo() != current.inReplyTo
                || !current.name.equals(typeName(frame))) {
            throw new MalformedFrameException("part " + envelope.part() + " of a " + typeName(frame)
                    + " came where part " + current.next + " of a " + current.name + " is expected");
        }
        current.next++;
        if (envelope.payloadLength() > maximumMessageBytes - current.length) {
            throw new MalformedFrameException(
                    "a " + current.name + " has more than the " + maximumMessageBytes + " bytes that are allowed");
        }
        if (type != null) {
            if (!longMessages.reserve(current.capacityWith(envelope.payloadLength()) - current.bytes.length)) {
                return new Inbound.Overflow(
                        "no room for the next part of a " + current.name + ": messages in parts hold "
                                + longMessages.bytes() + " bytes here, at most " + longMessages.maximumBytes()
                                + " are allowed; try again later");
            }
            current.add(frame, envelope.payloadStart(), envelope.payloadLength());
        } else {
            current.length += envelope.payloadLength();
        }
        if (!envelope.isLast()) {
            return null;
        }
        assembly = null;
        completedBytes += current.bytes.length;
        return type == null
                ? new Inbound.Unknown(current.name, current.requestId, current.inReplyTo)
                : new Inbound.Received(
                        type,
                        parse(type, CodedInputStream.newInstance(current.bytes, 0, current.length)),
                        current.requestId,
                        current.inReplyTo);
    }

    /**
     * What the messages in parts that became whole since the last call hold in bytes. The caller gives it back by
     * {@link #release} once they are handled.
     */
    long takeCompleted() {
        long bytes = completedBytes;
        completedBytes = 0;
        return bytes;
    }

    /** Messages in parts were handled. From any thread. */
    void release(long bytes) {
        if (bytes > 0) {
            longMessages.release(bytes);
        }
    }

    /** The link is gone: what arrived of a message in parts is dropped. */
    void close() {
        Assembly current = assembly;
        assembly = null;
        if (current != null) {
            longMessages.release(current.bytes.length);
        }
    }

    private static Message parse(MessageType type, CodedInputStream input) throws MalformedFrameException {
        try {
            Message message = type.parser().parseFrom(input);
            input.checkLastTagWas(0);
            return message;
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedFrameException("the payload is no " + type.name() + ": " + e.getMessage(), e);
        }
    }

    private String typeName(byte[] frame) {
        return printable(new String(frame, envelope.typeStart(), envelope.typeLength(), StandardCharsets.UTF_8));
    }

    /** The name goes to logs and answers: control characters would forge lines. */
    private static String printable(String name) {
        return name.codePoints().allMatch(c -> c > ' ' && c < 0x7F) ? name : name.replaceAll("[^!-~]", "?");
    }
}
