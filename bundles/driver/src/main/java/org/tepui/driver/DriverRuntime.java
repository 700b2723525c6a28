// SPDX-License-Identifier: Apache-2.0
package org.tepui.driver;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.api.metrics.MetricRegistry;
import org.tepui.runtime.SystemRandomness;
import org.tepui.runtime.ThreadEventLoop;
import org.tepui.transport.LocalPeer;
import org.tepui.transport.netty.Transport;

/**
 * The loop and the network of one driver in a plain JVM: what a framework opens first and closes last.
 *
 * <pre>{@code
 * try (DriverRuntime runtime = DriverRuntime.open("my-framework")) {
 *     SchedulerDriver driver = runtime.driver(DriverConfig.of(master, info), scheduler);
 *     driver.start();
 *     ...
 * }
 * }</pre>
 */
public final class DriverRuntime implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DriverRuntime.class);
    private static final String VERSION = "0.1.0";

    private final MetricRegistry metrics = new MetricRegistry();
    private final ThreadEventLoop loop;
    private final Transport transport;

    private DriverRuntime(String name) {
        this.loop = ThreadEventLoop.start(
                name, (where, what, failure) -> LOG.error("'{}' on loop {} failed", what, where, failure));
        this.transport = Transport.open(
                Transport.Config.DEFAULTS, loop, new SystemRandomness(), new LocalPeer("driver", VERSION), metrics);
    }

    /**
     * Starts the threads of a runtime.
     *
     * @param name of the loop's thread
     */
    public static DriverRuntime open(String name) {
        return new DriverRuntime(name);
    }

    /** The driver of this runtime, not started; there is one only. */
    public SchedulerDriver driver(DriverConfig config, Scheduler scheduler) {
        return new EndpointSchedulerDriver(config, scheduler, transport.endpoint());
    }

    /** What the transport counts. */
    public MetricRegistry metrics() {
        return metrics;
    }

    /** Sends what is queued, closes the connection and ends the threads. Not from the driver's loop. */
    @Override
    public void close() {
        transport.close();
        loop.close();
    }
}
