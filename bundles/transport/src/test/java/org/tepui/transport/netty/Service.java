// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.tepui.api.metrics.MetricRegistry;
import org.tepui.runtime.Address;
import org.tepui.runtime.SystemRandomness;
import org.tepui.runtime.ThreadEventLoop;
import org.tepui.transport.Connection;
import org.tepui.transport.ConnectionListener;
import org.tepui.transport.Endpoint;
import org.tepui.transport.LocalPeer;
import org.tepui.transport.MessageEndpoint;

/** A service on a loop of its own with a real transport, for tests: what its listeners hear is put in queues. */
final class Service implements AutoCloseable {
    static final Endpoint.Backoff BACKOFF = new Endpoint.Backoff(Duration.ofMillis(10), Duration.ofMillis(200));

    final BlockingQueue<Throwable> faults = new LinkedBlockingQueue<>();
    final BlockingQueue<Connection> opened = new LinkedBlockingQueue<>();
    final BlockingQueue<String> closed = new LinkedBlockingQueue<>();
    final BlockingQueue<String> failed = new LinkedBlockingQueue<>();
    final MetricRegistry metrics = new MetricRegistry();
    final ThreadEventLoop loop;
    final Transport transport;

    final ConnectionListener recorder = new ConnectionListener() {
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
    };

    Service(String role) {
        this(role, Transport.Config.DEFAULTS);
    }

    Service(String role, Transport.Config config) {
        loop = ThreadEventLoop.start(role, (where, what, failure) -> faults.add(failure));
        transport = Transport.open(config, loop, new SystemRandomness(), new LocalPeer(role, "test"), metrics);
    }

    MessageEndpoint endpoint() {
        return transport.endpoint();
    }

    Address listen() throws IOException {
        endpoint().listener(recorder);
        return transport.listen(new Address("127.0.0.1", 0), false);
    }

    Endpoint.Reconnecting connect(Address remote) {
        return call(() -> endpoint().connect(remote, BACKOFF, recorder));
    }

    /** Does something on the loop and waits for what comes of it. */
    <T> T call(Supplier<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        loop.execute("test", () -> {
            try {
                result.complete(work.get());
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        return await(result);
    }

    void run(Runnable work) {
        call(() -> {
            work.run();
            return "";
        });
    }

    long count(String metric) {
        return metrics.counter("transport/" + metric).value();
    }

    static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(20, TimeUnit.SECONDS);
        } catch (InterruptedException | java.util.concurrent.ExecutionException | TimeoutException e) {
            throw new AssertionError("nothing came of it", e);
        }
    }

    static <T> T await(BlockingQueue<T> queue) {
        try {
            T next = queue.poll(20, TimeUnit.SECONDS);
            assertThat(next).as("something within 20 s").isNotNull();
            return next;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        transport.close();
        loop.close();
        assertThat(faults).isEmpty();
    }
}
