// SPDX-License-Identifier: Apache-2.0
package org.tepui.bench.transport;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.tepui.api.metrics.MetricRegistry;
import org.tepui.runtime.Address;
import org.tepui.runtime.SystemRandomness;
import org.tepui.runtime.ThreadEventLoop;
import org.tepui.transport.Connection;
import org.tepui.transport.ConnectionListener;
import org.tepui.transport.Endpoint;
import org.tepui.transport.LocalPeer;
import org.tepui.transport.netty.Transport;

/**
 * Two services as master and agent are: each with an endpoint and a loop of its own. A message is parsed, handed to
 * the service's loop, its handler sends it on, and it is serialized again; on both sides.
 */
final class TepuiEcho implements Echo {
    private static final Duration BACKOFF = Duration.ofMillis(100);
    private static final int CONNECT_SECONDS = 10;

    private final Service server = new Service("echo-server");
    private final Service client = new Service("echo-client");
    private final BytesValue message;
    private final Connection connection;
    private @Nullable RoundTrips trips;

    /** Listens and connects. */
    TepuiEcho(int messageBytes) throws IOException, InterruptedException, TimeoutException {
        message = BytesValue.of(ByteString.copyFrom(new byte[messageBytes]));
        server.transport
                .endpoint()
                .handle(
                        BytesValue.getDefaultInstance(),
                        (echoed, exchange) -> exchange.connection().send(echoed));
        client.transport.endpoint().handle(BytesValue.getDefaultInstance(), (echoed, exchange) -> received());
        Address address = server.transport.listen(new Address("127.0.0.1", 0), false);
        BlockingQueue<Connection> opened = new ArrayBlockingQueue<>(1);
        client.loop.execute(
                "connect",
                () -> client.transport
                        .endpoint()
                        .connect(address, new Endpoint.Backoff(BACKOFF, BACKOFF), new ConnectionListener() {
                            @Override
                            public void opened(Connection made) {
                                opened.add(made);
                            }
                        }));
        Connection made = opened.poll(CONNECT_SECONDS, TimeUnit.SECONDS);
        if (made == null) {
            close();
            throw new TimeoutException("no connection to " + address + " within " + CONNECT_SECONDS + " s");
        }
        connection = made;
    }

    /** A loop and a transport. */
    private static final class Service implements AutoCloseable {
        private final ThreadEventLoop loop;
        private final Transport transport;

        Service(String name) {
            loop = ThreadEventLoop.start(name, (where, what, failure) -> {
                throw new IllegalStateException("'" + what + "' on loop " + where + " failed", failure);
            });
            transport = Transport.open(
                    Transport.Config.DEFAULTS,
                    loop,
                    new SystemRandomness(),
                    new LocalPeer("tool", "bench"),
                    new MetricRegistry());
        }

        @Override
        public void close() {
            transport.close();
            loop.close();
        }
    }

    @Override
    public long pipelined(int messages, int depth) throws InterruptedException, TimeoutException {
        return run(RoundTrips.pipelined(messages), depth).nanos();
    }

    @Override
    public long[] oneAtATime(int messages) throws InterruptedException, TimeoutException {
        return run(RoundTrips.oneAtATime(messages), 1).times();
    }

    private RoundTrips run(RoundTrips started, int depth) throws InterruptedException, TimeoutException {
        client.loop.execute("begin", () -> {
            trips = started;
            send(started.begin(depth));
        });
        return started.await();
    }

    private void received() {
        if (trips != null) {
            send(trips.received(1));
        }
    }

    private void send(int messages) {
        for (int i = 0; i < messages; i++) {
            connection.send(message);
        }
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
