// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tepui.proto.transport.Accepted;
import org.tepui.runtime.simulated.SimulatedNode;
import org.tepui.runtime.simulated.SimulatedWorld;
import org.tepui.v1.TaskID;

class MessageEndpointTest {
    private static final EndpointLimits LIMITS = new EndpointLimits(
            4096, 100_000, 200_000, 50_000, 100_000, 200_000, Duration.ofSeconds(15), 5, Duration.ofSeconds(10));

    private final SimulatedWorld world = new SimulatedWorld(7);
    private final SimulatedNode m1 = world.node("m1");
    private final SimulatedNode a1 = world.node("a1");
    private final List<SimulatedService> services = new ArrayList<>();

    private SimulatedService start(SimulatedNode node, String role) {
        return start(node, role, LIMITS);
    }

    private SimulatedService start(SimulatedNode node, String role, EndpointLimits limits) {
        int before = services.size();
        node.start(started -> services.add(
                role.equals("master")
                        ? new SimulatedService(started, role, limits).listening()
                        : new SimulatedService(started, role, limits).connecting("m1")));
        assertThat(world.time().runUntil(() -> services.size() > before, Duration.ofSeconds(1)))
                .isTrue();
        return services.get(before);
    }

    private void connected(SimulatedService... both) {
        for (SimulatedService service : both) {
            assertThat(world.time()
                            .runUntil(
                                    () -> !service.opened.isEmpty()
                                            && service.connection().isOpen(),
                                    Duration.ofMinutes(1)))
                    .isTrue();
        }
    }

    private static TaskID task(String value) {
        return TaskID.newBuilder().setValue(value).build();
    }

    private static void send(SimulatedService from, Message message) {
        from.loop.execute("test", () -> from.connection().send(message));
    }

    @Test
    void staysOpenWithNothingToSay() {
        SimulatedService master = start(m1, "master");
        SimulatedService agent = start(a1, "agent");
        connected(master, agent);
        world.time().run(Duration.ofHours(1));
        assertThat(master.connection().isOpen()).isTrue();
        assertThat(agent.connection().isOpen()).isTrue();
        // one Hello, then one heartbeat every 15 s
        assertThat(agent.count("messages_sent")).isBetween(238L, 241L);
    }

    @Test
    void sendsNoHeartbeatsWhereMessagesGo() {
        SimulatedService master = start(m1, "master");
        SimulatedService agent = start(a1, "agent");
        connected(master, agent);
        for (int i = 0; i < 60; i++) {
            send(agent, task("t"));
            world.time().run(Duration.ofSeconds(10));
        }
        assertThat(agent.count("messages_sent")).isEqualTo(61);
        assertThat(master.count("messages_sent")).isBetween(39L, 41L);
    }

    @Test
    void closesWhenThePeerIsSilentForFiveIntervals() {
        SimulatedService master = start(m1, "master");
        SimulatedService agent = start(a1, "agent");
        connected(master, agent);
        world.network().setSilenceTimeout(Duration.ofHours(1));
        Duration before = world.time().elapsed();
        world.network().block("a1", "m1");
        assertThat(world.time().runUntil(() -> !master.closed.isEmpty(), Duration.ofMinutes(5)))
                .isTrue();
        assertThat(master.closed).containsExactly("nothing came for 75000 ms");
        assertThat(world.time().elapsed().minus(before)).isBetween(Duration.ofSeconds(74), Duration.ofSeconds(76));
        assertThat(master.count("peers_silent")).isEqualTo(1);
    }

    @Test
    void closesAConnectionOnWhichNobodyIntroducesHimself() {
        SimulatedService master = start(m1, "master");
        RawPeer raw = RawPeer.connect(world, a1, "m1");
        assertThat(world.time().runUntil(raw::isClosed, Duration.ofSeconds(11))).isTrue();
        assertThat(master.opened).isEmpty();
        assertThat(master.count("connections_failed")).isEqualTo(1);
    }

