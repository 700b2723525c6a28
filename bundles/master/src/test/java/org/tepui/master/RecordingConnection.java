// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.tepui.runtime.Address;
import org.tepui.transport.Connection;
import org.tepui.transport.Peer;

/** A connection that keeps what was sent. */
final class RecordingConnection implements Connection {
    private static long nextId = 1;

    final List<Message> sent = new ArrayList<>();
    String closeReason = "";
    Consumer<Message> listener = message -> {};

    private final long id = nextId++;
    private final Peer peer;
    private boolean open = true;

    RecordingConnection(String role, Optional<String> principal) {
        Address address = new Address("127.0.0.1", 4000);
        peer = new Peer(role, "test", Set.of(), principal, 0, address, address);
    }

    RecordingConnection(String role) {
        this(role, Optional.empty());
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    public boolean send(Message message) {
        if (open) {
            sent.add(message);
            listener.accept(message);
        }
        return open;
    }

    @Override
    public void close(String reason) {
        closeReason = reason;
        open = false;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    void breakOff() {
        open = false;
    }

    <M extends Message> Stream<M> sent(Class<M> type) {
        return sent.stream().filter(type::isInstance).map(type::cast);
    }

    <M extends Message> M last(Class<M> type) {
        return sent(type)
                .reduce((first, second) -> second)
                .orElseThrow(() -> new AssertionError("no " + type.getSimpleName() + " among " + sent));
    }
}
