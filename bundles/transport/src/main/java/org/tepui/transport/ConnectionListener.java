// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport;

import org.tepui.runtime.Address;

/** Hears of connections of an endpoint. Called on the endpoint's loop. */
public interface ConnectionListener {
    /** The handshake is done: the peer is known and messages can be sent. */
    default void opened(Connection connection) {}

    /** The connection is gone, whoever closed it. No message of it is handled after this. */
    default void closed(Connection connection, String reason) {}

    /** A try to connect ended before the handshake was done: nobody answers, or one side refused the other. */
    default void failed(Address remote, String reason) {}
}
