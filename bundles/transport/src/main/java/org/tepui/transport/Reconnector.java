// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.runtime.Address;
import org.tepui.runtime.Timer;

/**
 * Keeps a connection to one address open. The wait before a try is random between zero and a bound that doubles
 * from try to try ("full jitter"), so that many who lost the same peer do not come back at once. The bound starts
 * anew after a connection that lasted longer than it. On the loop.
 */
final class Reconnector implements Endpoint.Reconnecting, NativeConnection.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(Reconnector.class);

    private final MessageEndpoint endpoint;
    private final Address remote;
    private final Endpoint.Backoff backoff;
    private final ConnectionListener listener;

    private @Nullable NativeConnection connection;
    private @Nullable Timer timer;
    private Duration bound;
    private long openedAt;
    private int failures;
    private boolean closed;

    Reconnector(MessageEndpoint endpoint, Address remote, Endpoint.Backoff backoff, ConnectionListener listener) {
        this.endpoint = endpoint;
        this.remote = remote;
        this.backoff = backoff;
        this.listener = listener;
        this.bound = backoff.initial();
    }

    void start() {
        connection = endpoint.connectOnce(remote, this);
    }

    @Override
    public Address remote() {
        return remote;
    }

    @Override
    public void opened(NativeConnection opened) {
        openedAt = endpoint.loop().clock().nanoTime();
        failures = 0;
        listener.opened(opened);
    }

    @Override
    public void ended(NativeConnection ended, boolean wasOpen, String reason) {
        connection = null;
        if (!closed) {
            retry(wasOpen, reason);
        }
        if (wasOpen) {
            listener.closed(ended, reason);
        } else {
            listener.failed(remote, reason);
        }
    }

    private void retry(boolean wasOpen, String reason) {
        if (wasOpen && endpoint.loop().clock().nanoTime() - openedAt > bound.toNanos()) {
            bound = backoff.initial();
        }
        Duration wait = Duration.ofNanos(endpoint.randomness().nextLong(bound.toNanos() + 1));
        Duration doubled = bound.multipliedBy(2);
        bound = doubled.compareTo(backoff.maximum()) > 0 ? backoff.maximum() : doubled;
        failures++;
        if (Integer.bitCount(failures) == 1) {
            // the first, second, fourth, ... in a row: a peer that is away for long does not fill the log
            LOG.info(
                    "{}: {} {}: {}; trying again in {} ms",
                    endpoint.name(),
                    wasOpen ? "lost" : "cannot connect to",
                    remote,
                    reason,
                    wait.toMillis());
        }
        timer = endpoint.loop().schedule("reconnect", wait, () -> {
            timer = null;
            // closed from another thread, whose event waits behind this one
            if (!endpoint.isClosed()) {
                start();
            }
        });
    }

    @Override
    public void close() {
        endpoint.loop().assertInLoop();
        if (closed) {
            return;
        }
        closed = true;
        endpoint.forget(this);
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        if (connection != null) {
            connection.close("closed by this side");
        }
    }
}
