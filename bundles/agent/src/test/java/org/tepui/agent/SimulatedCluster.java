// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.tepui.api.TaskState;
import org.tepui.api.metrics.MetricRegistry;
import org.tepui.proto.convert.StateConversion;
import org.tepui.proto.internal.AgentRegistered;
import org.tepui.proto.internal.KillTask;
import org.tepui.proto.internal.PongAgent;
import org.tepui.proto.internal.RegisterAgent;
import org.tepui.proto.internal.ReregisterAgent;
import org.tepui.proto.internal.RunTasks;
import org.tepui.proto.internal.StatusUpdate;
import org.tepui.proto.internal.StatusUpdateAcknowledgement;
import org.tepui.proto.internal.StatusUpdateAcknowledgements;
import org.tepui.proto.internal.StatusUpdates;
import org.tepui.runtime.Address;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.simulated.ProcessPlan;
import org.tepui.runtime.simulated.SimulatedNode;
import org.tepui.runtime.simulated.SimulatedWorld;
import org.tepui.transport.Connection;
import org.tepui.transport.EndpointLimits;
import org.tepui.transport.EpochRule;
import org.tepui.transport.LocalPeer;
import org.tepui.transport.MessageEndpoint;
import org.tepui.transport.TransportCounters;
import org.tepui.v1.FrameworkInfo;
import org.tepui.v1.MasterInfo;
import org.tepui.v1.Task;
import org.tepui.v1.TaskInfo;

/**
 * An agent and a master with one framework, on machines of their own, under virtual time. The master keeps what
 * every scheduler may count on, and complains when the agent breaks it.
 */
final class SimulatedCluster {
    private static final Address MASTER = new Address("master", 5050);
    private static final FrameworkInfo FRAMEWORK = AgentWorld.framework(FrameworkInfo.Capability.Type.PARTITION_AWARE);

    final SimulatedWorld world;
    final SimulatedNode agentNode;
    final Map<String, History> histories = new LinkedHashMap<>();
    final List<String> ends = new ArrayList<>();
    long compactionBytes = AgentConfig.Bounds.DEFAULT.compactionBytes();

    private @Nullable Connection agent;
    private @Nullable EventLoop masterLoop;
    private boolean agentKnown;

    /** What the framework saw of one task. */
    static final class History {
        final List<TaskState> states = new ArrayList<>();
        final Set<ByteString> uuids = new LinkedHashSet<>();
        final TaskInfo info;
        boolean sent;
        boolean killAsked;

        History(TaskInfo info) {
            this.info = info;
        }

        boolean hasEnded() {
            return !states.isEmpty() && states.get(states.size() - 1).isTerminal();
        }
    }

    SimulatedCluster(long seed) {
        world = new SimulatedWorld(seed);
        agentNode = world.node("agent");
        agentNode.machine().setBehaviour(spec -> ProcessPlan.exits(Duration.ofMillis(300), 0));
        world.node("master").start(this::startMaster);
        agentNode.start(this::startAgent);
    }

    private void startAgent(SimulatedNode node) {
        EventLoop loop = node.newLoop("agent");
        MetricRegistry metrics = new MetricRegistry();
        MessageEndpoint endpoint = new MessageEndpoint(
                loop,
                node.network(),
                node.randomness(),
                new LocalPeer("agent", "test"),
                EndpointLimits.DEFAULTS,
                EpochRule.REFUSE_OLDER_MASTERS,
                TransportCounters.in(metrics));
        AgentConfig.Bounds bounds = new AgentConfig.Bounds(1000, 5, 5, compactionBytes, 1000, 4);
        AgentConfig config = new AgentConfig(
                new Address("agent", 5051),
                "agent",
                MASTER,
                Path.of("/work"),
                Optional.of("cpus:4;mem:1024;disk:1024"),
                "",
                true,
                "test",
                AgentConfig.Timings.DEFAULT,
                bounds);
        AgentWorkers workers =
                new AgentWorkers(node.newWorker("log"), node.newWorker("sandboxes"), node.newWorker("files"));
        Agent made = new Agent(
                endpoint,
                node.processes(loop),
                node.disk(),
                workers,
                node.randomness(),
                name -> Optional.empty(),
                metrics,
                config);
        CompletableFuture<Address> started = made.start();
        CompletableFuture<Address> unused = started.whenComplete((address, failure) -> {
            if (failure != null) {
                ends.add(String.valueOf(failure.getMessage()));
            }
        });
        CompletableFuture<String> unusedEnd = made.ended().whenComplete((reason, failure) -> ends.add(reason));
    }

