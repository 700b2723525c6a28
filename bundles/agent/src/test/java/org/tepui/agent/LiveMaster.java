// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.tepui.api.metrics.MetricRegistry;
import org.tepui.proto.internal.AgentRegistered;
import org.tepui.proto.internal.RegisterAgent;
import org.tepui.proto.internal.ReregisterAgent;
import org.tepui.proto.internal.StatusUpdate;
import org.tepui.proto.internal.StatusUpdateAcknowledgement;
import org.tepui.proto.internal.StatusUpdateAcknowledgements;
import org.tepui.proto.internal.StatusUpdates;
import org.tepui.proto.internal.TaskReference;
import org.tepui.runtime.Address;
import org.tepui.runtime.SystemRandomness;
import org.tepui.runtime.ThreadEventLoop;
import org.tepui.transport.Connection;
import org.tepui.transport.LocalPeer;
import org.tepui.transport.netty.Transport;
import org.tepui.v1.AgentID;
import org.tepui.v1.MasterInfo;

/** A master over TCP that admits an agent and acknowledges all that it says. */
final class LiveMaster implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 20;

    private final ThreadEventLoop loop;
    private final Transport transport;
    private final Address address;
    private final BlockingQueue<StatusUpdate> updates = new LinkedBlockingQueue<>();
    private final Map<String, List<StatusUpdate>> heard = new LinkedHashMap<>();
    final BlockingQueue<ReregisterAgent> reregistrations = new LinkedBlockingQueue<>();
    private volatile @Nullable Connection agent;

    LiveMaster() throws IOException {
        loop = ThreadEventLoop.start("test-master", (where, what, failure) -> {
            throw new AssertionError(what, failure);
        });
        transport = Transport.open(
                Transport.Config.DEFAULTS,
                loop,
                new SystemRandomness(),
                new LocalPeer("master", "test"),
                new MetricRegistry());
        transport.endpoint().handle(RegisterAgent.getDefaultInstance(), (m, exchange) -> admit(exchange.connection()));
        transport.endpoint().handle(ReregisterAgent.getDefaultInstance(), (m, exchange) -> {
            reregistrations.add(m);
            admit(exchange.connection());
        });
        transport
                .endpoint()
                .handle(StatusUpdates.getDefaultInstance(), (m, exchange) -> acknowledge(m, exchange.connection()));
        address = transport.listen(new Address("127.0.0.1", 0), false);
    }

    Address address() {
        return address;
    }

    private void admit(Connection connection) {
        connection.send(AgentRegistered.newBuilder()
                .setAgentId(AgentID.newBuilder().setValue(AgentWorld.AGENT_ID))
                .setMaster(MasterInfo.newBuilder().setId("m1").setIp(0).setPort(5050))
                .setPingTimeoutMs(75_000)
                .build());
        agent = connection;
    }

    private void acknowledge(StatusUpdates message, Connection connection) {
        StatusUpdateAcknowledgements.Builder all = StatusUpdateAcknowledgements.newBuilder();
        for (StatusUpdate update : message.getUpdatesList()) {
            updates.add(update);
            all.addAcknowledgements(StatusUpdateAcknowledgement.newBuilder()
                    .setTask(TaskReference.newBuilder()
                            .setFrameworkId(update.getFrameworkId())
                            .setTaskId(update.getStatus().getTaskId()))
                    .setUuid(update.getStatus().getUuid()));
        }
        connection.send(all.build());
    }

    void awaitAgent() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (agent == null && System.nanoTime() < deadline) {
            Thread.sleep(5);
        }
        assertThat(agent).as("the agent registered").isNotNull();
    }

    void send(Message message) {
        Connection connection = agent;
        assertThat(connection).isNotNull();
        loop.execute("test", () -> {
            if (connection != null) {
                connection.send(message);
            }
        });
    }

    /** All statuses of a task up to its end. */
    List<StatusUpdate> untilEnd(String taskId) throws InterruptedException {
        return until(taskId, true);
    }

    /** All statuses of a task up to the first. */
    StatusUpdate first(String taskId) throws InterruptedException {
        return until(taskId, false).get(0);
    }

    private List<StatusUpdate> until(String taskId, boolean end) throws InterruptedException {
        while (true) {
            List<StatusUpdate> known = heard.computeIfAbsent(taskId, id -> new ArrayList<>());
            if (!known.isEmpty() && (!end || isTerminal(known.get(known.size() - 1)))) {
                return known;
            }
            StatusUpdate next = updates.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(next).as("a status of %s after %s", taskId, known).isNotNull();
            if (next != null) {
                heard.computeIfAbsent(next.getStatus().getTaskId().getValue(), id -> new ArrayList<>())
                        .add(next);
            }
        }
    }

    private static boolean isTerminal(StatusUpdate update) {
        return org.tepui.proto.convert.StateConversion.toApi(update.getStatus().getState())
                .isTerminal();
    }

    @Override
    public void close() {
        transport.close();
        loop.close();
    }
}
