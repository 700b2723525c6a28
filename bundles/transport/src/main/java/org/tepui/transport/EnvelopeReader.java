// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport;

/**
 * Reads the fields of an {@code Envelope} where they lie in a frame, without copying: type and payload are given as
 * ranges of the frame's array. One per link, used again for each frame. Fields may come in any order, the last of
 * a kind counts, unknown fields are skipped, as protobuf has it.
 */
final class EnvelopeReader {
    private static final int TYPE = 1;
    private static final int REQUEST_ID = 2;
    private static final int IN_REPLY_TO = 3;
    private static final int PAYLOAD = 4;
    private static final int PART = 5;
    private static final int LAST = 6;

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int DELIMITED = 2;
    private static final int FIXED32 = 5;

    private static final int MAXIMUM_TYPE_LENGTH = 512;
    /** Of the tenth byte of a number, which can only be 1: protobuf itself reads others in two ways. */
    private static final int LAST_SHIFT = 63;

    private int position;
    private int limit;

    private int typeStart;
    private int typeLength;
    private int payloadStart;
    private int payloadLength;
    private long requestId;
    private long inReplyTo;
    private long part;
    private boolean last;

    /**
     * Reads the envelope that is a range of an array.
     *
     * @throws MalformedFrameException if the bytes are no envelope
     */
    void read(byte[] frame, int start, int end) throws MalformedFrameException {
        position = start;
        limit = end;
        typeLength = -1;
        payloadStart = position;
        payloadLength = 0;
        requestId = 0;
        inReplyTo = 0;
        part = -1;
        last = false;
        while (position < limit) {
            long tag = varint(frame);
            if (tag < 8 || tag > 0xFFFFFFFFL) {
                throw new MalformedFrameException("the envelope has no field " + (tag >>> 3));
            }
            field(frame, (int) (tag >>> 3), (int) (tag & 7));
        }
        if (typeLength <= 0 || typeLength > MAXIMUM_TYPE_LENGTH) {
            throw new MalformedFrameException(
                    typeLength <= 0
                            ? "the envelope names no type"
                            : "the name of a type has " + typeLength + " bytes, at most " + MAXIMUM_TYPE_LENGTH
                                    + " are allowed");
        }
        if (part > Integer.MAX_VALUE) {
            throw new MalformedFrameException("part " + part + " is out of range");
        }
    }

    private void field(byte[] frame, int number, int wireType) throws MalformedFrameException {
        switch (wireType) {
            case VARINT -> number(number, varint(frame));
            case FIXED64 -> skip(8);
            case DELIMITED -> {
                long length = varint(frame);
                if (length < 0 || length > limit - position) {
                    throw new MalformedFrameException("field " + number + " of the envelope has a length of "
                            + Long.toUnsignedString(length) + ", and " + (limit - position) + " bytes are left");
                }
                range(number, position, (int) length);
                position += (int) length;
            }
            case FIXED32 -> skip(4);
            default ->
                throw new MalformedFrameException("field " + number + " of the envelope has wire type " + wireType);
        }
    }

    private void number(int field, long value) {
        switch (field) {
            case REQUEST_ID -> requestId = value;
            case IN_REPLY_TO -> inReplyTo = value;
            case PART -> part = value & 0xFFFFFFFFL;
            case LAST -> last = value != 0;
            default -> {
                // a field of a later version
            }
        }
    }

    private void range(int field, int start, int length) {
        switch (field) {
            case TYPE -> {
                typeStart = start;
                typeLength = length;
            }
            case PAYLOAD -> {
                payloadStart = start;
                payloadLength = length;
            }
            default -> {
                // a field of a later version
            }
        }
    }

    private void skip(int bytes) throws MalformedFrameException {
        if (bytes > limit - position) {
            throw new MalformedFrameException("the envelope ends within a field");
        }
        position += bytes;
    }

    private long varint(byte[] frame) throws MalformedFrameException {
        if (position < limit && frame[position] >= 0) {
            return frame[position++];
        }
        return longVarint(frame);
    }

    private long longVarint(byte[] frame) throws MalformedFrameException {
        long value = 0;
        for (int shift = 0; shift <= LAST_SHIFT; shift += 7) {
            if (position >= limit) {
                throw new MalformedFrameException("the envelope ends within a number");
            }
            byte next = frame[position++];
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                if (shift == LAST_SHIFT && next != 1) {
                    break;
                }
                return value;
            }
        }
        throw new MalformedFrameException("a number of the envelope has more than 64 bits");
    }

    int typeStart() {
        return typeStart;
    }

    int typeLength() {
        return typeLength;
    }

    int payloadStart() {
        return payloadStart;
    }

    int payloadLength() {
        return payloadLength;
    }

    /** 0 where the sender waits for no answer. */
    long requestId() {
        return requestId;
    }

    /** 0 where the message is no answer. */
    long inReplyTo() {
        return inReplyTo;
    }

    /** Whether the payload is one of several parts. */
    boolean isPart() {
        return part >= 0;
    }

    /** The number of the part. */
    int part() {
        return (int) part;
    }

    boolean isLast() {
        return last;
    }
}