    @Test
    void connectsAgainAfterEachLossAndWaitsLongerWhileNobodyAnswers() {
        SimulatedService master = start(m1, "master");
        SimulatedService agent = start(a1, "agent");
        connected(master, agent);
        world.network().breakLinks("a1", "m1");
        assertThat(world.time().runUntil(() -> agent.opened.size() == 2, Duration.ofSeconds(1)))
                .isTrue();
        assertThat(agent.closed).containsExactly("connection reset");
        m1.kill();
        world.time().run(Duration.ofMinutes(10));
        // with waits of up to 5 s, 2.5 s on average
        assertThat(agent.failed).hasSizeBetween(180, 320);
        m1.restart();
        assertThat(world.time().runUntil(() -> agent.opened.size() == 3, Duration.ofSeconds(6)))
                .isTrue();
    }

    @Test
    void connectsNoMoreOnceTheHandleIsClosed() {
        SimulatedService master = start(m1, "master");
        List<Endpoint.Reconnecting> handles = new ArrayList<>();
        SimulatedService agent = start(a1, "agent");
        connected(master, agent);
        agent.loop.execute(
                "test",
                () -> handles.add(agent.endpoint.connect(
                        new org.tepui.runtime.Address("m1", SimulatedService.PORT), SimulatedService.BACKOFF, agent)));
        assertThat(world.time().runUntil(() -> agent.opened.size() == 2, Duration.ofSeconds(1)))
                .isTrue();
        agent.loop.execute("test", () -> handles.get(0).close());
        world.time().run(Duration.ofSeconds(30));
        assertThat(agent.closed).containsExactly("closed by this side");
        assertThat(master.opened).hasSize(2);
        assertThat(world.network().openLinks()).isEqualTo(1);
    }

