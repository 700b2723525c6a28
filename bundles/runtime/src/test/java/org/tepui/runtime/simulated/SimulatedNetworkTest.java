// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.tepui.runtime.Address;
import org.tepui.runtime.Network;

class SimulatedNetworkTest {
    private static final Address SERVER = new Address("server", 5050);

    private final SimulatedWorld world = new SimulatedWorld(1);
    private final Recorder client = new Recorder();
    private final Recorder server = new Recorder();

    /** Keeps what it hears. */
    private static final class Recorder implements Network.LinkHandler {
        private final List<String> heard = new ArrayList<>();
        private Network.@Nullable Link link;

        Network.Link link() {
            return Objects.requireNonNull(link, "no link was opened");
        }

        @Override
        public void opened(Network.Link opened) {
            link = opened;
            heard.add("opened");
        }

        @Override
        public void frame(ByteBuffer content) {
            heard.add(StandardCharsets.UTF_8.decode(content).toString());
        }

        @Override
        public void closed(String reason) {
            heard.add("closed: " + reason);
        }
    }

    private void connect() {
        startServer();
        world.node("client").start(node -> node.network().connect(SERVER, client));
        world.time().runUntil(() -> client.link != null && server.link != null, Duration.ofSeconds(1));
    }

    private void startServer() {
        world.node("server").start(node -> {
            try {
                node.network().listen(new Address("127.0.0.1", 5050), remote -> server);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        run(Duration.ofMillis(1));
    }

    @Test
    void carriesFramesInOrderBothWays() {
        connect();
        for (int i = 0; i < 200; i++) {
            assertThat(client.link().send(frame("to server " + i))).isTrue();
            assertThat(server.link().send(frame("to client " + i))).isTrue();
        }
        assertThat(client.link().queuedBytes()).isPositive();
        run(Duration.ofSeconds(1));
        assertThat(client.link().queuedBytes()).isZero();
        assertThat(server.heard)
                .hasSize(201)
                .startsWith("opened", "to server 0")
                .endsWith("to server 199");
        assertThat(client.heard)
                .hasSize(201)
                .startsWith("opened", "to client 0")
                .endsWith("to client 199");
        assertThat(client.link().remote()).isEqualTo(SERVER);
    }

    @Test
    void keepsStagedFramesUntilTheyAreFlushed() {
        connect();
        client.link().stage(frame("one"));
        run(Duration.ofSeconds(1));
        assertThat(server.heard).containsExactly("opened");
        client.link().stage(frame("two"));
        client.link().send(frame("three"));
        run(Duration.ofSeconds(1));
        assertThat(server.heard).containsExactly("opened", "one", "two", "three");
    }

    @Test
    void holdsFramesBackFromAReceiverThatDoesNotRead() {
        connect();
        server.link().setReading(false);
        client.link().send(frame("later"));
        run(Duration.ofMinutes(5));
        assertThat(server.heard).containsExactly("opened");
        assertThat(client.link().queuedBytes()).isEqualTo(5);
        server.link().setReading(true);
        run(Duration.ofSeconds(1));
        assertThat(server.heard).containsExactly("opened", "later");
    }

    @Test
    void deliversWhatWasSentBeforeALinkIsClosed() {
        connect();
        client.link().send(frame("last words"));
        client.link().close();
        assertThat(client.link().send(frame("too late"))).isFalse();
        run(Duration.ofSeconds(1));
        assertThat(server.heard).containsExactly("opened", "last words", "closed: closed by peer");
        assertThat(client.heard).containsExactly("opened", "closed: closed");
        assertThat(world.network().openLinks()).isZero();
        assertThat(server.link().send(frame("to nobody"))).isFalse();
    }

    @Test
    void losesFramesOnlyWithTheirLink() {
        connect();
        client.link().send(frame("arrives"));
        run(Duration.ofSeconds(1));
        client.link().send(frame("lost"));
        assertThat(world.network().breakLinks("server", "client")).isEqualTo(1);
        client.link().send(frame("lost too"));
        run(Duration.ofSeconds(1));
        assertThat(server.heard).containsExactly("opened", "arrives", "closed: connection reset");
        assertThat(client.heard).containsExactly("opened", "closed: connection reset");
        assertThat(world.network().breakAnyLink()).isFalse();
    }

    @Test
    void refusesAConnectionWhereNobodyListens() {
        world.node("client").start(node -> node.network().connect(SERVER, client));
        run(Duration.ofSeconds(1));
        assertThat(client.heard).containsExactly("closed: server:5050 refused the connection");
    }

    @Test
    void refusesToListenTwiceOrOnAForeignAddress() {
        startServer();
        Network network = world.node("server").network();
        assertThatIOException()
                .isThrownBy(() -> network.listen(SERVER, remote -> server))
                .withMessageContaining("in use");
        assertThatIOException()
                .isThrownBy(() -> network.listen(new Address("client", 1), remote -> server))
                .withMessageContaining("no address of server");
    }

    @Test
    void tellsTheOtherEndWhenAServiceIsKilledAndLetsItListenAgain() {
        connect();
        world.node("server").kill();
        run(Duration.ofSeconds(1));
        assertThat(client.heard).hasSize(2).last().asString().startsWith("closed: ");
        assertThat(server.heard).containsExactly("opened");
        world.node("server").restart();
        world.node("client").restart();
        run(Duration.ofSeconds(1));
        assertThat(server.heard).containsExactly("opened", "opened");
        assertThat(world.network().openLinks()).isEqualTo(1);
    }

    @Test
    void tellsNobodyForLongWhenAMachineCrashes() {
        connect();
        world.node("server").crash();
        run(Duration.ofSeconds(30));
        assertThat(client.heard).containsExactly("opened");
        run(Duration.ofSeconds(60));
        assertThat(client.heard).containsExactly("opened", "closed: no answer for too long");
    }

    @Test
    void resetsTheLinksOfAMachineThatCameBack() {
        connect();
        world.node("server").crash();
        run(Duration.ofSeconds(1));
        world.node("server").restart();
        run(Duration.ofSeconds(1));
        assertThat(client.heard).containsExactly("opened", "closed: connection reset by peer");
    }

    @Test
    void holdsOneDirectionBackWhileItIsBlocked() {
        connect();
        world.network().block("client", "server");
        client.link().send(frame("waits"));
        server.link().send(frame("passes"));
        run(Duration.ofSeconds(10));
        assertThat(server.heard).containsExactly("opened");
        assertThat(client.heard).containsExactly("opened", "passes");
        world.network().heal("client", "server");
        run(Duration.ofSeconds(1));
        assertThat(server.heard).containsExactly("opened", "waits");
    }

    @Test
    void breaksALinkOverWhichNothingGetsThroughForTooLong() {
        connect();
        world.network().setSilenceTimeout(Duration.ofSeconds(20));
        world.network().partition("client", "server");
        run(Duration.ofMinutes(5));
        assertThat(client.heard).as("nobody said anything").containsExactly("opened");
        client.link().send(frame("lost"));
        run(Duration.ofSeconds(30));
        assertThat(client.heard).containsExactly("opened", "closed: no answer for too long");
        world.network().healAll();
        run(Duration.ofMinutes(1));
        assertThat(server.heard).containsExactly("opened", "closed: no answer for too long");
    }

    @Test
    void givesUpToConnectThroughAPartition() {
        startServer();
        world.network().partition("client", "server");
        world.node("client").start(node -> node.network().connect(SERVER, client));
        run(Duration.ofSeconds(30));
        assertThat(client.heard).containsExactly("closed: no answer from server:5050");
    }

    private void run(Duration time) {
        world.time().run(time);
    }

    private static Network.Frame frame(String text) {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        return new Network.Frame() {
            @Override
            public int size() {
                return content.length;
            }

            @Override
            public void writeTo(ByteBuffer target) {
                target.put(content);
            }
        };
    }
}
