// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport;

import com.google.protobuf.Message;

/** What a link hands to the loop: the content of one frame, or of the parts of one message. */
sealed interface Inbound {
    /** A message of a known type. An id of 0 means none. */
    record Received(MessageType type, Message message, long requestId, long inReplyTo) implements Inbound {}

    /** A message of a type that is not known here. */
    record Unknown(String type, long requestId, long inReplyTo) implements Inbound {}

    /** Bytes that break the protocol; nothing follows. */
    record Malformed(String reason) implements Inbound {}

    /** A part of a long message for which there is no room now; nothing follows. */
    record Overflow(String reason) implements Inbound {}
}
