// SPDX-License-Identifier: Apache-2.0
package org.tepui.bench.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.tepui.proto.transport.Refused;
import org.tepui.runtime.Address;
import org.tepui.transport.Connection;
import org.tepui.transport.ConnectionListener;
import org.tepui.transport.Endpoint;
import org.tepui.v1.CommandInfo;
import org.tepui.v1.Filters;
import org.tepui.v1.FrameworkID;
import org.tepui.v1.FrameworkInfo;
import org.tepui.v1.Offer;
import org.tepui.v1.TaskID;
import org.tepui.v1.TaskInfo;
import org.tepui.v1.TaskState;
import org.tepui.v1.TaskStatus;
import org.tepui.v1.scheduler.Call;
import org.tepui.v1.scheduler.Event;

/**
 * Frameworks, each in a role of its own, that start some tasks on every offer until all of a batch are started, and
 * acknowledge every status. Each has a connection of its own. State belongs to the loop of the endpoint.
 */
final class GreedyFrameworks implements ConnectionListener {
    private static final Endpoint.Backoff BACKOFF = new Endpoint.Backoff(Duration.ofMillis(200), Duration.ofSeconds(2));
    private static final Filters NOT_NOW =
            Filters.newBuilder().setRefuseSeconds(3600).build();
    private static final Filters AT_ONCE =
            Filters.newBuilder().setRefuseSeconds(0).build();
    private static final double TASK_CPUS = 0.1;
    private static final double TASK_MEMORY = 32;

    private final Endpoint endpoint;
    private final Address master;
    private final int frameworks;
    private final int tasksPerOffer;
    private final CompletableFuture<Void> subscribed = new CompletableFuture<>();
    private final Map<Long, Framework> byConnection = new HashMap<>();
    private CompletableFuture<Void> batch = CompletableFuture.completedFuture(null);
    private int waiting;
    private int underWay;
    private long started;
    private int roles;

    private record Framework(FrameworkID id, Connection connection) {}

    /** @param endpoint for these frameworks alone */
    GreedyFrameworks(Endpoint endpoint, Address master, int frameworks, int tasksPerOffer) {
        this.endpoint = endpoint;
        this.master = master;
        this.frameworks = frameworks;
        this.tasksPerOffer = tasksPerOffer;
        endpoint.handle(Event.getDefaultInstance(), (event, exchange) -> received(event, exchange.connection()));
        endpoint.handle(Refused.getDefaultInstance(), (refused, exchange) -> fail(refused.getReason()));
    }

    /** Connects and subscribes all. From any thread. */
    CompletableFuture<Void> start() {
        endpoint.loop().execute("connect frameworks", () -> {
            for (int i = 0; i < frameworks; i++) {
                endpoint.connect(master, BACKOFF, this);
            }
        });
        return subscribed;
    }

    /** Runs so many tasks, on all frameworks together. From any thread; when no other batch is under way. */
    CompletableFuture<Void> run(int tasks) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        endpoint.loop().execute("begin batch", () -> {
            batch = done;
            waiting = tasks;
            for (Framework framework : byConnection.values()) {
                send(
                        framework,
                        Call.newBuilder().setType(Call.Type.REVIVE).setRevive(Call.Revive.getDefaultInstance()));
            }
        });
        return done;
    }

    @Override
    public void opened(Connection connection) {
        FrameworkInfo info = FrameworkInfo.newBuilder()
                .setName("load")
                .setUser("nobody")
                .addRoles("load-" + roles++)
                .addCapabilities(
                        FrameworkInfo.Capability.newBuilder().setType(FrameworkInfo.Capability.Type.MULTI_ROLE))
                .build();
        connection.send(Call.newBuilder()
                .setType(Call.Type.SUBSCRIBE)
                .setSubscribe(Call.Subscribe.newBuilder().setFrameworkInfo(info))
                .build());
    }

    @Override
    public void closed(Connection connection, String reason) {
        if (byConnection.remove(connection.id()) != null) {
            fail("the master closed a connection: " + reason);
        }
    }

    private void received(Event event, Connection connection) {
        switch (event.getType()) {
            case SUBSCRIBED -> {
                byConnection.put(
                        connection.id(), new Framework(event.getSubscribed().getFrameworkId(), connection));
                if (byConnection.size() == frameworks) {
                    subscribed.complete(null);
                }
            }
            case OFFERS -> offers(of(connection), event.getOffers().getOffersList());
            case UPDATE -> update(of(connection), event.getUpdate().getStatus());
            case ERROR -> fail(event.getError().getMessage());
            case FAILURE -> fail("an agent was lost");
            default -> {}
        }
    }

    private Framework of(Connection connection) {
        Framework framework = byConnection.get(connection.id());
        if (framework == null) {
            throw new IllegalStateException("an event before SUBSCRIBED");
        }
        return framework;
    }

    private void offers(Framework framework, List<Offer> offers) {
        for (Offer offer : offers) {
            int tasks = Math.min(waiting, tasksPerOffer);
            if (tasks == 0) {
                send(
                        framework,
                        Call.newBuilder()
                                .setType(Call.Type.DECLINE)
                                .setDecline(Call.Decline.newBuilder()
                                        .addOfferIds(offer.getId())
                                        .setFilters(NOT_NOW)));
            } else {
                accept(framework, offer, tasks);
            }
        }
    }

    private void accept(Framework framework, Offer offer, int tasks) {
        List<TaskInfo> launched = new ArrayList<>(tasks);
        for (int i = 0; i < tasks; i++) {
            launched.add(task(offer));
        }
        waiting -= tasks;
        underWay += tasks;
        Offer.Operation launch = Offer.Operation.newBuilder()
                .setType(Offer.Operation.Type.LAUNCH)
                .setLaunch(Offer.Operation.Launch.newBuilder().addAllTaskInfos(launched))
                .build();
        send(
                framework,
                Call.newBuilder()
                        .setType(Call.Type.ACCEPT)
                        .setAccept(Call.Accept.newBuilder()
                                .addOfferIds(offer.getId())
                                .addOperations(launch)
                                .setFilters(AT_ONCE)));
    }

    private TaskInfo task(Offer offer) {
        return TaskInfo.newBuilder()
                .setName("instant")
                .setTaskId(TaskID.newBuilder().setValue("instant-" + started++))
                .setAgentId(offer.getAgentId())
                .addResources(InstantAgents.scalar("cpus", TASK_CPUS))
                .addResources(InstantAgents.scalar("mem", TASK_MEMORY))
                .setCommand(CommandInfo.newBuilder().setValue("true"))
                .build();
    }

    private void update(Framework framework, TaskStatus status) {
        send(
                framework,
                Call.newBuilder()
                        .setType(Call.Type.ACKNOWLEDGE)
                        .setAcknowledge(Call.Acknowledge.newBuilder()
                                .setAgentId(status.getAgentId())
                                .setTaskId(status.getTaskId())
                                .setUuid(status.getUuid())));
        if (status.getState() == TaskState.TASK_FINISHED) {
            underWay--;
            if (underWay == 0 && waiting == 0) {
                batch.complete(null);
            }
        } else if (status.getState() != TaskState.TASK_RUNNING) {
            fail("task " + status.getTaskId().getValue() + " ended as " + status.getState() + ": "
                    + status.getMessage());
        }
    }

    private static void send(Framework framework, Call.Builder call) {
        framework.connection.send(call.setFrameworkId(framework.id).build());
    }

    private void fail(String reason) {
        IllegalStateException failure = new IllegalStateException(reason);
        subscribed.completeExceptionally(failure);
        batch.completeExceptionally(failure);
    }
}
