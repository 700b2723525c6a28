// SPDX-License-Identifier: Apache-2.0
package org.tepui.driver;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.proto.transport.Refused;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.Timer;
import org.tepui.transport.Connection;
import org.tepui.transport.ConnectionListener;
import org.tepui.transport.Endpoint;
import org.tepui.transport.Peer;
import org.tepui.v1.AgentID;
import org.tepui.v1.ExecutorID;
import org.tepui.v1.Filters;
import org.tepui.v1.FrameworkInfo;
import org.tepui.v1.KillPolicy;
import org.tepui.v1.Offer;
import org.tepui.v1.OfferID;
import org.tepui.v1.Request;
import org.tepui.v1.TaskID;
import org.tepui.v1.TaskStatus;
import org.tepui.v1.scheduler.Call;
import org.tepui.v1.scheduler.Event;

/**
 * A scheduler driver over an endpoint: the same class over real and simulated networks.
 *
 * <p>All state belongs to the endpoint's loop. Soft: who the master is, whether it has answered, and the newest epoch
 * of a leader; a master of an older one leads no more and is not followed. Hard: the framework id, which the
 * framework itself has to keep if it is to survive the loss of its process.
 */
public final class EndpointSchedulerDriver implements SchedulerDriver {
    private static final Logger LOG = LoggerFactory.getLogger(EndpointSchedulerDriver.class);
    private static final String MASTER = "master";

    private final DriverConfig config;
    private final Scheduler scheduler;
    private final Endpoint endpoint;
    private final EventLoop loop;
    private final AtomicLong droppedCalls = new AtomicLong();
    private FrameworkInfo framework;
    private Endpoint.@Nullable Reconnecting reconnecting;
    private @Nullable Connection connection;
    /** The newest epoch of a leader that was seen. */
    private long epoch;

    private @Nullable Timer subscribeRetry;
    private @Nullable Timer heartbeatCheck;
    private long lastEventNanos;
    private boolean closed;
    private volatile boolean subscribed;

    /** @param endpoint for this driver alone, not started; closed with the driver */
    public EndpointSchedulerDriver(DriverConfig config, Scheduler scheduler, Endpoint endpoint) {
        this.config = config;
        this.scheduler = scheduler;
        this.endpoint = endpoint;
        this.loop = endpoint.loop();
        this.framework = config.framework();
        endpoint.handle(Event.getDefaultInstance(), (event, exchange) -> received(event, exchange.connection()));
        endpoint.handle(Refused.getDefaultInstance(), (refused, exchange) -> refused(refused));
    }

    @Override
    public void start() {
        loop.execute("start driver", () -> {
            if (reconnecting == null && !closed) {
                reconnecting = endpoint.connect(
                        config.master(),
                        new Endpoint.Backoff(config.initialBackoff(), config.maximumBackoff()),
                        new MasterConnection());
            }
        });
    }

    private final class MasterConnection implements ConnectionListener {
        @Override
        public void opened(Connection opened) {
            Peer peer = opened.peer();
            if (!peer.role().equals(MASTER) || peer.epoch() < epoch) {
                LOG.warn(
                        "{} is {} of epoch {}, and epoch {} is known: it is not followed",
                        config.master(),
                        peer.role(),
                        peer.epoch(),
                        epoch);
                opened.close("not the master of epoch " + epoch + " or newer");
                return;
            }
            epoch = peer.epoch();
            connection = opened;
            subscribe(opened, config.initialBackoff());
        }

        @Override
        public void closed(Connection gone, String reason) {
            if (gone == connection) {
                LOG.debug("connection to the master closed: {}", reason);
                connectionLost();
            }
        }
    }

    private void subscribe(Connection to, Duration retryAfter) {
        loop.assertInLoop();
        if (to != connection || subscribed) {
            return;
        }
        Call.Builder call = Call.newBuilder()
                .setType(Call.Type.SUBSCRIBE)
                .setSubscribe(Call.Subscribe.newBuilder().setFrameworkInfo(framework));
        if (framework.hasId()) {
            call.setFrameworkId(framework.getId());
        }
        to.send(call.build());
        Duration doubled = retryAfter.multipliedBy(2);
        Duration next = doubled.compareTo(config.maximumBackoff()) > 0 ? config.maximumBackoff() : doubled;
        subscribeRetry = loop.schedule("retry subscribe", retryAfter, () -> subscribe(to, next));
    }

    private void connectionLost() {
        boolean was = subscribed;
        subscribed = false;
        connection = null;
        subscribeRetry = cancel(subscribeRetry);
        heartbeatCheck = cancel(heartbeatCheck);
        if (was && !closed) {
            scheduler.disconnected(this);
        }
    }

    private static @Nullable Timer cancel(@Nullable Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
        return null;
    }

    private void received(Event event, Connection from) {
        loop.assertInLoop();
        if (from != connection || closed) {
            return;
        }
        lastEventNanos = loop.clock().nanoTime();
        switch (event.getType()) {
            case SUBSCRIBED -> subscribed(event.getSubscribed());
            case OFFERS -> scheduler.offers(this, event.getOffers().getOffersList());
            case RESCIND -> scheduler.rescinded(this, event.getRescind().getOfferId());
            case UPDATE -> updated(event.getUpdate().getStatus());
            case MESSAGE -> {
                Event.Message message = event.getMessage();
                scheduler.message(this, message.getAgentId(), message.getExecutorId(), message.getData());
            }
            case FAILURE -> failed(event.getFailure());
            case ERROR -> {
                shutDown();
                scheduler.error(this, event.getError().getMessage());
            }
            case HEARTBEAT -> LOG.trace("heartbeat");
            default -> LOG.warn("the master sent an event that this driver does not know: {}", event.getType());
        }
    }

