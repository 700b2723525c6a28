// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.tepui.runtime.Network;

/**
 * One envelope on its way out: a whole message, which is serialized straight into the buffer of the network, or a
 * part of one that was serialized before.
 */
final class EnvelopeFrame implements Network.Frame {
    private static final int TYPE = 1;
    private static final int REQUEST_ID = 2;
    private static final int IN_REPLY_TO = 3;
    private static final int PAYLOAD = 4;
    private static final int PART = 5;
    private static final int LAST = 6;

    /** What an envelope may take beside type and payload: tags, two ids, lengths and the number of the part. */
    static final int OVERHEAD = 64;

    private final byte[] type;
    private final long requestId;
    private final long inReplyTo;
    private final @Nullable Message message;
    private final @Nullable Part part;
    private final int size;

    private EnvelopeFrame(byte[] type, long requestId, long inReplyTo, @Nullable Message message, @Nullable Part part) {
        this.type = type;
        this.requestId = requestId;
        this.inReplyTo = inReplyTo;
        this.message = message;
        this.part = part;
        this.size = computeSize();
    }

    /**
     * The part of a serialized message.
     *
     * @param bytes the part alone: its capacity is its length
     * @param number 0 for the first part
     * @param last whether it is the last
     */
    record Part(ByteBuffer bytes, int number, boolean last) {}

    static EnvelopeFrame whole(byte[] type, long requestId, long inReplyTo, Message message) {
        return new EnvelopeFrame(type, requestId, inReplyTo, message, null);
    }

    static EnvelopeFrame part(byte[] type, long requestId, long inReplyTo, Part part) {
        return new EnvelopeFrame(type, requestId, inReplyTo, null, part);
    }

    private int computeSize() {
        int sum = CodedOutputStream.computeByteArraySize(TYPE, type);
        if (requestId != 0) {
            sum += CodedOutputStream.computeUInt64Size(REQUEST_ID, requestId);
        }
        if (inReplyTo != 0) {
            sum += CodedOutputStream.computeUInt64Size(IN_REPLY_TO, inReplyTo);
        }
        if (message != null) {
            return sum + CodedOutputStream.computeMessageSize(PAYLOAD, message);
        }
        if (part != null) {
            sum += CodedOutputStream.computeTagSize(PAYLOAD)
                    + CodedOutputStream.computeUInt32SizeNoTag(part.bytes.capacity())
                    + part.bytes.capacity()
                    + CodedOutputStream.computeUInt32Size(PART, part.number)
                    + CodedOutputStream.computeBoolSize(LAST, part.last);
        }
        return sum;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public void writeTo(ByteBuffer target) {
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(target);
            out.writeByteArray(TYPE, type);
            if (requestId != 0) {
                out.writeUInt64(REQUEST_ID, requestId);
            }
            if (inReplyTo != 0) {
                out.writeUInt64(IN_REPLY_TO, inReplyTo);
            }
            if (message != null) {
                out.writeMessage(PAYLOAD, message);
            } else if (part != null) {
                out.writeByteBuffer(PAYLOAD, part.bytes);
                out.writeUInt32(PART, part.number);
                out.writeBool(LAST, part.last);
            }
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the buffer does not hold the " + size + " bytes of the frame", e);
        }
    }
}
