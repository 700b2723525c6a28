// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import com.google.protobuf.Message;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.api.AgentId;
import org.tepui.proto.convert.IdConversion;
import org.tepui.proto.internal.AgentRegistered;
import org.tepui.proto.internal.PingAgent;
import org.tepui.proto.internal.PongAgent;
import org.tepui.runtime.Address;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.Randomness;
import org.tepui.runtime.Timer;
import org.tepui.transport.Connection;
import org.tepui.transport.ConnectionListener;
import org.tepui.transport.Endpoint;

/**
 * The agent's connection to its master, and its registration there.
 *
 * <p>On each new connection the agent asks to be admitted after a random wait, again and again with a growing
 * bound, until the master answers. It does so anew when the master says that it lost track of the agent, and
 * connects anew when no ping comes for too long. Soft state.
 */
final class MasterLink implements ConnectionListener {
    private static final Logger LOG = LoggerFactory.getLogger(MasterLink.class);
    private static final Endpoint.Backoff CONNECT_BACKOFF =
            new Endpoint.Backoff(Duration.ofMillis(100), Duration.ofSeconds(10));

    private final EventLoop loop;
    private final Endpoint endpoint;
    private final Randomness randomness;
    private final AgentConfig config;
    private final AgentIdentity identity;
    private final AgentMetrics metrics;
    private final Listener listener;

    private RegistrationState state = RegistrationState.DISCONNECTED;
    private Endpoint.@Nullable Reconnecting reconnecting;
    private @Nullable Connection connection;
    private @Nullable Timer attempt;
    private @Nullable Timer watchdog;
    private Duration pingTimeout;
    private long lastPingNanos;

    /** What the registration needs, and who hears of it. On the loop. */
    interface Listener {
        /** RegisterAgent or ReregisterAgent, as things are now. */
        Message registration();

        /** The master admitted the agent: it can be told everything. */
        void registered(AgentRegistered message);

        /** There is no master that knows the agent. */
        void unregistered();

        /** The agent cannot go on under this master. */
        void impossible(String reason);
    }

    MasterLink(
            Endpoint endpoint,
            Randomness randomness,
            AgentConfig config,
            AgentIdentity identity,
            AgentMetrics metrics,
            Listener listener) {
        this.loop = endpoint.loop();
        this.endpoint = endpoint;
        this.randomness = randomness;
        this.config = config;
        this.identity = identity;
        this.metrics = metrics;
        this.listener = listener;
        this.pingTimeout = config.timings().pingTimeout();
    }

    /** Starts to look for the master. */
    void start() {
        loop.assertInLoop();
        reconnecting = endpoint.connect(config.master(), CONNECT_BACKOFF, this);
    }

    /** Ends the connection and asks no more. */
    void stop() {
        loop.assertInLoop();
        move(RegistrationState.ENDED);
        cancelTimers();
        if (reconnecting != null) {
            reconnecting.close();
        }
    }

    RegistrationState state() {
        return state;
    }

    /** The address at which the agent reaches its master. */
    Address master() {
        return config.master();
    }

    /** Whether this connection is the one to the master: only there a master's orders are taken. */
    boolean isMaster(Connection candidate) {
        return connection != null && connection.id() == candidate.id();
    }

    /** Sends to the master; what cannot be sent is lost, and is sent again by its owner. */
    void send(Message message) {
        if (connection != null && !connection.send(message)) {
            LOG.debug("Could not send {}", message.getDescriptorForType().getName());
        }
    }

    @Override
    public void opened(Connection opened) {
        loop.assertInLoop();
        long epoch = opened.peer().epoch();
        if (!opened.peer().role().equals("master") || epoch < identity.epoch()) {
            LOG.warn(
                    "{} is {} of epoch {}, and epoch {} is known: it is not obeyed",
                    config.master(),
                    opened.peer().role(),
                    epoch,
                    identity.epoch());
            opened.close("not the master of epoch " + identity.epoch() + " or newer");
            return;
        }
        LOG.info("Connected to the master at {}", config.master());
        connection = opened;
        ask();
    }

    @Override
    public void closed(Connection closed, String reason) {
        loop.assertInLoop();
        if (!isMaster(closed)) {
            return;
        }
        connection = null;
        if (state != RegistrationState.ENDED) {
            LOG.warn("Lost the connection to the master: {}", reason);
            move(RegistrationState.DISCONNECTED);
            cancelTimers();
            listener.unregistered();
        }
    }

    @Override
    public void failed(Address remote, String reason) {
        LOG.debug("No connection to the master at {}: {}", remote, reason);
    }

    private void ask() {
        move(RegistrationState.REGISTERING);
        cancelTimers();
        scheduleAttempt(config.timings().registrationBackoff());
    }

    private void scheduleAttempt(Duration bound) {
        Duration wait = Duration.ofNanos(randomness.nextLong(bound.toNanos() + 1));
        attempt = loop.schedule("register", wait, () -> {
            metrics.registrationAttempts.increment();
            send(listener.registration());
            Duration doubled = bound.multipliedBy(2);
            Duration maximum = config.timings().maximumRegistrationBackoff();
            scheduleAttempt(doubled.compareTo(maximum) > 0 ? maximum : doubled);
        });
    }

    /** The master admitted the agent. */
    void registered(AgentRegistered message) {
        loop.assertInLoop();
        if (state != RegistrationState.REGISTERING || connection == null) {
            LOG.debug("A registration that was answered already");
            return;
        }
        AgentId id = IdConversion.toApi(message.getAgentId());
        Optional<AgentId> known = identity.id();
        if (known.isPresent() && !known.get().equals(id)) {
            listener.impossible("the master gave this agent the id " + id + ", but it is " + known.get());
            return;
        }
        identity.admit(id, connection.peer().epoch());
        cancelTimers();
        move(RegistrationState.REGISTERED);
        if (message.getPingTimeoutMs() > 0) {
            pingTimeout = Duration.ofMillis(message.getPingTimeoutMs());
        }
        lastPingNanos = loop.clock().nanoTime();
        watch(pingTimeout);
        LOG.info("Registered with the master at {} as {}", config.master(), id);
        listener.registered(message);
    }

    /** The master asks whether the agent is there. */
    void pinged(PingAgent ping) {
        loop.assertInLoop();
        lastPingNanos = loop.clock().nanoTime();
        send(PongAgent.getDefaultInstance());
        if (!ping.getConnected() && state == RegistrationState.REGISTERED) {
            LOG.warn("The master holds this agent for disconnected: registering again");
            listener.unregistered();
            ask();
        }
    }

    private void watch(Duration wait) {
        watchdog = loop.schedule("watch for pings", wait, () -> {
            Duration silent = Duration.ofNanos(loop.clock().nanoTime() - lastPingNanos);
            Connection current = connection;
            if (silent.compareTo(pingTimeout) < 0) {
                watch(pingTimeout.minus(silent));
            } else if (current != null) {
                LOG.warn("No ping of the master for {}: connecting again", silent);
                current.close("no ping for " + silent);
            }
        });
    }

    private void move(RegistrationState next) {
        if (!state.mayBecome(next)) {
            LOG.debug("The registration cannot go from {} to {}", state, next);
            return;
        }
        state = next;
        metrics.registered(next == RegistrationState.REGISTERED);
    }

    private void cancelTimers() {
        if (attempt != null) {
            attempt.cancel();
        }
        if (watchdog != null) {
            watchdog.cancel();
        }
    }
}