    private void subscribed(Event.Subscribed event) {
        if (subscribed) {
            return;
        }
        subscribeRetry = cancel(subscribeRetry);
        framework = framework.toBuilder().setId(event.getFrameworkId()).build();
        subscribed = true;
        heartbeatCheck = loop.schedule("check heartbeat", config.heartbeatTimeout(), this::checkHeartbeat);
        scheduler.subscribed(this, event.getFrameworkId(), event.getMasterInfo());
    }

    private void checkHeartbeat() {
        Connection current = connection;
        if (current == null || !subscribed) {
            return;
        }
        long remaining = config.heartbeatTimeout().toNanos() - (loop.clock().nanoTime() - lastEventNanos);
        if (remaining <= 0) {
            LOG.warn("no event of the master for {}: connecting anew", config.heartbeatTimeout());
            current.close("no heartbeat");
            return;
        }
        heartbeatCheck = loop.schedule("check heartbeat", Duration.ofNanos(remaining), this::checkHeartbeat);
    }

    private void updated(TaskStatus status) {
        scheduler.update(this, status);
        if (config.implicitAcknowledgement()) {
            acknowledge(status);
        }
    }

    private void failed(Event.Failure failure) {
        scheduler.failure(
                this,
                failure.getAgentId(),
                failure.hasExecutorId() ? Optional.of(failure.getExecutorId()) : Optional.empty(),
                failure.hasStatus() ? Optional.of(failure.getStatus()) : Optional.empty());
    }

    private void refused(Refused refused) {
        LOG.warn("the master refused {}: {} {}", refused.getType(), refused.getStatus(), refused.getReason());
        if (!closed) {
            scheduler.refused(this, refused.getStatus(), refused.getReason());
        }
    }

    private void call(Call.Builder call) {
        if (loop.inLoop()) {
            send(call);
        } else {
            loop.execute("scheduler call", () -> send(call));
        }
    }

    private void send(Call.Builder call) {
        Connection current = connection;
        if (current == null
                || !subscribed
                || !current.send(call.setFrameworkId(framework.getId()).build())) {
            droppedCalls.incrementAndGet();
            LOG.debug("dropped {}: not subscribed", call.getType());
        }
    }

    @Override
    public void accept(List<OfferID> offers, List<Offer.Operation> operations, Filters filters) {
        call(Call.newBuilder()
                .setType(Call.Type.ACCEPT)
                .setAccept(Call.Accept.newBuilder()
                        .addAllOfferIds(offers)
                        .addAllOperations(operations)
                        .setFilters(filters)));
    }

    @Override
    public void decline(List<OfferID> offers, Filters filters) {
        call(Call.newBuilder()
                .setType(Call.Type.DECLINE)
                .setDecline(Call.Decline.newBuilder().addAllOfferIds(offers).setFilters(filters)));
    }

    @Override
    public void revive(List<String> roles) {
        call(Call.newBuilder()
                .setType(Call.Type.REVIVE)
                .setRevive(Call.Revive.newBuilder().addAllRoles(roles)));
    }

    @Override
    public void suppress(List<String> roles) {
        call(Call.newBuilder()
                .setType(Call.Type.SUPPRESS)
                .setSuppress(Call.Suppress.newBuilder().addAllRoles(roles)));
    }

    @Override
    public void kill(TaskID taskId, KillPolicy killPolicy) {
        Call.Kill.Builder kill = Call.Kill.newBuilder().setTaskId(taskId);
        if (killPolicy.hasGracePeriod()) {
            kill.setKillPolicy(killPolicy);
        }
        call(Call.newBuilder().setType(Call.Type.KILL).setKill(kill));
    }

    @Override
    public void reconcile(List<Call.Reconcile.Task> tasks) {
        call(Call.newBuilder()
                .setType(Call.Type.RECONCILE)
                .setReconcile(Call.Reconcile.newBuilder().addAllTasks(tasks)));
    }

    @Override
    public void acknowledge(TaskStatus status) {
        if (status.hasUuid()) {
            call(Call.newBuilder()
                    .setType(Call.Type.ACKNOWLEDGE)
                    .setAcknowledge(Call.Acknowledge.newBuilder()
                            .setAgentId(status.getAgentId())
                            .setTaskId(status.getTaskId())
                            .setUuid(status.getUuid())));
        }
    }

    @Override
    public void message(AgentID agentId, ExecutorID executorId, ByteString data) {
        call(Call.newBuilder()
                .setType(Call.Type.MESSAGE)
                .setMessage(Call.Message.newBuilder()
                        .setAgentId(agentId)
                        .setExecutorId(executorId)
                        .setData(data)));
    }

    @Override
    public void request(List<Request> requests) {
        call(Call.newBuilder()
                .setType(Call.Type.REQUEST)
                .setRequest(Call.Request.newBuilder().addAllRequests(requests)));
    }

    @Override
    public void shutdown(AgentID agentId, ExecutorID executorId) {
        call(Call.newBuilder()
                .setType(Call.Type.SHUTDOWN)
                .setShutdown(Call.Shutdown.newBuilder().setAgentId(agentId).setExecutorId(executorId)));
    }

    @Override
    public void teardown() {
        loop.execute("tear down framework", () -> {
            send(Call.newBuilder().setType(Call.Type.TEARDOWN));
            shutDown();
        });
    }

    @Override
    public boolean isSubscribed() {
        return subscribed;
    }

    @Override
    public long droppedCalls() {
        return droppedCalls.get();
    }

    @Override
    public void close() {
        loop.execute("close driver", this::shutDown);
    }

    private void shutDown() {
        if (closed) {
            return;
        }
        closed = true;
        Endpoint.Reconnecting wish = reconnecting;
        if (wish != null) {
            wish.close();
        }
        connectionLost();
        endpoint.close();
    }
}
