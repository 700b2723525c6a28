// SPDX-License-Identifier: Apache-2.0
package org.tepui.bench.load;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.tepui.proto.internal.AgentRefused;
import org.tepui.proto.internal.AgentRegistered;
import org.tepui.proto.internal.PingAgent;
import org.tepui.proto.internal.PongAgent;
import org.tepui.proto.internal.RegisterAgent;
import org.tepui.proto.internal.RunTasks;
import org.tepui.proto.internal.ShutdownFramework;
import org.tepui.proto.internal.StatusUpdate;
import org.tepui.proto.internal.StatusUpdateAcknowledgements;
import org.tepui.proto.internal.StatusUpdates;
import org.tepui.proto.internal.UpdateFramework;
import org.tepui.runtime.Address;
import org.tepui.transport.Connection;
import org.tepui.transport.ConnectionListener;
import org.tepui.transport.Endpoint;
import org.tepui.v1.AgentID;
import org.tepui.v1.AgentInfo;
import org.tepui.v1.FrameworkID;
import org.tepui.v1.Resource;
import org.tepui.v1.TaskInfo;
import org.tepui.v1.TaskState;
import org.tepui.v1.TaskStatus;
import org.tepui.v1.Value;

/**
 * Agents that say of each task at once that it runs and that it has finished. Each has a connection of its own, as
 * real agents have. State belongs to the loop of the endpoint.
 */
final class InstantAgents implements ConnectionListener {
    private static final Endpoint.Backoff BACKOFF = new Endpoint.Backoff(Duration.ofMillis(200), Duration.ofSeconds(2));
    /** Connections being opened at a time: fewer than the kernel queues for one listener. */
    private static final int OPENING = 256;

    private static final int PORT = 5051;

    private final Endpoint endpoint;
    private final Address master;
    private final int agents;
    private final List<Resource> resources;
    private final CompletableFuture<Void> registered = new CompletableFuture<>();
    private final Map<Long, AgentID> ids = new HashMap<>();
    private int connecting;
    private long statuses;

    /** @param endpoint for these agents alone */
    InstantAgents(Endpoint endpoint, Address master, int agents, double cpus, double memory) {
        this.endpoint = endpoint;
        this.master = master;
        this.agents = agents;
        this.resources = List.of(scalar("cpus", cpus), scalar("mem", memory));
        endpoint.handle(
                AgentRegistered.getDefaultInstance(),
                (message, exchange) -> registered(message, exchange.connection()));
        endpoint.handle(AgentRefused.getDefaultInstance(), (message, exchange) -> fail(message.getReason()));
        endpoint.handle(
                PingAgent.getDefaultInstance(),
                (message, exchange) -> exchange.connection().send(PongAgent.getDefaultInstance()));
        endpoint.handle(RunTasks.getDefaultInstance(), (message, exchange) -> run(message, exchange.connection()));
        endpoint.handle(StatusUpdateAcknowledgements.getDefaultInstance(), (message, exchange) -> {});
        endpoint.handle(UpdateFramework.getDefaultInstance(), (message, exchange) -> {});
        endpoint.handle(ShutdownFramework.getDefaultInstance(), (message, exchange) -> {});
    }

    static Resource scalar(String name, double value) {
        return Resource.newBuilder()
                .setName(name)
                .setType(Value.Type.SCALAR)
                .setScalar(Value.Scalar.newBuilder().setValue(value))
                .build();
    }

    /** Connects and registers all. From any thread. */
    CompletableFuture<Void> start() {
        endpoint.loop().execute("connect agents", () -> {
            for (int i = 0; i < Math.min(OPENING, agents); i++) {
                connectNext();
            }
        });
        return registered;
    }

    private void connectNext() {
        if (connecting < agents) {
            connecting++;
            endpoint.connect(master, BACKOFF, this);
        }
    }

    @Override
    public void opened(Connection connection) {
        connectNext();
        String uuid = String.format(Locale.ROOT, "load-%d", connection.id());
        AgentInfo info = AgentInfo.newBuilder()
                .setHostname(String.format(Locale.ROOT, "agent-%d.load", connection.id()))
                .setPort(PORT)
                .addAllResources(resources)
                .build();
        connection.send(RegisterAgent.newBuilder()
                .setAgent(info)
                .setVersion("load")
                .addCapabilities(capability(AgentInfo.Capability.Type.MULTI_ROLE))
                .addCapabilities(capability(AgentInfo.Capability.Type.HIERARCHICAL_ROLE))
                .setRegistrationUuid(uuid)
                .build());
    }

    private static AgentInfo.Capability capability(AgentInfo.Capability.Type type) {
        return AgentInfo.Capability.newBuilder().setType(type).build();
    }

    @Override
    public void closed(Connection connection, String reason) {
        if (ids.remove(connection.id()) != null) {
            fail("the master closed a connection: " + reason);
        }
    }

    private void registered(AgentRegistered message, Connection connection) {
        ids.put(connection.id(), message.getAgentId());
        if (ids.size() == agents) {
            registered.complete(null);
        }
    }

    private void fail(String reason) {
        registered.completeExceptionally(new IllegalStateException(reason));
    }

    private void run(RunTasks message, Connection connection) {
        FrameworkID framework = message.getFramework().getId();
        StatusUpdates.Builder updates = StatusUpdates.newBuilder();
        for (TaskInfo task : message.getTasksList()) {
            updates.addUpdates(update(framework, task, TaskState.TASK_RUNNING));
            updates.addUpdates(update(framework, task, TaskState.TASK_FINISHED));
        }
        connection.send(updates.build());
    }

    private StatusUpdate update(FrameworkID framework, TaskInfo task, TaskState state) {
        statuses++;
        byte[] uuid = ByteBuffer.allocate(16).putLong(0).putLong(statuses).array();
        return StatusUpdate.newBuilder()
                .setFrameworkId(framework)
                .setLatestState(TaskState.TASK_FINISHED)
                .setStatus(TaskStatus.newBuilder()
                        .setTaskId(task.getTaskId())
                        .setAgentId(task.getAgentId())
                        .setState(state)
                        .setSource(TaskStatus.Source.SOURCE_EXECUTOR)
                        .setTimestamp((double) statuses)
                        .setUuid(ByteString.copyFrom(uuid)))
                .build();
    }
}