    @Test
    void closesTheConnectionOfAPeerThatReadsTooSlowly() {
        SimulatedService master = start(m1, "master");
        SimulatedService agent = start(a1, "agent");
        connected(master, agent);
        world.network().block("m1", "a1");
        Connection slow = master.connection();
        List<Boolean> sent = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            master.loop.execute("test", () -> sent.add(slow.send(task("x".repeat(10_000)))));
            world.time().run(Duration.ofMillis(10));
        }
        assertThat(sent).contains(true, false);
        assertThat(sent.indexOf(false)).isBetween(19, 22);
        assertThat(master.count("queue_overflows")).isEqualTo(1);
        assertThat(master.closed).hasSize(1);
        assertThat(master.closed.get(0)).startsWith("the peer reads too slowly: ");
    }

    @Test
    void pausesReadingWhileTheLoopIsBehindAndLosesNothing() {
        SimulatedService master = start(m1, "master");
        SimulatedService agent = start(a1, "agent");
        connected(master, agent);
        for (int i = 0; i < 500; i++) {
            send(agent, task(i + "x".repeat(1000)));
        }
        assertThat(world.time().runUntil(() -> master.received.size() == 500, Duration.ofSeconds(10)))
                .isTrue();
        for (int i = 0; i < 500; i++) {
            assertThat(master.received.get(i)).startsWith(i + "x");
        }
    }

    @Test
    void refusesToSendWhatIsLongerThanAllowed() {
        SimulatedService master = start(m1, "master");
        SimulatedService agent = start(a1, "agent");
        connected(master, agent);
        List<RuntimeException> thrown = new ArrayList<>();
        agent.loop.execute("test", () -> {
            try {
                agent.connection().send(task("x".repeat(100_000)));
            } catch (IllegalArgumentException e) {
                thrown.add(e);
            }
            agent.connection().send(task("x".repeat(90_000)));
        });
        assertThat(world.time().runUntil(() -> !master.received.isEmpty(), Duration.ofSeconds(1)))
                .isTrue();
        assertThat(thrown)
                .singleElement()
                .satisfies(e -> assertThat(e).hasMessageContaining("at most 100000 are allowed"));
        assertThat(master.received).containsExactly("x".repeat(90_000));
    }

    @Test
    void refusesAnAnswerThatIsTooLong() {
        SimulatedService master = start(m1, "master");
        master.endpoint.handle(
                Accepted.getDefaultInstance(), (message, exchange) -> exchange.reply(task("x".repeat(100_000))));
        SimulatedService agent = start(a1, "agent");
        connected(master, agent);
        List<Reply<TaskID>> replies = new ArrayList<>();
        agent.loop.execute(
                "test",
                () -> agent.connection()
                        .request(
                                Accepted.getDefaultInstance(),
                                TaskID.getDefaultInstance(),
                                Duration.ofSeconds(1),
                                replies::add));
        world.time().run(Duration.ofSeconds(2));
        assertThat(replies)
                .singleElement()
                .isInstanceOfSatisfying(
                        Reply.Refused.class,
                        refused -> assertThat(refused.refusal().kind()).isEqualTo(Refusal.Kind.TOO_LARGE));
    }

    @Test
    void endsAllConnectionsWhenItIsClosed() {
        SimulatedService master = start(m1, "master");
        SimulatedService agent = start(a1, "agent");
        connected(master, agent);
        send(master, task("last words"));
        master.loop.execute("test", master.endpoint::close);
        world.time().run(Duration.ofSeconds(5));
        assertThat(agent.received).containsExactly("last words");
        assertThat(master.closed).containsExactly("this master ends");
        assertThat(agent.closed).containsExactly("closed by peer");
        assertThat(agent.failed).isNotEmpty();
        assertThatThrownBy(master::listening).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void takesOneHandlerPerType() {
        SimulatedService master = start(m1, "master");
        assertThatThrownBy(() -> master.endpoint.handle(TaskID.getDefaultInstance(), (task, exchange) -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("mesos.v1.TaskID");
    }

    @Test
    void endsEveryStateInClosed() {
        NativeConnection.MOVES.forEach((state, next) -> {
            assertThat(next).doesNotContain(state);
            assertThat(next.contains(NativeConnection.State.CLOSED)).isEqualTo(state != NativeConnection.State.CLOSED);
        });
        assertThat(NativeConnection.MOVES).containsOnlyKeys(NativeConnection.State.values());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void deliversAPrefixInOrderOnEachConnectionWhateverBreaks(long seed) {
        String first = breakThings(seed);
        assertThat(breakThings(seed)).isEqualTo(first);
    }

    /** Sends numbered messages of all lengths while links break and services are killed; returns the digest. */
    private static String breakThings(long seed) {
        SimulatedWorld world = new SimulatedWorld(seed);
        List<List<String>> logs = new ArrayList<>();
        world.node("m1").start(node -> {
            SimulatedService master = new SimulatedService(node, "master", LIMITS).listening();
            logs.add(master.received);
        });
        world.node("a1").start(node -> {
            SimulatedService agent = new SimulatedService(node, "agent", LIMITS).connecting("m1");
            talk(agent, node, 0);
        });
        for (int i = 0; i < 40; i++) {
            world.time().run(Duration.ofMillis(world.randomness().nextInt(2000)));
            switch (world.randomness().nextInt(4)) {
                case 0 -> world.network().breakAnyLink();
                case 1 -> world.node("m1").restart();
                case 2 -> world.node("a1").restart();
                default -> world.time().run(Duration.ofMillis(world.randomness().nextInt(5000)));
            }
        }
        assertThat(logs.stream().mapToInt(List::size).sum()).isGreaterThan(100);
        for (List<String> log : logs) {
            assertPrefixes(log);
        }
        return world.time().digest();
    }

    private static void talk(SimulatedService agent, SimulatedNode node, int number) {
        agent.loop.schedule("talk", Duration.ofMillis(node.randomness().nextInt(50)), () -> {
            int next = number;
            if (!agent.opened.isEmpty()) {
                Connection connection = agent.connection();
                String text = connection.id() + ":" + number + ":"
                        + "x".repeat(node.randomness().nextInt(6000));
                next = connection.send(task(text)) ? number + 1 : 0;
            }
            talk(agent, node, next);
        });
    }

    /** Whether the messages of each connection are 0, 1, 2, ... without a gap. */
    private static void assertPrefixes(List<String> log) {
        String connection = "";
        int expected = 0;
        for (String text : log) {
            String[] parts = text.split(":", 3);
            if (!parts[0].equals(connection) || Integer.parseInt(parts[1]) == 0) {
                connection = parts[0];
                expected = Integer.parseInt(parts[1]);
            }
            assertThat(parts[1]).isEqualTo(String.valueOf(expected));
            expected++;
        }
    }
}
