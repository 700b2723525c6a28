// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tepui.proto.transport.Envelope;
import org.tepui.proto.transport.Heartbeat;
import org.tepui.proto.transport.Hello;
import org.tepui.runtime.simulated.SimulatedWorld;
import org.tepui.v1.AgentID;
import org.tepui.v1.TaskID;

class MalformedFramesTest {
    private static final TaskID TASK = TaskID.newBuilder().setValue("t").build();
    private static final EndpointLimits LIMITS = new EndpointLimits(
            4096, 10_000, 200_000, 50_000, 100_000, 20_000, Duration.ofSeconds(15), 5, Duration.ofSeconds(10));

    private final SimulatedWorld world = new SimulatedWorld(1);
    private SimulatedService master = new SimulatedService(world.node("unused"), "master", LIMITS);

    @BeforeEach
    void start() {
        world.node("m1").start(node -> master = new SimulatedService(node, "master", LIMITS).listening());
        world.time().run(Duration.ofSeconds(1));
    }

    static Stream<Arguments> beforeTheHandshake() {
        Hello hello = Hello.newBuilder().setRole("agent").setVersion("1").build();
        return Stream.of(
                Arguments.of(envelope(TASK), "the first message is a mesos.v1.TaskID"),
                Arguments.of(
                        envelope(AgentID.newBuilder().setValue("a").build()),
                        "the first message is a mesos.v1.AgentID"),
                Arguments.of(
                        envelope(hello).toBuilder().setPart(0).build(),
                        "the first message, a tepui.transport.Hello, comes in parts"),
                Arguments.of(envelope(Hello.newBuilder(hello).setRole("").build()), "wrong role"),
                Arguments.of(envelope(Hello.newBuilder(hello).setRole("a\nb").build()), "wrong role"),
                Arguments.of(
                        envelope(Hello.newBuilder(hello)
                                .setVersion("v".repeat(300))
                                .build()),
                        "wrong version"),
                Arguments.of(envelope(Hello.newBuilder(hello).setPrincipal(" ").build()), "wrong principal"),
                Arguments.of(
                        envelope(Hello.newBuilder(hello).setAddress("nowhere").build()), "wrong address"),
                Arguments.of(
                        envelope(Hello.newBuilder(hello)
                                .addAllCapabilities(java.util.Collections.nCopies(300, "c"))
                                .build()),
                        "300 capabilities"),
                Arguments.of(
                        envelope(TASK).toBuilder()
                                .setType(hello.getDescriptorForType().getFullName())
                                .build(),
                        "the payload is no tepui.transport.Hello"));
    }

    @ParameterizedTest
    @MethodSource
    void beforeTheHandshake(Envelope envelope, String reason) {
        RawPeer peer = RawPeer.connect(world, world.node("a1"), "m1");
        peer.send(envelope);
        assertClosedBecauseOf(peer, reason);
        assertThat(master.opened).isEmpty();
    }

    static Stream<Arguments> afterTheHandshake() {
        Envelope part = envelope(TASK).toBuilder().setPart(0).setLast(false).build();
        return Stream.of(
                Arguments.of(List.of(ByteString.copyFromUtf8("nonsense")), ""),
                Arguments.of(List.of(bytes(0x08)), "ends within a number"),
                Arguments.of(List.of(bytes(0x00)), "no field 0"),
                Arguments.of(List.of(bytes(0x0B)), "wire type 3"),
                Arguments.of(List.of(bytes(0x0A, 0x7F, 'x')), "1 of the envelope has a length of 127"),
                Arguments.of(
                        List.of(bytes(0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1)), "64 bits"),
                Arguments.of(List.of(bytes(0x10, 0x01)), "names no type"),
                Arguments.of(
                        frames(envelope(TASK).toBuilder()
                                .setType("x".repeat(600))
                                .build()),
                        "600 bytes"),
                Arguments.of(
                        frames(envelope(TASK).toBuilder()
                                .setPayload(ByteString.copyFromUtf8("\7\7\7"))
                                .build()),
                        "the payload is no mesos.v1.TaskID"),
                Arguments.of(
                        frames(envelope(TASK).toBuilder()
                                .setPayload(ByteString.EMPTY)
                                .build()),
                        "the payload is no mesos.v1.TaskID: Message missing required fields: value"),
                Arguments.of(
                        frames(envelope(Hello.newBuilder()
                                .setRole("agent")
                                .setVersion("1")
                                .build())),
                        "a second"),
                Arguments.of(
                        frames(part.toBuilder().setPart(1).build()), "part 1 of a mesos.v1.TaskID came where part 0"),
                Arguments.of(frames(part, part), "part 0 of a mesos.v1.TaskID came where part 1"),
                Arguments.of(
                        frames(part, part.toBuilder().setPart(1).setRequestId(1).build()), "where part 1"),
                Arguments.of(
                        frames(
                                part,
                                part.toBuilder().setPart(1).setType("other").build()),
                        "part 1 of a other"),
                Arguments.of(frames(part, envelope(TASK)), "came between the parts of a mesos.v1.TaskID"),
                Arguments.of(frames(part.toBuilder().setPart(-1).build()), "out of range"),
                Arguments.of(
                        frames(long4000(0), long4000(1), long4000(2)), "more than the 10000 bytes that are allowed"));
    }

