// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport.netty;

import java.io.IOException;
import org.tepui.api.metrics.MetricRegistry;
import org.tepui.runtime.Address;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.Randomness;
import org.tepui.transport.BindPolicy;
import org.tepui.transport.EndpointLimits;
import org.tepui.transport.EpochRule;
import org.tepui.transport.HttpLimits;
import org.tepui.transport.HttpServer;
import org.tepui.transport.LocalPeer;
import org.tepui.transport.MessageEndpoint;
import org.tepui.transport.TransportCounters;

/**
 * What one service needs to be reached and to reach others over TCP: its endpoint and the HTTP server on the same
 * port. The one place where these are put together.
 *
 * <p>Handlers, listeners and HTTP paths are set between {@link #open} and {@link #listen}.
 */
public final class Transport implements AutoCloseable {
    private final Config config;
    private final IoThreads threads;
    private final NettyNetwork network;
    private final NettyHttpServer http;
    private final MessageEndpoint endpoint;
    private boolean closed;

    private Transport(
            Config config, IoThreads threads, NettyNetwork network, NettyHttpServer http, MessageEndpoint endpoint) {
        this.config = config;
        this.threads = threads;
        this.network = network;
        this.http = http;
        this.endpoint = endpoint;
    }

    /**
     * The sizes of a transport.
     *
     * @param endpoint of the native protocol
     * @param http of the HTTP side
     * @param maximumConnections that others may have open to the service, of both protocols
     */
    public record Config(EndpointLimits endpoint, HttpLimits http, int maximumConnections) {
        /** What a service has unless told otherwise. */
        public static final Config DEFAULTS = new Config(EndpointLimits.DEFAULTS, HttpLimits.DEFAULTS, 16_384);

        /** @throws IllegalArgumentException naming the value and what is allowed */
        public Config {
            if (maximumConnections < 1) {
                throw new IllegalArgumentException(
                        "maximumConnections is " + maximumConnections + "; allowed is 1 or more");
            }
        }
    }

    /**
     * Makes the transport of a service; it does not listen yet, and a mere client never does.
     *
     * @param loop of the service
     * @param randomness for the jitter of reconnecting
     * @param self what peers are told
     * @param metrics where {@code transport/...} is listed
     */
    public static Transport open(
            Config config, EventLoop loop, Randomness randomness, LocalPeer self, MetricRegistry metrics) {
        TransportCounters counters = TransportCounters.in(metrics);
        IoThreads threads = IoThreads.acquire();
        NettyHttpServer http = new NettyHttpServer(config.http(), counters, loop.clock(), threads.background());
        NettyNetwork network = new NettyNetwork(
                threads, config.endpoint().maximumFrameBytes(), config.maximumConnections(), http, counters);
        metrics.gauge("transport/connections_open", network::openConnections);
        metrics.gauge("transport/queued_bytes", network::queuedBytes);
        MessageEndpoint endpoint = new MessageEndpoint(
                loop, network, randomness, self, config.endpoint(), EpochRule.REFUSE_OLDER_MASTERS, counters);
        metrics.gauge("transport/backlog_bytes", endpoint::backlogBytes);
        metrics.gauge("transport/long_message_bytes", endpoint::longMessageBytes);
        return new Transport(config, threads, network, http, endpoint);
    }

    /** The native side. */
    public MessageEndpoint endpoint() {
        return endpoint;
    }

    /** The HTTP side, for paths to be served. */
    public HttpServer http() {
        return http;
    }

    /**
     * Starts to accept connections of both protocols.
     *
     * @param insecure whether an address that other machines reach is allowed, see {@link BindPolicy}
     * @return the address with the port that was bound
     * @throws IllegalArgumentException if the address is refused
     * @throws IOException if the address cannot be bound
     */
    public Address listen(Address local, boolean insecure) throws IOException {
        BindPolicy.check(local, insecure);
        return endpoint.listen(local);
    }

    /** The sizes. */
    public Config config() {
        return config;
    }

    /**
     * Closes the endpoint and all connections, waiting a few seconds for what is queued. Not on the service's loop.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        endpoint.close();
        network.close();
        IoThreads.release(threads);
    }
}
