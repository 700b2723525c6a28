// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport;

import com.google.protobuf.Message;
import java.util.Optional;

/**
 * One message that arrived, and the chance to answer it. A handler calls at most one of {@link #accept}, {@link
 * #reply} and {@link #refuse}, at once or later, on the endpoint's loop. Where the sender waits for no answer,
 * accept and reply do nothing and a refusal is sent.
 */
public interface Exchange {
    /**
     * Where the message came from. For an HTTP call that is not a subscription, a connection on which nothing can
     * be sent; for a subscription the response stream, which {@link #accept} opens.
     */
    Connection connection();

    /** The stream id that an HTTP call carried, if any. Native connections have none. */
    Optional<String> streamId();

    /** Whether the message came as an HTTP call. */
    boolean isHttp();

    /** Taken; there is nothing more to say. Over HTTP 202, or 200 and the open stream for a subscription. */
    void accept();

    /** Taken, with an answer. Over HTTP 200. */
    void reply(Message response);

    /** Not taken. Over HTTP the status of the refusal with the reason as text. */
    void refuse(Refusal refusal);

    /** Not taken. */
    default void refuse(Refusal.Kind kind, String reason) {
        refuse(new Refusal(kind, reason));
    }
}
