// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.tepui.api.metrics.MetricRegistry;
import org.tepui.runtime.Address;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.simulated.SimulatedNode;
import org.tepui.v1.TaskID;

/** An endpoint on a node of a simulated world; what its listeners hear and what task ids arrive is put in lists. */
final class SimulatedService implements ConnectionListener {
    static final int PORT = 5050;
    static final Endpoint.Backoff BACKOFF = new Endpoint.Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));

    final List<Connection> opened = new ArrayList<>();
    final List<String> closed = new ArrayList<>();
    final List<String> failed = new ArrayList<>();
    final List<String> received = new ArrayList<>();
    final MetricRegistry metrics = new MetricRegistry();
    final EventLoop loop;
    final MessageEndpoint endpoint;

    SimulatedService(SimulatedNode node, String role, EndpointLimits limits) {
        loop = node.newLoop(role);
        endpoint = new MessageEndpoint(
                loop,
                node.network(),
                node.randomness(),
                new LocalPeer(role, "test"),
                limits,
                EpochRule.REFUSE_OLDER_MASTERS,
                TransportCounters.in(metrics));
        endpoint.listener(this);
        endpoint.handle(TaskID.getDefaultInstance(), (task, exchange) -> received.add(task.getValue()));
    }

    SimulatedService listening() {
        try {
            endpoint.listen(new Address("0.0.0.0", PORT));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    SimulatedService connecting(String host) {
        loop.execute("connect", () -> endpoint.connect(new Address(host, PORT), BACKOFF, this));
        return this;
    }

    /** The connection that was opened last. */
    Connection connection() {
        return opened.get(opened.size() - 1);
    }

    long count(String metric) {
        return metrics.counter("transport/" + metric).value();
    }

    @Override
    public void opened(Connection connection) {
        opened.add(connection);
    }

    @Override
    public void closed(Connection connection, String reason) {
        closed.add(reason);
    }

    @Override
    public void failed(Address remote, String reason) {
        failed.add(reason);
    }
}
