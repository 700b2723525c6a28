// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport;

import java.time.Duration;

/**
 * Sizes and times of an endpoint.
 *
 * @param maximumFrameBytes of an envelope, 4 KiB to 64 MiB; both ends of a connection must allow what the other
 *     sends. A message that is longer travels in parts
 * @param maximumMessageBytes of a message, at least a frame
 * @param maximumQueuedBytes that may wait for a peer that reads slowly, before its connection is closed. Looked at
 *     before a message is queued, so that a message of any allowed length fits
 * @param maximumUnhandledBytes that may wait for the loop from one connection, before reading from it pauses until
 *     half of them are handled. Each message counts for 128 bytes more than it has
 * @param maximumBacklogBytes the same for all connections together: above it each that brings more pauses. HTTP calls
 *     that would wait beyond as much again are refused
 * @param maximumLongBytes that messages in parts may hold together, over all connections, from their first part until
 *     they are handled; at least a message. A connection with a part beyond is closed
 * @param heartbeatInterval after so much silence a heartbeat is sent
 * @param missedHeartbeats a peer that is silent for so many intervals is gone
 * @param handshakeTimeout for the peer to say who it is
 */
public record EndpointLimits(
        int maximumFrameBytes,
        int maximumMessageBytes,
        long maximumQueuedBytes,
        long maximumUnhandledBytes,
        long maximumBacklogBytes,
        long maximumLongBytes,
        Duration heartbeatInterval,
        int missedHeartbeats,
        Duration handshakeTimeout) {
    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;

    /**
     * Frames of 4 MiB, messages of 256 MiB, queues of 64 MiB out and 16 MiB in, 64 MiB in for all together and 512 MiB
     * for messages in parts, heartbeats every 15 s, gone after 5, 10 s for the handshake.
     */
    public static final EndpointLimits DEFAULTS = new EndpointLimits(
            4 * MIB,
            256 * MIB,
            64L * MIB,
            16L * MIB,
            64L * MIB,
            512L * MIB,
            Duration.ofSeconds(15),
            5,
            Duration.ofSeconds(10));

    /** @throws IllegalArgumentException naming the value and what is allowed */
    public EndpointLimits {
        require(
                maximumFrameBytes >= 4 * KIB && maximumFrameBytes <= 64 * MIB,
                "maximumFrameBytes",
                maximumFrameBytes,
                "4 KiB to 64 MiB");
        require(
                maximumMessageBytes >= maximumFrameBytes,
                "maximumMessageBytes",
                maximumMessageBytes,
                "at least maximumFrameBytes");
        require(maximumQueuedBytes > 0, "maximumQueuedBytes", maximumQueuedBytes, "more than 0");
        require(maximumUnhandledBytes > 0, "maximumUnhandledBytes", maximumUnhandledBytes, "more than 0");
        require(maximumBacklogBytes > 0, "maximumBacklogBytes", maximumBacklogBytes, "more than 0");
        require(
                maximumLongBytes >= maximumMessageBytes,
                "maximumLongBytes",
                maximumLongBytes,
                "at least maximumMessageBytes");
        require(isPositive(heartbeatInterval), "heartbeatInterval", heartbeatInterval, "more than 0");
        require(missedHeartbeats >= 2, "missedHeartbeats", missedHeartbeats, "2 or more");
        require(isPositive(handshakeTimeout), "handshakeTimeout", handshakeTimeout, "more than 0");
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }

    private static void require(boolean valid, String name, Object value, String allowed) {
        if (!valid) {
            throw new IllegalArgumentException(name + " is " + value + "; allowed is " + allowed);
        }
    }

    /** How long a peer may be silent. */
    Duration silenceLimit() {
        return heartbeatInterval.multipliedBy(missedHeartbeats);
    }
}
