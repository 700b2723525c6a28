// SPDX-License-Identifier: Apache-2.0
package org.tepui.bench.transport;

import java.util.concurrent.TimeoutException;

/** A client and a server in one JVM, connected over loopback, that send messages forth and back. */
interface Echo extends AutoCloseable {
    /**
     * Sends messages and takes their echoes, so many under way at a time.
     *
     * @param messages in all
     * @param depth at least 1
     * @return nanoseconds from the first message to the last echo
     */
    long pipelined(int messages, int depth) throws InterruptedException, TimeoutException;

    /**
     * Sends each message when the echo of the one before is here.
     *
     * @return nanoseconds of each round trip
     */
    long[] oneAtATime(int messages) throws InterruptedException, TimeoutException;

    @Override
    void close();
}
