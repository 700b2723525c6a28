// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport;

import com.google.protobuf.Message;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.proto.transport.Envelope;
import org.tepui.proto.transport.Heartbeat;
import org.tepui.proto.transport.Hello;
import org.tepui.proto.transport.Refused;
import org.tepui.runtime.Address;
import org.tepui.runtime.Network;
import org.tepui.runtime.Timer;

/**
 * One native connection, seen from the loop of its endpoint: handshake, heartbeats, messages in both directions,
 * end. On the loop.
 */
final class NativeConnection implements Connection {
    private static final Logger LOG = LoggerFactory.getLogger(NativeConnection.class);
    private static final String HELLO = Hello.getDescriptor().getFullName();

    /** Where a connection is on its way. */
    enum State {
        /** The network opens the link. */
        CONNECTING,
        /** The link is there, the peer has not said who it is. */
        GREETING,
        /** Messages flow. */
        OPEN,
        /** This side wants no more; what is queued is being sent. */
        CLOSING,
        /** The link is gone. */
        CLOSED
    }

    static final Map<State, Set<State>> MOVES = Map.of(
            State.CONNECTING, Set.of(State.GREETING, State.CLOSING, State.CLOSED),
            State.GREETING, Set.of(State.OPEN, State.CLOSING, State.CLOSED),
            State.OPEN, Set.of(State.CLOSING, State.CLOSED),
            State.CLOSING, Set.of(State.CLOSED),
            State.CLOSED, Set.of());

    /** Who made the connection and hears how it goes. */
    interface Owner {
        /** The handshake is done. */
        void opened(NativeConnection connection);

        /** The link is gone. Called once, also if the connection never opened. */
        void ended(NativeConnection connection, boolean wasOpen, String reason);
    }

    private final MessageEndpoint endpoint;
    private final EndpointLimits limits;
    private final TransportCounters counters;
    private final boolean initiator;
    private final Address remote;
    private final Owner owner;
    private final long id;
    private final PendingRequests requests;
    private final Liveness liveness;

    private State state = State.CONNECTING;
    private Network.@Nullable Link link;
    private @Nullable Peer peer;
    private @Nullable Timer handshakeTimer;
    private @Nullable String closeReason;
    private int stagedMessages;
    private volatile boolean readingPaused;

