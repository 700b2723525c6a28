// SPDX-License-Identifier: Apache-2.0
package org.tepui.http;

import com.google.protobuf.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.tepui.api.metrics.MetricRegistry;
import org.tepui.api.service.Leadership;
import org.tepui.runtime.Address;
import org.tepui.runtime.Clock;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.Randomness;
import org.tepui.runtime.Timer;
import org.tepui.runtime.Worker;
import org.tepui.transport.Connection;
import org.tepui.transport.ConnectionListener;
import org.tepui.transport.Endpoint;
import org.tepui.transport.Exchange;
import org.tepui.transport.HttpServer;
import org.tepui.transport.MessageHandler;

/**
 * A service without network: requests go in by {@link #request}, and what reaches the handlers is kept. Everything
 * happens at once.
 */
final class FakeService implements HttpServer, Endpoint, EventLoop, Worker, Randomness, Leadership {
    final MetricRegistry metrics = new MetricRegistry();
    final List<Delivered> delivered = new ArrayList<>();
    final List<Connection> opened = new ArrayList<>();
    final List<String> closedReasons = new ArrayList<>();
    Leadership.State state = Leadership.State.LEADING;
    Optional<String> leader = Optional.of("10.0.0.1:5050");
    private final Map<String, Handler> handlers = new HashMap<>();
    private final RandomGenerator random = new java.util.Random(1);
    private long connections;

    record Delivered(Message message, Exchange exchange) {}

    /** What came back. */
    static final class Answer implements Responder, Stream {
        int status;
        Map<String, String> headers = Map.of();
        byte[] body = new byte[0];
        final List<byte[]> writes = new ArrayList<>();
        boolean open;
        private @Nullable Runnable closed;

        @Override
        public void respond(Response response) {
            status = response.status();
            headers = response.headers();
            body = response.body();
        }

        @Override
        public Stream stream(int streamStatus, Map<String, String> streamHeaders, Runnable whenClosed) {
            status = streamStatus;
            headers = streamHeaders;
            closed = whenClosed;
            open = true;
            return this;
        }

        @Override
        public boolean write(byte[] bytes) {
            if (open) {
                writes.add(bytes);
            }
            return open;
        }

        @Override
        public void close() {
            open = false;
            if (closed != null) {
                closed.run();
            }
        }
    }

    Answer request(String method, String path, Map<String, String> headers, byte[] body) {
        Map<String, List<String>> lists = new HashMap<>();
        headers.forEach((name, value) -> lists.put(name, List.of(value)));
        Answer answer = new Answer();
        Handler handler = handlers.get(path);
        if (handler == null) {
            answer.status = 404;
        } else {
            handler.handle(
                    new Request(method, path, Map.of(), path + "?a=b", lists, body, new Address("127.0.0.1", 1)),
                    answer);
        }
        return answer;
    }

    @Override
    public Registration serve(String path, Handler handler) {
        if (handlers.putIfAbsent(path, handler) != null) {
            throw new IllegalStateException(path + " is served already");
        }
        return () -> handlers.remove(path);
    }

    @Override
    public void deliver(Message message, Exchange exchange) {
        delivered.add(new Delivered(message, exchange));
    }

    @Override
    public void opened(Connection connection) {
        opened.add(connection);
    }

    @Override
    public void closed(Connection connection, String reason) {
        closedReasons.add(reason);
    }

    @Override
    public long nextConnectionId() {
        return ++connections;
    }

    @Override
    public EventLoop loop() {
        return this;
    }

    @Override
    public void execute(String what, Runnable event) {
        event.run();
    }

    @Override
    public <T> void submit(
            String what, Callable<T> work, EventLoop loop, BiConsumer<@Nullable T, @Nullable Exception> done) {
        T result;
        try {
            result = work.call();
        } catch (Exception e) {
            done.accept(null, e);
            return;
        }
        done.accept(result, null);
    }

    @Override
    public UUID nextUuid() {
        return new UUID(random.nextLong(), random.nextLong());
    }

    @Override
    public long nextLong() {
        return random.nextLong();
    }

    @Override
    public Leadership.State state() {
        return state;
    }

    @Override
    public String masterId() {
        return "m";
    }

    @Override
    public String address() {
        return "127.0.0.1:5050";
    }

    @Override
    public Optional<String> leaderAddress() {
        return leader;
    }

    @Override
    public Instant startTime() {
        return Instant.EPOCH;
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public boolean inLoop() {
        return true;
    }

    @Override
    public Clock clock() {
        throw new UnsupportedOperationException("no clock is needed here");
    }

    @Override
    public Timer schedule(String what, Duration delay, Runnable event) {
        throw new UnsupportedOperationException("no timer is needed here");
    }

    @Override
    public <M extends Message> void handle(M prototype, MessageHandler<M> handler) {
        throw new UnsupportedOperationException("deliveries are recorded");
    }

    @Override
    public void listener(ConnectionListener listener) {
        throw new UnsupportedOperationException("deliveries are recorded");
    }

    @Override
    public Address listen(Address local) {
        throw new UnsupportedOperationException("there is no network");
    }

    @Override
    public Reconnecting connect(Address remote, Backoff backoff, ConnectionListener listener) {
        throw new UnsupportedOperationException("there is no network");
    }

    @Override
    public void close() {}
}
