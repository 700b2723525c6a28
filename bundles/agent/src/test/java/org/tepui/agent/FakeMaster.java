// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import com.google.protobuf.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tepui.proto.internal.StatusUpdate;
import org.tepui.proto.internal.StatusUpdates;
import org.tepui.runtime.Address;
import org.tepui.runtime.EventLoop;
import org.tepui.transport.Connection;
import org.tepui.transport.ConnectionListener;
import org.tepui.transport.Endpoint;
import org.tepui.transport.Exchange;
import org.tepui.transport.MessageHandler;
import org.tepui.transport.Peer;
import org.tepui.transport.Refusal;

/** An endpoint with one master at its other end, which the test plays. */
final class FakeMaster implements Endpoint {
    private final ManualLoop loop;
    private final Map<Class<?>, MessageHandler<?>> handlers = new LinkedHashMap<>();
    private @Nullable ConnectionListener listener;
    private @Nullable Line line;
    private long connections;

    /** What the agent sent and the test has not taken. */
    final List<Message> sent = new ArrayList<>();

    /** What the agent refused. */
    final List<Refusal> refusals = new ArrayList<>();

    /** What the agent replied. */
    final List<Message> replies = new ArrayList<>();

    long epoch = 1;
    String role = "master";
    boolean closed;

    FakeMaster(ManualLoop loop) {
        this.loop = loop;
    }

    /** Opens a connection. */
    void connect() {
        loop.perform(() -> {
            line = new Line(connections++);
            if (listener != null) {
                listener.opened(line);
            }
        });
    }

    /** Breaks the connection. */
    void disconnect() {
        Line broken = line;
        line = null;
        loop.perform(() -> {
            if (broken != null && listener != null) {
                broken.open = false;
                listener.closed(broken, "broken");
            }
        });
    }

    /** Sends to the agent as its master. */
    void send(Message message) {
        deliverAs(message, line == null ? new Line(999) : line);
    }

    /** Sends to the agent as somebody else. */
    void sendAsStranger(Message message) {
        deliverAs(message, new Line(connections++));
    }

    private void deliverAs(Message message, Connection from) {
        loop.perform(() -> handle(message, new Answer(from)));
    }

    @SuppressWarnings("unchecked")
    private void handle(Message message, Exchange exchange) {
        MessageHandler<Message> handler = (MessageHandler<Message>) handlers.get(message.getClass());
        if (handler == null) {
            throw new AssertionError("no handler of " + message.getClass());
        }
        handler.handle(message, exchange);
    }

    /** Takes all messages of a type that the agent sent. */
    <M extends Message> List<M> take(Class<M> type) {
        List<M> taken = new ArrayList<>();
        for (Message message : List.copyOf(sent)) {
            if (type.isInstance(message)) {
                taken.add(type.cast(message));
                sent.remove(message);
            }
        }
        return taken;
    }

    /** Takes all statuses that the agent sent, in order. */
    List<StatusUpdate> takeUpdates() {
        List<StatusUpdate> updates = new ArrayList<>();
        take(StatusUpdates.class).forEach(message -> updates.addAll(message.getUpdatesList()));
        return updates;
    }

    boolean isConnected() {
        return line != null && line.open;
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public <M extends Message> void handle(M prototype, MessageHandler<M> handler) {
        handlers.put(prototype.getClass(), handler);
    }

    @Override
    public void listener(ConnectionListener added) {
        throw new AssertionError("an agent does not watch its clients");
    }

    @Override
    public Address listen(Address local) throws IOException {
        return new Address(local.host(), local.port() == 0 ? 5051 : local.port());
    }

    @Override
    public Reconnecting connect(Address remote, Backoff backoff, ConnectionListener hearing) {
        listener = hearing;
        return new Reconnecting() {
            @Override
            public Address remote() {
                return remote;
            }

            @Override
            public void close() {
                closed = true;
            }
        };
    }

    @Override
    public void deliver(Message message, Exchange exchange) {
        loop.perform(() -> handle(message, exchange));
    }

    @Override
    public void opened(Connection connection) {}

    @Override
    public void closed(Connection connection, String reason) {}

    @Override
    public long nextConnectionId() {
        return connections++;
    }

    @Override
    public void close() {
        closed = true;
    }

    private final class Line implements Connection {
        private final long id;
        private boolean open = true;

        Line(long id) {
            this.id = id;
        }

        @Override
        public long id() {
            return id;
        }

        @Override
        public Peer peer() {
            Address address = new Address("localhost", 5050);
            return new Peer(role, "test", Set.of(), Optional.empty(), epoch, address, address);
        }

        @Override
        public boolean send(Message message) {
            if (open) {
                sent.add(message);
            }
            return open;
        }

        @Override
        public void close(String reason) {
            open = false;
            Line self = this;
            loop.execute("closed", () -> {
                line = null;
                if (listener != null) {
                    listener.closed(self, reason);
                }
            });
        }

        @Override
        public boolean isOpen() {
            return open;
        }
    }

    private final class Answer implements Exchange {
        private final Connection from;

        Answer(Connection from) {
            this.from = from;
        }

        @Override
        public Connection connection() {
            return from;
        }

        @Override
        public Optional<String> streamId() {
            return Optional.empty();
        }

        @Override
        public boolean isHttp() {
            return false;
        }

        @Override
        public void accept() {}

        @Override
        public void reply(Message response) {
            replies.add(response);
        }

        @Override
        public void refuse(Refusal refusal) {
            refusals.add(refusal);
        }
    }
}