    NativeConnection(MessageEndpoint endpoint, boolean initiator, Address remote, Owner owner) {
        this.endpoint = endpoint;
        this.limits = endpoint.limits();
        this.counters = endpoint.counters();
        this.initiator = initiator;
        this.remote = remote;
        this.owner = owner;
        this.id = endpoint.nextConnectionId();
        this.requests = new PendingRequests(endpoint.loop());
        this.liveness = new Liveness(endpoint.loop(), limits, this::heartbeat, this::silent, () -> readingPaused);
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public Peer peer() {
        if (peer == null) {
            throw new IllegalStateException("the peer at " + remote + " has not said who it is");
        }
        return peer;
    }

    @Override
    public boolean isOpen() {
        return state == State.OPEN;
    }

    @Override
    public boolean send(Message message) {
        assertInLoop();
        return state == State.OPEN && stage(0, 0, message);
    }

    @Override
    public <M extends Message> void request(
            Message message, M answerType, Duration timeout, Consumer<Reply<M>> callback) {
        assertInLoop();
        endpoint.types().of(answerType);
        long requestId = requests.add(answerType, timeout, callback);
        if (state != State.OPEN || !stage(requestId, 0, message)) {
            endpoint.loop().execute("request lost", () -> requests.lose(requestId, "the connection is closed"));
        }
    }

    /** Answers a request, or with an id of 0 refuses a message that was none. */
    void answer(long requestId, Message message) {
        if (state != State.OPEN) {
            return;
        }
        int size = message.getSerializedSize();
        if (size <= limits.maximumMessageBytes()) {
            stage(0, requestId, message);
            return;
        }
        String type = message.getDescriptorForType().getFullName();
        String reason = "the answer, a " + type + ", has " + size + " bytes, at most " + limits.maximumMessageBytes()
                + " are allowed";
        stage(0, requestId, NativeExchange.refused(type, Refusal.Kind.TOO_LARGE, reason));
    }

    @Override
    public void close(String reason) {
        assertInLoop();
        if (state == State.CLOSING || state == State.CLOSED) {
            return;
        }
        closeReason = reason;
        move(State.CLOSING);
        stopTimers();
        if (link != null) {
            link.flush();
            link.close();
        }
    }

    /** The network opened the link. */
    void linked(Network.Link opened) {
        link = opened;
        if (state != State.CONNECTING) {
            opened.close();
            return;
        }
        move(State.GREETING);
        endpoint.linked(this);
        handshakeTimer = endpoint.loop()
                .schedule(
                        "handshake timeout",
                        limits.handshakeTimeout(),
                        () -> close("no handshake within "
                                + limits.handshakeTimeout().toMillis() + " ms"));
        if (initiator) {
            stage(0, 0, endpoint.handshake().hello());
        }
    }

    /** The network closed the link, or could not open it. */
    void unlinked(String reason) {
        if (state == State.CLOSED) {
            return;
        }
        String why = closeReason != null ? closeReason : reason;
        boolean wasOpen = peer != null;
        move(State.CLOSED);
        stopTimers();
        endpoint.unlinked(this);
        (wasOpen ? counters.connectionsClosed() : counters.connectionsFailed()).increment();
        requests.loseAll("the connection closed: " + why);
        owner.ended(this, wasOpen, why);
    }

    /** Reading from the link was paused or goes on. From any thread. */
    void readingPaused(boolean paused) {
        readingPaused = paused;
        if (paused) {
            counters.readingPauses().increment();
        }
    }

    /** Handles what arrived together. */
    void received(List<Inbound> burst, long bytes) {
        liveness.received();
        counters.bytesReceived().add(bytes);
        counters.messagesReceived().add(burst.size());
        endpoint.flushes().beginBurst();
        try {
            for (int i = 0; i < burst.size(); i++) {
                received(burst.get(i));
            }
        } finally {
            endpoint.flushes().endBurst();
        }
    }

    private void received(Inbound inbound) {
        if (state != State.OPEN && state != State.GREETING) {
            return;
        }
        if (inbound instanceof Inbound.Received received) {
            if (state == State.GREETING) {
                greeted(received.message());
            } else {
                handle(received);
            }
        } else if (inbound instanceof Inbound.Unknown unknown) {
            unknown(unknown);
        } else if (inbound instanceof Inbound.Malformed malformed) {
            malformed(malformed.reason());
        } else if (inbound instanceof Inbound.Overflow overflow) {
            overflow(overflow.reason());
        }
    }

    private void greeted(Message message) {
        if (message instanceof Refused refused) {
            close("refused by the peer: " + refused.getReason());
            return;
        }
        if (!(message instanceof Hello hello)) {
            malformed("the first message is a " + message.getDescriptorForType().getFullName() + ", a " + HELLO
                    + " is expected");
            return;
        }
        Peer introduced;
        try {
            introduced = endpoint.handshake().peer(hello, remote);
        } catch (MalformedFrameException e) {
            malformed(String.valueOf(e.getMessage()));
            return;
        }
        Optional<String> refusal = endpoint.handshake().refusal(introduced);
        if (refusal.isPresent()) {
            counters.handshakesRefused().increment();
            LOG.warn("{}: refusing {} at {}: {}", endpoint.name(), introduced.role(), remote, refusal.get());
            stage(0, 0, NativeExchange.refused(HELLO, Refusal.Kind.CONFLICT, refusal.get()));
            close(refusal.get());
            return;
        }
        if (!initiator) {
            stage(0, 0, endpoint.handshake().hello());
        }
        peer = introduced;
        move(State.OPEN);
        stopTimers();
        liveness.start();
        counters.connectionsOpened().increment();
        owner.opened(this);
    }

    private void handle(Inbound.Received received) {
        Message message = received.message();
        if (received.inReplyTo() != 0) {
            if (!requests.answer(received.inReplyTo(), message)) {
                counters.answersUnexpected().increment();
            }
            return;
        }
        MessageHandler<Message> handler = received.type().handler();
        if (handler != null) {
            Exchange exchange = new NativeExchange(this, received.type().name(), received.requestId());
            endpoint.handle(handler, message, exchange);
        } else if (message instanceof Heartbeat) {
            // that it came is all it says
            return;
        } else if (message instanceof Refused refused) {
            LOG.info("{}: {} did not take a {}: {}", endpoint.name(), this, refused.getType(), refused.getReason());
        } else if (message instanceof Hello) {
            malformed("a second " + HELLO);
        } else {
            unknown(new Inbound.Unknown(received.type().name(), received.requestId(), 0));
        }
    }

    private void unknown(Inbound.Unknown unknown) {
        if (state == State.GREETING) {
            malformed("the first message is a " + unknown.type() + ", a " + HELLO + " is expected");
        } else if (unknown.inReplyTo() != 0) {
            if (!requests.unreadable(unknown.inReplyTo(), unknown.type())) {
                counters.answersUnexpected().increment();
            }
        } else {
            counters.unknownTypes().increment();
            String reason = "this " + endpoint.role() + " takes no messages of type " + unknown.type();
            answer(unknown.requestId(), NativeExchange.refused(unknown.type(), Refusal.Kind.NOT_IMPLEMENTED, reason));
        }
    }

    private void malformed(String reason) {
        counters.malformedFrames().increment();
        refuseFrame(Refusal.Kind.BAD_REQUEST, "malformed frame: ", reason);
    }

    private void overflow(String reason) {
        counters.longMessageOverflows().increment();
        refuseFrame(Refusal.Kind.UNAVAILABLE, "", reason);
    }

    private void refuseFrame(Refusal.Kind kind, String prefix, String reason) {
        LOG.warn("{}: closing the connection to {}: {}{}", endpoint.name(), this, prefix, reason);
        stage(0, 0, NativeExchange.refused(Envelope.getDescriptor().getFullName(), kind, reason));
        close(prefix + reason);
    }

    private boolean stage(long requestId, long inReplyTo, Message message) {
        Network.Link current = link;
        if (current == null) {
            return false;
        }
        long queued = current.queuedBytes();
        if (queued > limits.maximumQueuedBytes()) {
            counters.queueOverflows().increment();
            String reason = "the peer reads too slowly: " + queued + " bytes wait for it, "
                    + limits.maximumQueuedBytes() + " are allowed";
            LOG.warn("{}: closing the connection to {}: {}", endpoint.name(), this, reason);
            close(reason);
            return false;
        }
        byte[] type = endpoint.typeOf(message).encodedName();
        int size = message.getSerializedSize();
        boolean taken = size + type.length + EnvelopeFrame.OVERHEAD <= limits.maximumFrameBytes()
                ? current.stage(EnvelopeFrame.whole(type, requestId, inReplyTo, message))
                : stageParts(current, type, requestId, inReplyTo, message);
        stagedMessages++;
        if (stagedMessages == 1) {
            endpoint.flushes().staged(this);
        }
        return taken;
    }

    private boolean stageParts(Network.Link to, byte[] type, long requestId, long inReplyTo, Message message) {
        int size = message.getSerializedSize();
        if (size > limits.maximumMessageBytes()) {
            throw new IllegalArgumentException(
                    "a " + message.getDescriptorForType().getFullName() + " has " + size + " bytes, at most "
                            + limits.maximumMessageBytes() + " are allowed");
        }
        ByteBuffer bytes = ByteBuffer.wrap(message.toByteArray());
        int length = limits.maximumFrameBytes() - type.length - EnvelopeFrame.OVERHEAD;
        boolean taken = true;
        for (int offset = 0, number = 0; taken && offset < size; offset += length, number++) {
            int bytesOfPart = Math.min(length, size - offset);
            boolean last = offset + bytesOfPart == size;
            EnvelopeFrame.Part part = new EnvelopeFrame.Part(bytes.slice(offset, bytesOfPart), number, last);
            taken = to.stage(EnvelopeFrame.part(type, requestId, inReplyTo, part));
        }
        return taken;
    }

    /** Sends what was staged. */
    void flush() {
        counters.messagesSent().add(stagedMessages);
        stagedMessages = 0;
        if (link != null) {
            link.flush();
            liveness.sent();
        }
    }

    private void heartbeat() {
        if (state == State.OPEN) {
            stage(0, 0, Heartbeat.getDefaultInstance());
        }
    }

    private void silent() {
        counters.peersSilent().increment();
        close("nothing came for " + limits.silenceLimit().toMillis() + " ms");
    }

    private void stopTimers() {
        if (handshakeTimer != null) {
            handshakeTimer.cancel();
            handshakeTimer = null;
        }
        if (state != State.OPEN) {
            liveness.stop();
        }
    }

    private void move(State next) {
        if (!MOVES.getOrDefault(state, Set.of()).contains(next)) {
            throw new IllegalStateException("a connection cannot go from " + state + " to " + next);
        }
        state = next;
    }

    void assertInLoop() {
        endpoint.loop().assertInLoop();
    }

    @Override
    public String toString() {
        return (peer == null ? "peer" : peer.role()) + " at " + remote;
    }
}
