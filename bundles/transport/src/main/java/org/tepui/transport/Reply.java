// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport;

import com.google.protobuf.Message;

/**
 * What came of a request.
 *
 * @param <M> the type of the answer that was asked for
 */
public sealed interface Reply<M extends Message> {
    /** The peer answered. */
    record Answer<M extends Message>(M message) implements Reply<M> {}

    /** The peer did not take the request. */
    record Refused<M extends Message>(Refusal refusal) implements Reply<M> {}

    /**
     * There is no answer, and the peer may have acted or not.
     *
     * @param reason a sentence: the time was up, the connection closed, the answer was of another type
     */
    record Lost<M extends Message>(String reason) implements Reply<M> {}
}
