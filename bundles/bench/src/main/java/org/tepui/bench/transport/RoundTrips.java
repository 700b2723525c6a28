// SPDX-License-Identifier: Apache-2.0
package org.tepui.bench.transport;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The bookkeeping of one run, the same for every echo: counts what came back, says what may be sent, takes the
 * times. Used from the client's thread only, but for {@link #await}.
 */
final class RoundTrips {
    private static final long LIMIT_SECONDS = 120;

    private final int messages;
    private final long[] times;
    private final CountDownLatch done = new CountDownLatch(1);
    private int sent;
    private int received;
    private long begin;
    private long sentAt;
    private long end;

    private RoundTrips(int messages, long[] times) {
        this.messages = messages;
        this.times = times;
    }

    /** A run of which the whole is timed. */
    static RoundTrips pipelined(int messages) {
        return new RoundTrips(messages, new long[0]);
    }

    /** A run in which each message is timed. */
    static RoundTrips oneAtATime(int messages) {
        return new RoundTrips(messages, new long[messages]);
    }

    /** How many messages to send first. */
    int begin(int depth) {
        begin = System.nanoTime();
        sentAt = begin;
        sent = Math.min(depth, messages);
        return sent;
    }

    /**
     * Some echoes arrived.
     *
     * @return how many messages to send now
     */
    int received(int echoes) {
        if (times.length > 0) {
            long now = System.nanoTime();
            times[received] = now - sentAt;
            sentAt = now;
        }
        received += echoes;
        if (received == messages) {
            end = System.nanoTime();
            done.countDown();
        }
        int more = Math.min(echoes, messages - sent);
        sent += more;
        return more;
    }

    /** Waits for the last echo, two minutes at most. */
    RoundTrips await() throws InterruptedException, TimeoutException {
        if (!done.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new TimeoutException("no " + messages + " echoes within " + LIMIT_SECONDS + " s");
        }
        return this;
    }

    /** From the first message to the last echo. */
    long nanos() {
        return end - begin;
    }

    /** Of each round trip. */
    long[] times() {
        return times;
    }
}
