// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport;

import com.google.protobuf.Message;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * A way to somebody else: a native connection, or the open response of an HTTP subscription. Messages sent on it
 * arrive in order, or it is closed and the rest is lost. Used from the loop of the endpoint that it belongs to.
 */
public interface Connection {
    /** A number that no other connection of this endpoint has. */
    long id();

    /** Who is there. */
    Peer peer();

    /**
     * Queues a message. When the other side is so slow that the bound of the queue is reached, the connection is
     * closed: memory stays bounded, and a gap in the stream cannot go unnoticed.
     *
     * @return false if the connection is closed; the message is dropped then
     */
    boolean send(Message message);

    /**
     * Sends a message that wants an answer. The callback is called exactly once, on the loop: with the answer, with
     * the refusal, or with why there will be none. Only native connections carry requests; others report them lost.
     *
     * @param answerType the default instance of the type that the answer has; {@code Accepted} where there is
     *     nothing more to say
     * @param timeout how long to wait
     */
    default <M extends Message> void request(
            Message message, M answerType, Duration timeout, Consumer<Reply<M>> callback) {
        callback.accept(new Reply.Lost<>("the connection to " + peer().address() + " carries no requests"));
    }

    /**
     * Closes once what is queued was sent, or after a short while. The listeners hear of it on a later event of the
     * loop.
     */
    void close(String reason);

    /** Whether messages can still be sent. */
    boolean isOpen();
}
