// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tepui.proto.transport.Envelope;
import org.tepui.proto.transport.Heartbeat;
import org.tepui.proto.transport.Hello;
import org.tepui.proto.transport.Refused;
import org.tepui.v1.FrameworkInfo;
import org.tepui.v1.TaskID;

/** Damaged frames are decoded or refused, and nothing else happens. */
class FrameDecoderFuzzTest {
    private static final FrameworkInfo FRAMEWORK = FrameworkInfo.newBuilder()
            .setUser("user")
            .setName("name")
            .addRoles("role")
            .setFailoverTimeout(10)
            .build();

    private static final List<byte[]> FRAMES = frames(
            Hello.newBuilder()
                    .setRole("agent")
                    .setVersion("1")
                    .addCapabilities("c")
                    .setEpoch(9)
                    .build(),
            Heartbeat.getDefaultInstance(),
            Refused.newBuilder().setType("t").setStatus(400).setReason("r").build(),
            TaskID.newBuilder().setValue("task").build(),
            FRAMEWORK);

    private static List<byte[]> frames(Message... messages) {
        List<byte[]> frames = new ArrayList<>();
        for (Message message : messages) {
            Envelope whole = RawPeer.envelope(message).build();
            frames.add(whole.toByteArray());
            frames.add(whole.toBuilder()
                    .setRequestId(1L << 60)
                    .setInReplyTo(3)
                    .build()
                    .toByteArray());
            frames.add(whole.toBuilder().setPart(0).build().toByteArray());
            frames.add(whole.toBuilder().setPart(1).setLast(true).build().toByteArray());
        }
        frames.add(RawPeer.envelope(FRAMEWORK).setType("no.such.Type").build().toByteArray());
        return frames;
    }

    private static FrameDecoder decoder() {
        TypeTable types = new TypeTable();
        types.of(Hello.getDefaultInstance());
        types.of(Refused.getDefaultInstance());
        types.of(TaskID.getDefaultInstance());
        types.of(FrameworkInfo.getDefaultInstance());
        return new FrameDecoder(types, types.of(Heartbeat.getDefaultInstance()), 1000, new LongMessages(4000));
    }

    @Test
    void decodesOrRefuses() {
        Mutations mutations = new Mutations(Mutations.seed());
        int decoded = 0;
        int refused = 0;
        FrameDecoder decoder = decoder();
        for (int i = Mutations.inputs(20_000); i > 0; i--) {
            byte[] frame = mutations.next(FRAMES);
            ByteBuffer buffer = ByteBuffer.wrap(frame);
            try {
                decoder.decode(i % 2 == 0 ? buffer : buffer.asReadOnlyBuffer());
                decoded++;
            } catch (MalformedFrameException e) {
                assertThat(e).hasMessageNotContainingAny("\n", "\0");
                decoder = decoder();
                refused++;
            }
        }
        assertThat(decoded).isPositive();
        assertThat(refused).isPositive();
    }

    @Test
    void readsEnvelopesAsProtobufDoes() {
        Mutations mutations = new Mutations(Mutations.seed());
        EnvelopeReader reader = new EnvelopeReader();
        int same = 0;
        for (int i = Mutations.inputs(20_000); i > 0; i--) {
            byte[] frame = mutations.next(FRAMES);
            try {
                reader.read(frame, 0, frame.length);
            } catch (MalformedFrameException e) {
                continue;
            }
            same++;
            assertThat(asEnvelope(reader, frame))
                    .as(java.util.HexFormat.of().formatHex(frame))
                    .isEqualTo(parsed(frame));
        }
        assertThat(same).isPositive();
    }

    private static Envelope parsed(byte[] frame) {
        try {
            Envelope parsed = Envelope.parseFrom(frame);
            return Envelope.newBuilder()
                    .setTypeBytes(parsed.getTypeBytes())
                    .setPayload(parsed.getPayload())
                    .setRequestId(parsed.getRequestId())
                    .setInReplyTo(parsed.getInReplyTo())
                    .setPart(parsed.hasPart() ? parsed.getPart() : -1)
                    .setLast(parsed.getLast())
                    .build();
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError("protobuf refuses what was read", e);
        }
    }

    private static Envelope asEnvelope(EnvelopeReader reader, byte[] frame) {
        return Envelope.newBuilder()
                .setTypeBytes(com.google.protobuf.ByteString.copyFrom(frame, reader.typeStart(), reader.typeLength()))
                .setPayload(
                        com.google.protobuf.ByteString.copyFrom(frame, reader.payloadStart(), reader.payloadLength()))
                .setRequestId(reader.requestId())
                .setInReplyTo(reader.inReplyTo())
                .setPart(reader.isPart() ? reader.part() : -1)
                .setLast(reader.isLast())
                .build();
    }
}
