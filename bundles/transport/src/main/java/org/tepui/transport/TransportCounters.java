// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport;

import org.tepui.api.metrics.Counter;
import org.tepui.api.metrics.MetricRegistry;

/**
 * What a transport counts, listed as {@code transport/...}.
 *
 * @param messagesSent on native connections
 * @param messagesReceived on native connections
 * @param bytesReceived in frames of native connections
 * @param connectionsOpened native handshakes that were completed
 * @param connectionsClosed of those that were opened
 * @param connectionsFailed tries to connect, and connections accepted, that ended before the handshake was done
 * @param handshakesRefused here, because of who the peer is
 * @param malformedFrames each of which closed its connection
 * @param unknownTypes messages that were answered as not implemented
 * @param queueOverflows connections closed because their peer read too slowly
 * @param readingPauses of connections whose messages the loop could not keep up with
 * @param longMessageOverflows connections closed because all messages in parts together held too much
 * @param callsTurnedAway messages of HTTP calls refused because too many waited for the loop
 * @param peersSilent connections closed because no heartbeat came
 * @param answersUnexpected answers to requests that nobody waits for any more
 * @param httpRequests whole requests that arrived
 * @param httpRejected requests refused by the server itself: malformed, too long, too slow
 * @param httpStreamOverflows streams closed because their client read too slowly
 * @param connectionsTurnedAway over the limit of connections
 */
public record TransportCounters(
        Counter messagesSent,
        Counter messagesReceived,
        Counter bytesReceived,
        Counter connectionsOpened,
        Counter connectionsClosed,
        Counter connectionsFailed,
        Counter handshakesRefused,
        Counter malformedFrames,
        Counter unknownTypes,
        Counter queueOverflows,
        Counter readingPauses,
        Counter longMessageOverflows,
        Counter callsTurnedAway,
        Counter peersSilent,
        Counter answersUnexpected,
        Counter httpRequests,
        Counter httpRejected,
        Counter httpStreamOverflows,
        Counter connectionsTurnedAway) {
    /** The counters of a registry; two transports of one registry share them. */
    public static TransportCounters in(MetricRegistry registry) {
        return new TransportCounters(
                registry.counter("transport/messages_sent"),
                registry.counter("transport/messages_received"),
                registry.counter("transport/bytes_received"),
                registry.counter("transport/connections_opened"),
                registry.counter("transport/connections_closed"),
                registry.counter("transport/connections_failed"),
                registry.counter("transport/handshakes_refused"),
                registry.counter("transport/malformed_frames"),
                registry.counter("transport/unknown_types"),
                registry.counter("transport/queue_overflows"),
                registry.counter("transport/reading_pauses"),
                registry.counter("transport/long_message_overflows"),
                registry.counter("transport/calls_turned_away"),
                registry.counter("transport/peers_silent"),
                registry.counter("transport/answers_unexpected"),
                registry.counter("transport/http_requests"),
                registry.counter("transport/http_rejected"),
                registry.counter("transport/http_stream_overflows"),
                registry.counter("transport/connections_turned_away"));
    }
}