    private static Envelope long4000(int part) {
        return envelope(TASK).toBuilder()
                .setPayload(ByteString.copyFrom(new byte[4000]))
                .setPart(part)
                .build();
    }

    @ParameterizedTest
    @MethodSource
    void afterTheHandshake(List<ByteString> frames, String reason) {
        RawPeer bystander = RawPeer.greet(world, world.node("a2"), "m1");
        RawPeer peer = RawPeer.greet(world, world.node("a1"), "m1");
        frames.forEach(peer::send);
        peer.send(envelope(TASK));
        assertClosedBecauseOf(peer, reason);
        assertThat(master.received).isEmpty();
        assertThat(master.closed).hasSize(1);
        assertThat(bystander.isClosed()).isFalse();
    }

    private void assertClosedBecauseOf(RawPeer peer, String reason) {
        assertThat(world.time().runUntil(peer::isClosed, Duration.ofSeconds(5))).isTrue();
        assertThat(peer.refusal().getReason()).contains(reason);
        assertThat(peer.refusal().getStatus()).isEqualTo(400);
        assertThat(peer.refusal().getType()).isEqualTo("tepui.transport.Envelope");
        assertThat(master.count("malformed_frames")).isEqualTo(1);
    }

    @Test
    void takesFieldsInAnyOrderAndSkipsUnknownOnes() {
        RawPeer peer = RawPeer.greet(world, world.node("a1"), "m1");
        ByteString unknown = bytes(0x7A, 2, 9, 9, 0x79, 1, 2, 3, 4, 5, 6, 7, 8, 0x7D, 1, 2, 3, 4, 0x78, 0x80, 1);
        ByteString payload = Envelope.newBuilder()
                .setPayload(TASK.toByteString())
                .buildPartial()
                .toByteString();
        ByteString type =
                Envelope.newBuilder().setType("mesos.v1.TaskID").build().toByteString();
        peer.send(unknown.concat(payload).concat(unknown).concat(type));
        world.time().run(Duration.ofSeconds(1));
        assertThat(master.received).containsExactly("t");
        assertThat(peer.isClosed()).isFalse();
    }

    @Test
    void takesHeartbeatsBetweenParts() {
        RawPeer peer = RawPeer.greet(world, world.node("a1"), "m1");
        ByteString whole = TASK.toByteString();
        peer.send(envelope(TASK).toBuilder()
                .setPayload(whole.substring(0, 1))
                .setPart(0)
                .build());
        peer.send(envelope(Heartbeat.getDefaultInstance()));
        peer.send(envelope(TASK).toBuilder()
                .setPayload(whole.substring(1))
                .setPart(1)
                .setLast(true)
                .build());
        world.time().run(Duration.ofSeconds(1));
        assertThat(master.received).containsExactly("t");
    }

    @Test
    void refusesUnknownTypesAndGoesOn() {
        RawPeer peer = RawPeer.greet(world, world.node("a1"), "m1");
        peer.send(envelope(TASK).toBuilder()
                .setType("no.such\nType")
                .setRequestId(9)
                .build());
        world.time().run(Duration.ofSeconds(1));
        assertThat(peer.refusal().getStatus()).isEqualTo(501);
        assertThat(peer.refusal().getType()).isEqualTo("no.such?Type");
        assertThat(peer.received.get(peer.received.size() - 1).getInReplyTo()).isEqualTo(9);
        peer.send(envelope(TASK).toBuilder().setType("no.such.Type").setPart(0).build());
        peer.send(envelope(TASK).toBuilder()
                .setType("no.such.Type")
                .setPart(1)
                .setLast(true)
                .build());
        peer.send(envelope(TASK));
        world.time().run(Duration.ofSeconds(1));
        assertThat(peer.refusal().getType()).isEqualTo("no.such.Type");
        assertThat(master.received).containsExactly("t");
        assertThat(master.count("unknown_types")).isEqualTo(2);
    }

    @Test
    void countsAnswersThatNobodyWaitsFor() {
        RawPeer peer = RawPeer.greet(world, world.node("a1"), "m1");
        peer.send(envelope(TASK).toBuilder().setInReplyTo(77).build());
        peer.send(envelope(TASK).toBuilder()
                .setType("no.such.Type")
                .setInReplyTo(78)
                .build());
        world.time().run(Duration.ofSeconds(1));
        assertThat(master.received).isEmpty();
        assertThat(master.count("answers_unexpected")).isEqualTo(2);
        assertThat(peer.isClosed()).isFalse();
    }

    private static Envelope envelope(com.google.protobuf.Message message) {
        return RawPeer.envelope(message).build();
    }

    private static List<ByteString> frames(Envelope... envelopes) {
        return Stream.of(envelopes).map(Envelope::toByteString).toList();
    }

    private static ByteString bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return ByteString.copyFrom(bytes);
    }
}
