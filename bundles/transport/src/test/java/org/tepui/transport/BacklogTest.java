// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tepui.proto.transport.Envelope;
import org.tepui.proto.transport.Heartbeat;
import org.tepui.runtime.simulated.SimulatedWorld;
import org.tepui.v1.AgentID;
import org.tepui.v1.TaskID;

/** What a service holds that its loop has not handled yet is bounded, however many peers send. */
class BacklogTest {
    private static final int BACKLOG = 40_000;
    private static final int LONG = 20_000;
    private static final EndpointLimits LIMITS = new EndpointLimits(
            4096, 10_000, 200_000, 10_000_000, BACKLOG, LONG, Duration.ofSeconds(15), 5, Duration.ofSeconds(10));

    private final SimulatedWorld world = new SimulatedWorld(3);
    private SimulatedService master = new SimulatedService(world.node("unused"), "master", LIMITS);
    private long mostWaiting;

    @BeforeEach
    void start() {
        world.node("m1").start(node -> master = new SimulatedService(node, "master", LIMITS).listening());
        world.time().run(Duration.ofSeconds(1));
    }

    private static TaskID task(String value) {
        return TaskID.newBuilder().setValue(value).build();
    }

    private static Envelope part(Message message, int number, int bytes) {
        return RawPeer.envelope(message)
                .setPayload(ByteString.copyFrom(new byte[bytes]))
                .setPart(number)
                .build();
    }

    private void measure() {
        mostWaiting = Math.max(mostWaiting, master.endpoint.backlogBytes());
    }

    @Test
    void pausesReadingFromAllWhoSendTooMuchTogetherAndLosesNothing() {
        int peers = 10;
        int messages = 2000;
        List<RawPeer> senders = new ArrayList<>();
        for (int i = 0; i < peers; i++) {
            senders.add(RawPeer.greet(world, world.node("a" + i), "m1"));
        }
        RawPeer quiet = RawPeer.greet(world, world.node("quiet"), "m1");
        for (int n = 0; n < messages; n++) {
            for (RawPeer sender : senders) {
                sender.send(RawPeer.envelope(task(n + "x".repeat(100))).build());
            }
        }
        for (int i = 0; i < 2_000_000 && master.received.size() < peers * messages; i++) {
            world.time().step();
            measure();
        }
        assertThat(master.received).hasSize(peers * messages);
        assertThat(master.count("reading_pauses")).isPositive();
        assertThat(mostWaiting).isGreaterThan(BACKLOG / 2);
        assertThat(mostWaiting).isLessThan(BACKLOG + 256L * 300 * peers);
        assertThat(master.endpoint.backlogBytes()).isZero();
        quiet.send(RawPeer.envelope(task("still heard")).build());
        senders.get(0).send(RawPeer.envelope(task("heard again")).build());
        world.time().run(Duration.ofSeconds(1));
        assertThat(master.received).contains("still heard", "heard again");
    }

    @Test
    void readsOnOnceEverythingThatStoppedItIsOver() {
        List<String> log = new ArrayList<>();
        RawPeer first = RawPeer.greet(world, world.node("a1"), "m1");
        RawPeer second = RawPeer.greet(world, world.node("a2"), "m1");
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < 100; i++) {
                first.send(RawPeer.envelope(task("a".repeat(400))).build());
                second.send(RawPeer.envelope(task("b".repeat(400))).build());
            }
            world.time().run(Duration.ofSeconds(2));
            log.add(String.valueOf(master.received.size()));
        }
        assertThat(log.get(19)).isEqualTo("4000");
        assertThat(master.endpoint.backlogBytes()).isZero();
    }

    @Test
    void refusesALongMessageForWhichThereIsNoRoomAndTakesItLater() {
        RawPeer first = RawPeer.greet(world, world.node("a1"), "m1");
        RawPeer second = RawPeer.greet(world, world.node("a2"), "m1");
        RawPeer third = RawPeer.greet(world, world.node("a3"), "m1");
        sendParts(first, 2);
        sendParts(second, 2);
        world.time().run(Duration.ofSeconds(1));
        assertThat(master.endpoint.longMessageBytes()).isEqualTo(16_000);
        sendParts(third, 2);
        world.time().run(Duration.ofSeconds(1));
        assertThat(third.isClosed()).isTrue();
        assertThat(third.refusal().getStatus()).isEqualTo(503);
        assertThat(third.refusal().getReason())
                .contains("mesos.v1.TaskID", "at most 20000 are allowed", "try again later");
        assertThat(master.count("long_message_overflows")).isEqualTo(1);
        assertThat(master.count("malformed_frames")).isZero();
        assertThat(first.isClosed()).isFalse();
        assertThat(second.isClosed()).isFalse();
        // what is given up makes room
        world.network().breakLinks("a1", "m1");
        world.network().breakLinks("a2", "m1");
        world.time().run(Duration.ofSeconds(1));
        assertThat(master.endpoint.longMessageBytes()).isZero();
        RawPeer again = RawPeer.greet(world, world.node("a4"), "m1");
        String text = "x".repeat(9000);
        ByteString whole = task(text).toByteString();
        again.send(RawPeer.envelope(task(""))
                .setPayload(whole.substring(0, 4000))
                .setPart(0)
                .build());
        again.send(RawPeer.envelope(Heartbeat.getDefaultInstance()).build());
        again.send(RawPeer.envelope(task(""))
                .setPayload(whole.substring(4000, 8000))
                .setPart(1)
                .build());
        again.send(RawPeer.envelope(task(""))
                .setPayload(whole.substring(8000))
                .setPart(2)
                .setLast(true)
                .build());
        world.time().run(Duration.ofSeconds(1));
        assertThat(master.received).containsExactly(text);
        assertThat(master.endpoint.longMessageBytes()).isZero();
    }

    private static void sendParts(RawPeer peer, int parts) {
        for (int i = 0; i < parts; i++) {
            peer.send(part(task(""), i, 4000));
        }
    }

    @Test
    void refusesHttpCallsBeyondWhatMayWaitAndTakesTheNext() {
        List<Integer> refused = new ArrayList<>();
        List<String> accepted = new ArrayList<>();
        master.endpoint.handle(AgentID.getDefaultInstance(), (agent, exchange) -> accepted.add(agent.getValue()));
        String text = "x".repeat(10_000);
        for (int i = 0; i < 6; i++) {
            master.endpoint.deliver(AgentID.newBuilder().setValue(text).build(), new RefusalsOf(refused));
        }
        world.time().run(Duration.ofSeconds(1));
        assertThat(accepted).hasSize(3);
        assertThat(refused).containsExactly(503, 503, 503);
        assertThat(master.count("calls_turned_away")).isEqualTo(3);
        master.endpoint.deliver(
                AgentID.newBuilder().setValue("x".repeat(BACKLOG + 1)).build(), new RefusalsOf(refused));
        world.time().run(Duration.ofSeconds(1));
        assertThat(accepted).hasSize(4);
        assertThat(master.endpoint.backlogBytes()).isZero();
    }

    /** A call of which only the status of its refusal is of interest. */
    private record RefusalsOf(List<Integer> statuses) implements Exchange {
        @Override
        public Connection connection() {
            throw new UnsupportedOperationException("a call has no connection");
        }

        @Override
        public Optional<String> streamId() {
            return Optional.empty();
        }

        @Override
        public boolean isHttp() {
            return true;
        }

        @Override
        public void accept() {
            statuses.add(202);
        }

        @Override
        public void reply(Message response) {
            statuses.add(200);
        }

        @Override
        public void refuse(Refusal refusal) {
            statuses.add(refusal.kind().status());
        }
    }
}
