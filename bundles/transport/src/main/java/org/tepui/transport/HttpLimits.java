// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport;

import java.time.Duration;

/**
 * Sizes and times of an HTTP server.
 *
 * @param maximumRequestLineBytes longer ones are answered 414
 * @param maximumHeaderBytes of all headers of a request; more is answered 431
 * @param maximumBodyBytes of a request; more is answered 413
 * @param maximumBufferedBytes of the bodies of all requests that are arriving; more is answered 503
 * @param maximumStreamBytes that may wait for a client that reads a stream slowly, before the stream is closed
 * @param maximumConnections that speak HTTP; more are answered 503
 * @param headersTimeout from the first byte of a request to its last header
 * @param bodyTimeout from the last header to the end of the body
 * @param responseTimeout for the client to read a response that is no stream
 * @param idleTimeout for a connection without a request
 */
public record HttpLimits(
        int maximumRequestLineBytes,
        int maximumHeaderBytes,
        int maximumBodyBytes,
        long maximumBufferedBytes,
        long maximumStreamBytes,
        int maximumConnections,
        Duration headersTimeout,
        Duration bodyTimeout,
        Duration responseTimeout,
        Duration idleTimeout) {
    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;

    /** What a service has unless told otherwise. */
    public static final HttpLimits DEFAULTS = new HttpLimits(
            8 * KIB,
            16 * KIB,
            10 * MIB,
            256L * MIB,
            64L * MIB,
            8192,
            Duration.ofSeconds(15),
            Duration.ofSeconds(60),
            Duration.ofSeconds(120),
            Duration.ofSeconds(75));

    /** @throws IllegalArgumentException naming the value and what is allowed */
    public HttpLimits {
        positive("maximumRequestLineBytes", maximumRequestLineBytes);
        positive("maximumHeaderBytes", maximumHeaderBytes);
        positive("maximumBodyBytes", maximumBodyBytes);
        positive("maximumBufferedBytes", maximumBufferedBytes);
        positive("maximumStreamBytes", maximumStreamBytes);
        positive("maximumConnections", maximumConnections);
        positive("headersTimeout", headersTimeout.toMillis());
        positive("bodyTimeout", bodyTimeout.toMillis());
        positive("responseTimeout", responseTimeout.toMillis());
        positive("idleTimeout", idleTimeout.toMillis());
    }

    private static void positive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " is " + value + "; allowed is more than 0");
        }
    }
}