    private void startMaster(SimulatedNode node) {
        EventLoop loop = node.newLoop("master");
        masterLoop = loop;
        MessageEndpoint endpoint = new MessageEndpoint(
                loop,
                node.network(),
                node.randomness(),
                new LocalPeer("master", "test"),
                EndpointLimits.DEFAULTS,
                EpochRule.REFUSE_OLDER_MASTERS,
                TransportCounters.in(new MetricRegistry()));
        endpoint.handle(RegisterAgent.getDefaultInstance(), (message, exchange) -> {
            // what was sent with the answer may be lost together with the id, and nothing else
            assertThat(histories.values()).allMatch(history -> history.states.isEmpty());
            admit(exchange.connection(), List.of());
        });
        endpoint.handle(
                ReregisterAgent.getDefaultInstance(),
                (message, exchange) -> admit(exchange.connection(), message.getTasksList()));
        endpoint.handle(PongAgent.getDefaultInstance(), (message, exchange) -> {});
        endpoint.handle(
                StatusUpdates.getDefaultInstance(),
                (message, exchange) ->
                        message.getUpdatesList().forEach(update -> heard(update, exchange.connection())));
        try {
            endpoint.listen(MASTER);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void admit(Connection connection, List<Task> tasks) {
        agent = connection;
        agentKnown = true;
        Set<String> named = new LinkedHashSet<>();
        tasks.forEach(task -> named.add(task.getTaskId().getValue()));
        AgentRegistered.Builder answer = AgentRegistered.newBuilder()
                .setAgentId(FRAMEWORK_AGENT)
                .setMaster(MasterInfo.newBuilder().setId("m1").setIp(0).setPort(5050))
                .setPingTimeoutMs(75_000_000);
        histories.forEach((id, history) -> {
            if (history.sent && !history.hasEnded() && !named.contains(id)) {
                answer.addUnknownTasks(AgentWorld.reference(id));
            }
        });
        connection.send(answer.build());
        histories.forEach((id, history) -> {
            if (!history.sent) {
                send(history);
            } else if (history.killAsked && !history.hasEnded()) {
                connection.send(
                        KillTask.newBuilder().setTask(AgentWorld.reference(id)).build());
            }
        });
    }

    private static final org.tepui.v1.AgentID FRAMEWORK_AGENT =
            org.tepui.v1.AgentID.newBuilder().setValue(AgentWorld.AGENT_ID).build();

    /** Sends a task as soon as there is an agent. */
    void run(String id) {
        History history = new History(AgentWorld.task(id));
        histories.put(id, history);
        onMaster(() -> {
            if (agentKnown && !history.sent) {
                send(history);
            }
        });
    }

    private void send(History history) {
        if (agent != null && agent.isOpen()) {
            history.sent = true;
            agent.send(RunTasks.newBuilder()
                    .setFramework(FRAMEWORK)
                    .addTasks(history.info)
                    .build());
        }
    }

    void kill(String id) {
        onMaster(() -> {
            History history = histories.get(id);
            if (history != null && agent != null) {
                history.killAsked = true;
                agent.send(
                        KillTask.newBuilder().setTask(AgentWorld.reference(id)).build());
            }
        });
    }

    private void onMaster(Runnable action) {
        if (masterLoop == null) {
            world.schedule("wait for master", Duration.ofMillis(1), () -> onMaster(action));
        } else {
            masterLoop.execute("test", action);
        }
    }

    private void heard(StatusUpdate update, Connection connection) {
        String id = update.getStatus().getTaskId().getValue();
        History history = histories.get(id);
        assertThat(history).as("task %s was sent", id).isNotNull();
        ByteString uuid = update.getStatus().getUuid();
        TaskState state = StateConversion.toApi(update.getStatus().getState());
        if (history != null && history.uuids.add(uuid)) {
            if (history.hasEnded()) {
                assertThat(state)
                        .as("a state of %s after its end %s", id, history.states)
                        .isEqualTo(history.states.get(history.states.size() - 1));
            } else {
                TaskState last =
                        history.states.isEmpty() ? TaskState.STAGING : history.states.get(history.states.size() - 1);
                boolean legal = TaskTransitions.isLegal(last, state)
                        || (state == TaskState.DROPPED && last != TaskState.STAGING)
                        || (history.states.isEmpty() && state == TaskState.GONE);
                assertThat(legal)
                        .as("%s: %s then %s", id, history.states, state)
                        .isTrue();
                history.states.add(state);
            }
        }
        connection.send(StatusUpdateAcknowledgements.newBuilder()
                .addAcknowledgements(StatusUpdateAcknowledgement.newBuilder()
                        .setTask(AgentWorld.reference(id))
                        .setUuid(update.getStatus().getUuid()))
                .build());
    }

    /** What the framework saw of a task so far. */
    List<TaskState> states(String id) {
        return Objects.requireNonNull(histories.get(id)).states;
    }

    boolean allEnded() {
        return histories.values().stream().allMatch(History::hasEnded);
    }

    /** Each task ended, was started once at most, and the agent itself had no reason to end. */
    void checkEnd() {
        boolean ended = world.time().runUntil(this::allEnded, Duration.ofHours(2));
        assertThat(ended).as("all tasks ended: %s", this).isTrue();
        assertThat(agentNode.machine().startedCount()).isLessThanOrEqualTo(histories.size());
        world.time().run(Duration.ofMinutes(30));
        assertThat(agentNode.machine().running()).isEmpty();
        assertThat(ends).isEmpty();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("seed " + world.time().seed());
        histories.forEach((id, history) -> text.append(' ').append(id).append(history.states));
        return text.append(' ').append(ends).toString();
    }
}
