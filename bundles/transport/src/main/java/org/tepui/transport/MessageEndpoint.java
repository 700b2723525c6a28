// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport;

import com.google.protobuf.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.proto.transport.Accepted;
import org.tepui.proto.transport.Heartbeat;
import org.tepui.proto.transport.Hello;
import org.tepui.proto.transport.Refused;
import org.tepui.runtime.Address;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.Network;
import org.tepui.runtime.Randomness;

/**
 * The endpoint of a service over any {@link Network}: handshake, envelopes, requests and answers, long messages in
 * parts, heartbeats, reconnecting. Frames are decoded on the thread of their link, and what arrived together
 * reaches the loop as one event.
 */
public final class MessageEndpoint implements Endpoint {
    private static final Logger LOG = LoggerFactory.getLogger(MessageEndpoint.class);

    private final EventLoop loop;
    private final Network network;
    private final Randomness randomness;
    private final LocalPeer self;
    private final EndpointLimits limits;
    private final TransportCounters counters;
    private final Handshake handshake;
    private final TypeTable types = new TypeTable();
    private final MessageType heartbeat;
    private final Flushes flushes;
    private final Backlog backlog;
    private final LongMessages longMessages;
    /** Of messages that arrived by other means and wait for the loop. */
    private final AtomicLong deliveredBytes = new AtomicLong();

    private final AtomicLong connectionIds = new AtomicLong();
    private final List<ConnectionListener> listeners = new CopyOnWriteArrayList<>();
    private final List<Network.Listening> listenings = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    /**
     * Native connections with a link, and wishes to be connected, in the order in which they were made. On the
     * loop.
     */
    private final Set<NativeConnection> connections = new LinkedHashSet<>();

    private final Set<Reconnector> reconnectors = new LinkedHashSet<>();
    /** Most messages have the type of the one before. */
    private @Nullable MessageType sentType;

    private @Nullable Class<?> sentClass;

    /**
     * Makes an endpoint without connections.
     *
     * @param loop of the service; all handlers and listeners are called on it
     * @param randomness for the jitter of reconnecting
     * @param self what peers are told in the handshake
     * @param rule which epochs of peers are acceptable
     */
    public MessageEndpoint(
            EventLoop loop,
            Network network,
            Randomness randomness,
            LocalPeer self,
            EndpointLimits limits,
            EpochRule rule,
            TransportCounters counters) {
        this.loop = loop;
        this.network = network;
        this.randomness = randomness;
        this.self = self;
        this.limits = limits;
        this.counters = counters;
        this.handshake = new Handshake(self, rule);
        this.flushes = new Flushes(loop);
        this.backlog = new Backlog(limits.maximumBacklogBytes());
        this.longMessages = new LongMessages(limits.maximumLongBytes());
        this.heartbeat = types.of(Heartbeat.getDefaultInstance());
        types.of(Hello.getDefaultInstance());
        types.of(Refused.getDefaultInstance());
        types.of(Accepted.getDefaultInstance());
    }

    /**
     * Sets the epoch of the leader that this service is or follows; handshakes from now on say it and compare with
     * it. Connections that are open stay so.
     */
    public void setEpoch(long epoch) {
        handshake.setEpoch(epoch);
    }

