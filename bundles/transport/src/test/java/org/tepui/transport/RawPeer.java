// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.tepui.proto.transport.Envelope;
import org.tepui.proto.transport.Hello;
import org.tepui.proto.transport.Refused;
import org.tepui.runtime.Address;
import org.tepui.runtime.Network;
import org.tepui.runtime.simulated.SimulatedNode;
import org.tepui.runtime.simulated.SimulatedWorld;

/** The other end of a connection that may say anything. */
final class RawPeer implements Network.LinkHandler {
    final List<Envelope> received = new ArrayList<>();
    private Network.@Nullable Link link;
    private @Nullable String closed;

    /** Opens a link and says nothing. */
    static RawPeer connect(SimulatedWorld world, SimulatedNode from, String to) {
        RawPeer peer = new RawPeer();
        from.start(node -> node.network().connect(new Address(to, SimulatedService.PORT), peer));
        assertThat(world.time().runUntil(() -> peer.link != null, Duration.ofSeconds(1)))
                .isTrue();
        return peer;
    }

    /** Opens a link and introduces itself. */
    static RawPeer greet(SimulatedWorld world, SimulatedNode from, String to) {
        RawPeer peer = connect(world, from, to);
        peer.send(envelope(Hello.newBuilder().setRole("agent").setVersion("raw").build())
                .build());
        assertThat(world.time().runUntil(() -> !peer.received.isEmpty(), Duration.ofSeconds(1)))
                .isTrue();
        return peer;
    }

    static Envelope.Builder envelope(Message message) {
        return Envelope.newBuilder()
                .setType(message.getDescriptorForType().getFullName())
                .setPayload(message.toByteString());
    }

    void send(Envelope envelope) {
        send(envelope.toByteString());
    }

    void send(ByteString bytes) {
        Objects.requireNonNull(link).send(new Network.Frame() {
            @Override
            public int size() {
                return bytes.size();
            }

            @Override
            public void writeTo(ByteBuffer target) {
                bytes.copyTo(target);
            }
        });
    }

    boolean isClosed() {
        return closed != null;
    }

    /** The last refusal that came. */
    Refused refusal() {
        Envelope last = received.get(received.size() - 1);
        assertThat(last.getType()).isEqualTo("tepui.transport.Refused");
        try {
            return Refused.parseFrom(last.getPayload());
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void opened(Network.Link opened) {
        link = opened;
    }

    @Override
    public void frame(ByteBuffer content) {
        try {
            received.add(Envelope.parseFrom(content));
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void closed(String reason) {
        closed = reason;
    }
}
