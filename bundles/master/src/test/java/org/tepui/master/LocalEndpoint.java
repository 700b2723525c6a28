// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tepui.runtime.Address;
import org.tepui.runtime.EventLoop;
import org.tepui.transport.Connection;
import org.tepui.transport.ConnectionListener;
import org.tepui.transport.Endpoint;
import org.tepui.transport.Exchange;
import org.tepui.transport.MessageHandler;

/** An endpoint without a network: tests hand messages to it. */
final class LocalEndpoint implements Endpoint {
    private final EventLoop loop;
    private final Map<Descriptor, MessageHandler<Message>> handlers = new HashMap<>();
    private final List<ConnectionListener> listeners = new ArrayList<>();

    LocalEndpoint(EventLoop loop) {
        this.loop = loop;
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <M extends Message> void handle(M prototype, MessageHandler<M> handler) {
        handlers.put(prototype.getDescriptorForType(), (m, exchange) -> handler.handle((M) m, exchange));
    }

    @Override
    public void listener(ConnectionListener listener) {
        listeners.add(listener);
    }

    @Override
    public Address listen(Address local) {
        throw new UnsupportedOperationException("a local endpoint does not listen");
    }

    @Override
    public Reconnecting connect(Address remote, Backoff backoff, ConnectionListener listener) {
        throw new UnsupportedOperationException("a local endpoint does not connect");
    }

    @Override
    public void deliver(Message message, Exchange exchange) {
        loop.execute("message", () -> {
            MessageHandler<Message> handler = handlers.get(message.getDescriptorForType());
            if (handler == null) {
                throw new AssertionError(
                        "no handler for " + message.getDescriptorForType().getFullName());
            }
            handler.handle(message, exchange);
        });
    }

    @Override
    public void opened(Connection connection) {
        loop.execute("opened", () -> listeners.forEach(listener -> listener.opened(connection)));
    }

    @Override
    public void closed(Connection connection, String reason) {
        loop.execute("closed", () -> listeners.forEach(listener -> listener.closed(connection, reason)));
    }

    @Override
    public long nextConnectionId() {
        throw new UnsupportedOperationException("connections number themselves");
    }

    @Override
    public void close() {
        handlers.clear();
    }
}