    /**
     * Sets where others reach this service, which handshakes say; without it the address of {@link #listen}, if
     * that names a host.
     */
    public void setAddress(Address reachable) {
        handshake.setAddress(reachable);
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <M extends Message> void handle(M prototype, MessageHandler<M> handler) {
        MessageType type = types.of(prototype);
        if (type.handler() != null) {
            throw new IllegalStateException("messages of type " + type.name() + " have a handler already");
        }
        type.setHandler((message, exchange) -> handler.handle((M) message, exchange));
    }

    @Override
    public void listener(ConnectionListener listener) {
        listeners.add(listener);
    }

    @Override
    public Address listen(Address local) throws IOException {
        requireNotClosed();
        Network.Listening listening =
                network.listen(local, remote -> inbound(new NativeConnection(this, false, remote, accepted)));
        listenings.add(listening);
        Address bound = listening.address();
        if (handshake.address().isEmpty() && !isWildcard(bound.host())) {
            handshake.setAddress(bound);
        }
        return bound;
    }

    private static boolean isWildcard(String host) {
        return host.equals("0.0.0.0") || host.equals("::") || host.equals("0:0:0:0:0:0:0:0");
    }

    @Override
    public Reconnecting connect(Address remote, Backoff backoff, ConnectionListener listener) {
        loop.assertInLoop();
        requireNotClosed();
        Reconnector reconnector = new Reconnector(this, remote, backoff, listener);
        reconnectors.add(reconnector);
        reconnector.start();
        return reconnector;
    }

    @Override
    public void deliver(Message message, Exchange exchange) {
        long cost = Backlog.cost(1, message.getSerializedSize());
        long waiting = deliveredBytes.addAndGet(cost);
        // one alone is always taken: what it may have in bytes is for others to say
        if (waiting > limits.maximumBacklogBytes() && waiting > cost) {
            deliveredBytes.addAndGet(-cost);
            counters.callsTurnedAway().increment();
            loop.execute(
                    "refuse message",
                    () -> exchange.refuse(
                            Refusal.Kind.UNAVAILABLE, "too much waits for this " + role() + ": try again later"));
            return;
        }
        loop.execute("delivered message", () -> {
            deliveredBytes.addAndGet(-cost);
            delivered(message, exchange);
        });
    }

    private void delivered(Message message, Exchange exchange) {
        MessageHandler<Message> handler = types.of(message).handler();
        if (closed) {
            exchange.refuse(Refusal.Kind.UNAVAILABLE, "this " + role() + " ends");
        } else if (handler != null) {
            handle(handler, message, exchange);
        } else {
            counters.unknownTypes().increment();
            exchange.refuse(
                    Refusal.Kind.NOT_IMPLEMENTED,
                    "this " + role() + " takes no messages of type "
                            + message.getDescriptorForType().getFullName());
        }
    }

    @Override
    public void opened(Connection connection) {
        loop.assertInLoop();
        listeners.forEach(listener -> listener.opened(connection));
    }

    @Override
    public void closed(Connection connection, String reason) {
        loop.assertInLoop();
        listeners.forEach(listener -> listener.closed(connection, reason));
    }

    @Override
    public long nextConnectionId() {
        return connectionIds.incrementAndGet();
    }

    /** From any thread; off the loop the connections are closed by an event of it. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        listenings.forEach(Network.Listening::close);
        if (loop.inLoop()) {
            closeConnections();
        } else {
            loop.execute("close endpoint", this::closeConnections);
        }
    }

    private void closeConnections() {
        new ArrayList<>(reconnectors).forEach(Reconnector::close);
        new ArrayList<>(connections).forEach(connection -> connection.close("this " + role() + " ends"));
        types.all().forEach(type -> type.setHandler(null));
    }

    boolean isClosed() {
        return closed;
    }

    private void requireNotClosed() {
        if (closed) {
            throw new IllegalStateException("the endpoint of " + name() + " is closed");
        }
    }

    private InboundLink inbound(NativeConnection connection) {
        FrameDecoder decoder = new FrameDecoder(types, heartbeat, limits.maximumMessageBytes(), longMessages);
        return new InboundLink(connection, loop, decoder, backlog, limits.maximumUnhandledBytes());
    }

    /** What arrived and waits for the loop, by links and other means, in bytes as they count. From any thread. */
    public long backlogBytes() {
        return backlog.waiting() + deliveredBytes.get();
    }

    /** What messages in parts hold, in bytes. From any thread. */
    public long longMessageBytes() {
        return longMessages.bytes();
    }

    /** Starts one try to connect; the owner hears how it went. */
    NativeConnection connectOnce(Address remote, NativeConnection.Owner owner) {
        NativeConnection connection = new NativeConnection(this, true, remote, owner);
        network.connect(remote, inbound(connection));
        return connection;
    }

    /**
     * Calls a handler; what it throws goes to the fault handler of the loop, and what else arrived is handled all
     * the same.
     */
    void handle(MessageHandler<Message> handler, Message message, Exchange exchange) {
        try {
            handler.handle(message, exchange);
        } catch (RuntimeException e) {
            String type = message.getDescriptorForType().getFullName();
            loop.execute("failed handler", () -> {
                throw new IllegalStateException("the handler of " + type + " failed", e);
            });
            try {
                exchange.refuse(Refusal.Kind.UNAVAILABLE, "the " + role() + " failed on this " + type);
            } catch (IllegalStateException answered) {
                LOG.debug("the handler of {} failed after it had answered", type, answered);
            }
        }
    }

    /** Tells of connections that others open. */
    private final NativeConnection.Owner accepted = new NativeConnection.Owner() {
        @Override
        public void opened(NativeConnection connection) {
            MessageEndpoint.this.opened(connection);
        }

        @Override
        public void ended(NativeConnection connection, boolean wasOpen, String reason) {
            if (wasOpen) {
                MessageEndpoint.this.closed(connection, reason);
            } else {
                LOG.info("{}: a connection of {} ended before the handshake was done: {}", name(), connection, reason);
            }
        }
    };

    void linked(NativeConnection connection) {
        connections.add(connection);
    }

    void unlinked(NativeConnection connection) {
        connections.remove(connection);
    }

    void forget(Reconnector reconnector) {
        reconnectors.remove(reconnector);
    }

    String name() {
        return loop.name();
    }

    String role() {
        return self.role();
    }

    EndpointLimits limits() {
        return limits;
    }

    TransportCounters counters() {
        return counters;
    }

    Handshake handshake() {
        return handshake;
    }

    TypeTable types() {
        return types;
    }

    /** The type of a message to be sent. On the loop. */
    MessageType typeOf(Message message) {
        MessageType type = sentType;
        if (type == null || sentClass != message.getClass()) {
            type = types.of(message);
            sentType = type;
            sentClass = message.getClass();
        }
        return type;
    }

    Flushes flushes() {
        return flushes;
    }

    Randomness randomness() {
        return randomness;
    }
}
