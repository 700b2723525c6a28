// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.epoll.Epoll;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.tepui.proto.transport.Accepted;
import org.tepui.proto.transport.Envelope;
import org.tepui.proto.transport.Hello;
import org.tepui.runtime.Address;
import org.tepui.transport.Connection;
import org.tepui.transport.EndpointLimits;
import org.tepui.transport.HttpLimits;
import org.tepui.transport.Refusal;
import org.tepui.transport.Reply;
import org.tepui.v1.AgentID;
import org.tepui.v1.OfferID;
import org.tepui.v1.TaskID;

@ExtendWith(LeakCheck.class)
class NativeTransportTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    @Test
    void usesEpollOnLinux() {
        if (System.getProperty("os.name").equals("Linux")) {
            assertThat(Epoll.isAvailable()).isTrue();
        }
    }

    @Test
    void introducesBothSidesToEachOther() throws IOException {
        try (Service master = new Service("master");
                Service agent = new Service("agent")) {
            Address address = master.listen();
            agent.connect(address);
            Connection atAgent = Service.await(agent.opened);
            Connection atMaster = Service.await(master.opened);
            assertThat(atAgent.peer().role()).isEqualTo("master");
            assertThat(atAgent.peer().address()).isEqualTo(address);
            assertThat(atMaster.peer().role()).isEqualTo("agent");
            assertThat(atMaster.peer().version()).isEqualTo("test");
        }
    }

    @Test
    void answersRequests() throws IOException {
        try (Service master = new Service("master");
                Service agent = new Service("agent")) {
            master.endpoint()
                    .handle(
                            TaskID.getDefaultInstance(),
                            (task, exchange) -> exchange.reply(AgentID.newBuilder()
                                    .setValue("on " + task.getValue())
                                    .build()));
            Connection connection = connect(agent, master.listen());
            assertThat(request(agent, connection, task("t1"), AgentID.getDefaultInstance()))
                    .isEqualTo(new Reply.Answer<>(
                            AgentID.newBuilder().setValue("on t1").build()));
        }
    }

    @Test
    void deliversInOrder() throws IOException {
        int count = 20_000;
        List<String> arrived = new ArrayList<>();
        CompletableFuture<String> all = new CompletableFuture<>();
        try (Service master = new Service("master");
                Service agent = new Service("agent")) {
            master.endpoint().handle(TaskID.getDefaultInstance(), (task, exchange) -> {
                arrived.add(task.getValue());
                if (arrived.size() == count) {
                    all.complete("");
                }
            });
            Connection connection = connect(agent, master.listen());
            agent.run(() -> {
                for (int i = 0; i < count; i++) {
                    assertThat(connection.send(task("t" + i))).isTrue();
                }
            });
            Service.await(all);
        }
        for (int i = 0; i < count; i++) {
            assertThat(arrived.get(i)).isEqualTo("t" + i);
        }
    }

    @Test
    void sendsLongMessagesInPartsBothWays() throws IOException {
        String text = "long ".repeat(6_000_000);
        try (Service master = new Service("master");
                Service agent = new Service("agent")) {
            master.endpoint()
                    .handle(
                            TaskID.getDefaultInstance(),
                            (task, exchange) -> exchange.reply(AgentID.newBuilder()
                                    .setValue(task.getValue())
                                    .build()));
            Connection connection = connect(agent, master.listen());
            Reply<AgentID> reply = request(agent, connection, task(text), AgentID.getDefaultInstance());
            assertThat(reply)
                    .isInstanceOfSatisfying(
                            Reply.Answer.class,
                            answer -> assertThat(((AgentID) answer.message())
                                            .getValue()
                                            .equals(text))
                                    .isTrue());
        }
    }

    @Test
    void acceptsRefusesAndDoesNotKnow() throws IOException {
        try (Service master = new Service("master");
                Service agent = new Service("agent")) {
            master.endpoint().handle(TaskID.getDefaultInstance(), (task, exchange) -> {
                if (task.getValue().isEmpty()) {
                    exchange.refuse(Refusal.Kind.BAD_REQUEST, "value is empty");
                } else {
                    exchange.accept();
                }
            });
            Connection connection = connect(agent, master.listen());
            Accepted accepted = Accepted.getDefaultInstance();
            assertThat(request(agent, connection, task("t"), accepted)).isEqualTo(new Reply.Answer<>(accepted));
            assertThat(request(agent, connection, task(""), accepted))
                    .isEqualTo(new Reply.Refused<>(new Refusal(Refusal.Kind.BAD_REQUEST, "value is empty")));
            assertThat(request(
                            agent,
                            connection,
                            OfferID.newBuilder().setValue("o").build(),
                            accepted))
                    .isEqualTo(new Reply.Refused<>(new Refusal(
                            Refusal.Kind.NOT_IMPLEMENTED, "this master takes no messages of type mesos.v1.OfferID")));
            assertThat(master.count("unknown_types")).isEqualTo(1);
            assertThat(request(agent, connection, task("t"), accepted)).isEqualTo(new Reply.Answer<>(accepted));
        }
    }

    @Test
    void answersUnavailableAndGoesOnWhenAHandlerThrows() throws IOException {
        try (Service master = new Service("master");
                Service agent = new Service("agent")) {
            master.endpoint().handle(TaskID.getDefaultInstance(), (task, exchange) -> {
                if (task.getValue().equals("bug")) {
                    throw new IllegalStateException("a bug");
                }
                exchange.accept();
            });
            Connection connection = connect(agent, master.listen());
            assertThat(request(agent, connection, task("bug"), Accepted.getDefaultInstance()))
                    .isEqualTo(new Reply.Refused<>(
                            new Refusal(Refusal.Kind.UNAVAILABLE, "the master failed on this mesos.v1.TaskID")));
            assertThat(Service.await(master.faults)).hasRootCauseMessage("a bug");
            assertThat(request(agent, connection, task("t"), Accepted.getDefaultInstance()))
                    .isInstanceOf(Reply.Answer.class);
        }
    }

    @Test
    void saysThatARequestIsLostWhenThereIsNoAnswerOrNoConnection() throws IOException {
        try (Service master = new Service("master");
                Service agent = new Service("agent")) {
            master.endpoint().handle(TaskID.getDefaultInstance(), (task, exchange) -> {
                if (task.getValue().equals("close")) {
                    exchange.connection().close("enough");
                }
            });
            Connection connection = connect(agent, master.listen());
            BlockingQueue<Reply<Accepted>> replies = new LinkedBlockingQueue<>();
            agent.run(() ->
                    connection.request(task("t"), Accepted.getDefaultInstance(), Duration.ofMillis(50), replies::add));
            assertThat(Service.await(replies)).isEqualTo(new Reply.Lost<>("no answer within 50 ms"));
            assertThat(request(agent, connection, task("close"), Accepted.getDefaultInstance()))
                    .isEqualTo(new Reply.Lost<>("the connection closed: closed by the peer"));
            assertThat(request(agent, connection, task("t"), Accepted.getDefaultInstance()))
                    .isEqualTo(new Reply.Lost<>("the connection is closed"));
            assertThat(Service.await(master.closed)).isEqualTo("enough");
        }
    }

    @Test
    void connectsAgainWhenTheConnectionIsLost() throws IOException {
        try (Service master = new Service("master");
                Service agent = new Service("agent")) {
            connect(agent, master.listen());
            Connection atMaster = Service.await(master.opened);
            master.run(() -> atMaster.close("test"));
            Connection second = Service.await(agent.opened);
            assertThat(second.id()).isNotEqualTo(1L);
            assertThat(agent.call(second::isOpen)).isTrue();
        }
    }

    @Test
    void reportsTriesThatFail() throws IOException {
        Address nobody;
        try (Service master = new Service("master")) {
            nobody = master.listen();
        }
        try (Service agent = new Service("agent")) {
            agent.connect(nobody);
            assertThat(Service.await(agent.failed)).contains("refused");
            assertThat(Service.await(agent.failed)).contains("refused");
        }
        try (Service agent = new Service("agent")) {
            agent.connect(new Address("no-such-host.invalid", 1));
            assertThat(Service.await(agent.failed)).isEqualTo("the host no-such-host.invalid is not known");
        }
    }

    @Test
    void refusesAMasterOfAnOlderEpochAndTellsItWhy() throws IOException {
        try (Service master = new Service("master");
                Service agent = new Service("agent")) {
            master.endpoint().setEpoch(3);
            agent.endpoint().setEpoch(4);
            agent.connect(master.listen());
            assertThat(Service.await(agent.failed)).startsWith("epoch 3 of the master is older than epoch 4");
            assertThat(agent.count("handshakes_refused")).isPositive();
            master.endpoint().setEpoch(5);
            assertThat(Service.await(agent.opened).peer().epoch()).isEqualTo(5);
        }
    }

    @Test
    void refusesToListenBeyondLoopbackUnlessInsecure() throws IOException {
        try (Service master = new Service("master")) {
            assertThatThrownBy(() -> master.transport.listen(new Address("0.0.0.0", 0), false))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("--insecure");
            assertThat(master.transport.listen(new Address("0.0.0.0", 0), true).port())
                    .isPositive();
        }
    }

    @Test
    void namesTheAddressThatCannotBeBound() throws IOException {
        try (Service master = new Service("master");
                Service other = new Service("master")) {
            Address taken = master.listen();
            assertThatThrownBy(() -> other.transport.listen(taken, false))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(taken.toString())
                    .hasMessageContaining("in use");
        }
    }

    @Test
    void dropsAPeerThatDoesNotRead() throws IOException {
        Transport.Config small = new Transport.Config(
                new EndpointLimits(
                        1 << 20,
                        1 << 20,
                        4 << 20,
                        1 << 20,
                        4 << 20,
                        4 << 20,
                        Duration.ofSeconds(15),
                        5,
                        Duration.ofSeconds(10)),
                HttpLimits.DEFAULTS,
                10);
        try (Service master = new Service("master", small);
                Socket socket = greet(master.listen())) {
            Connection slow = Service.await(master.opened);
            String text = "x".repeat(100_000);
            assertThat(master.call(() -> {
                        int sent = 0;
                        while (slow.send(task(text))) {
                            sent++;
                        }
                        return sent;
                    }))
                    .isBetween(40, 1000);
            assertThat(Service.await(master.closed)).startsWith("the peer reads too slowly: ");
            assertThat(master.count("queue_overflows")).isEqualTo(1);
            assertThat(socket.isConnected()).isTrue();
        }
    }

    @Test
    void letsPeersWaitWhileTheLoopIsBehindAndLosesNothing() throws IOException {
        long highWaterMark = 1 << 20;
        int peers = 4;
        int messages = 4000;
        Transport.Config small = new Transport.Config(
                new EndpointLimits(
                        4096,
                        4096,
                        64 << 20,
                        64 << 20,
                        highWaterMark,
                        4096,
                        Duration.ofSeconds(15),
                        5,
                        Duration.ofSeconds(10)),
                HttpLimits.DEFAULTS,
                10);
        List<Service> agents = new ArrayList<>();
        try (Service master = new Service("master", small)) {
            List<String> arrived = new ArrayList<>();
            CompletableFuture<Integer> all = new CompletableFuture<>();
            CountDownLatch released = new CountDownLatch(1);
            master.endpoint().handle(TaskID.getDefaultInstance(), (task, exchange) -> {
                arrived.add(task.getValue());
                if (arrived.size() == 1) {
                    hold(released);
                } else if (arrived.size() == peers * messages) {
                    all.complete(arrived.size());
                }
            });
            Address address = master.listen();
            String padding = "x".repeat(1000);
            List<Connection> connections = new ArrayList<>();
            for (int i = 0; i < peers; i++) {
                Service agent = new Service("agent" + i);
                agents.add(agent);
                connections.add(connect(agent, address));
            }
            for (int i = 0; i < peers; i++) {
                Connection connection = connections.get(i);
                agents.get(i).run(() -> {
                    for (int n = 0; n < messages; n++) {
                        connection.send(task(n + ":" + padding));
                    }
                });
            }
            long deadline = System.nanoTime() + TIMEOUT.toNanos();
            while (master.count("reading_pauses") < peers && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            // each connection may bring what one read of it held, and no more
            assertThat(master.endpoint().backlogBytes()).isBetween(highWaterMark, highWaterMark + peers * (1L << 20));
            released.countDown();
            assertThat(Service.await(all)).isEqualTo(peers * messages);
            assertThat(master.call(() -> master.endpoint().backlogBytes())).isLessThan(highWaterMark);
            assertThat(master.closed).isEmpty();
        } finally {
            agents.forEach(Service::close);
        }
    }

    private static void hold(CountDownLatch released) {
        try {
            assertThat(released.await(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void closesTheConnectionOfAFrameThatIsTooLong() throws IOException {
        try (Service master = new Service("master");
                Socket socket = greet(master.listen())) {
            Service.await(master.opened);
            socket.getOutputStream().write(new byte[] {0x7F, 0, 0, 0, 1, 2, 3});
            assertThat(Service.await(master.closed)).contains("2130706432 bytes; allowed are 1 to 4194304");
            assertThat(master.count("malformed_frames")).isEqualTo(1);
            socket.getInputStream().readAllBytes();
        }
    }

    @Test
    void endsSoonWhileConnectionsAreHalfOpen() throws IOException {
        Service master = new Service("master");
        Address address = master.listen();
        try (Socket silent = new Socket(address.host(), address.port())) {
            Service agent = new Service("agent");
            // nobody answers at this address: it is set aside for documentation
            agent.connect(new Address("192.0.2.1", 9));
            long before = System.nanoTime();
            agent.close();
            master.close();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(4));
            assertThat(silent.getInputStream().read()).isNegative();
        }
    }

    /** A peer that introduces itself and then neither reads nor writes. */
    private static Socket greet(Address address) throws IOException {
        Socket socket = new Socket(address.host(), address.port());
        socket.setSoTimeout(20_000);
        Hello hello = Hello.newBuilder().setRole("agent").setVersion("raw").build();
        byte[] frame = Envelope.newBuilder()
                .setType("tepui.transport.Hello")
                .setPayload(hello.toByteString())
                .build()
                .toByteArray();
        DataOutputStream output = new DataOutputStream(socket.getOutputStream());
        output.write(PortHandler.preface());
        output.writeInt(frame.length);
        output.write(frame);
        return socket;
    }

    private static Connection connect(Service service, Address remote) {
        service.connect(remote);
        return Service.await(service.opened);
    }

    private static TaskID task(String value) {
        return TaskID.newBuilder().setValue(value).build();
    }

    private static <M extends com.google.protobuf.Message> Reply<M> request(
            Service service, Connection connection, com.google.protobuf.Message message, M answerType) {
        CompletableFuture<Reply<M>> reply = new CompletableFuture<>();
        service.run(() -> connection.request(message, answerType, TIMEOUT, reply::complete));
        return Service.await(reply);
    }
}
