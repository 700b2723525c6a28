// SPDX-License-Identifier: Apache-2.0
package org.tepui.http;

import com.google.protobuf.Message;
import org.tepui.transport.Connection;
import org.tepui.transport.Peer;

/** The connection of a call that is no subscription: nothing can be sent on it. */
record ClosedConnection(long id, Peer peer) implements Connection {
    @Override
    public boolean send(Message message) {
        return false;
    }

    @Override
    public void close(String reason) {}

    @Override
    public boolean isOpen() {
        return false;
    }
}
