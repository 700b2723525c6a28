// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport;

import com.google.protobuf.Message;
import java.io.IOException;
import java.time.Duration;
import org.tepui.runtime.Address;
import org.tepui.runtime.EventLoop;

/**
 * The messages of one service: a handler per message type and listeners for connections, all on the service's loop.
 * Handlers and listeners are set before {@link #listen} and {@link #connect}.
 *
 * <p>A message of a type without a handler is counted and answered as not implemented; it does not end the
 * connection. A malformed frame does.
 */
public interface Endpoint extends AutoCloseable {
    /** The loop on which all handlers and listeners are called. */
    EventLoop loop();

    /**
     * Sets the handler of a message type.
     *
     * @param prototype the default instance of the type
     * @throws IllegalStateException if the type has a handler
     */
    <M extends Message> void handle(M prototype, MessageHandler<M> handler);

    /**
     * Adds a listener for connections that others open. Native ones, and HTTP subscriptions from their accept to
     * their end.
     */
    void listener(ConnectionListener listener);

    /**
     * Starts to accept native connections.
     *
     * @return the address with the port that was bound
     * @throws IOException if the address cannot be bound
     */
    Address listen(Address local) throws IOException;

    /**
     * Keeps a connection to an address open: connects, connects again when it is lost, with backoff and jitter,
     * until the returned handle is closed.
     *
     * @param backoff the range of the wait between two tries
     * @param listener hears of each connection
     */
    Reconnecting connect(Address remote, Backoff backoff, ConnectionListener listener);

    /**
     * Hands a message that arrived by other means, an HTTP call, to its handler. From any thread.
     *
     * @param exchange its answer goes back by the same means; called on the loop
     */
    void deliver(Message message, Exchange exchange);

    /**
     * Tells the listeners of a connection that other means made, an HTTP subscription, when it is accepted. On the
     * loop.
     */
    void opened(Connection connection);

    /**
     * Tells the listeners of a connection that other means made, an HTTP subscription, when it is closed. On the
     * loop.
     */
    void closed(Connection connection, String reason);

    /** A number for a connection made by other means. From any thread. */
    long nextConnectionId();

    /** Stops to accept, closes all connections with what is queued for them sent, and forgets the handlers. */
    @Override
    void close();

    /** The wish to be connected to one address. On the loop. */
    interface Reconnecting extends AutoCloseable {
        /** Where to. */
        Address remote();

        /** Ends the wish and the connection. */
        @Override
        void close();
    }

    /**
     * How long to wait between tries: a random time up to a bound that starts at initial and doubles up to maximum.
     */
    record Backoff(Duration initial, Duration maximum) {}
}
