// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport;

import com.google.protobuf.Message;

/**
 * What a service does with messages of one type, however they arrived. Called on the endpoint's loop.
 *
 * @param <M> the type
 */
@FunctionalInterface
public interface MessageHandler<M extends Message> {
    /** Handles one message; what is thrown is a bug, goes to the fault handler and is answered as unavailable. */
    void handle(M message, Exchange exchange);
}
