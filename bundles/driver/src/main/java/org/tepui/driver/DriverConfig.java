// SPDX-License-Identifier: Apache-2.0
package org.tepui.driver;

import java.time.Duration;
import org.tepui.runtime.Address;
import org.tepui.v1.FrameworkInfo;

/**
 * What a driver starts from.
 *
 * @param master where the master listens
 * @param framework with the id of an earlier life, if it is to continue that
 * @param implicitAcknowledgement whether the driver acknowledges each status when the scheduler has seen it
 * @param initialBackoff bound of the first wait between two tries to connect or subscribe
 * @param maximumBackoff bound that the doubling of the wait ends at
 * @param heartbeatTimeout without any event for so long, the connection is held for dead and made anew; five
 *     heartbeats of the master
 */
public record DriverConfig(
        Address master,
        FrameworkInfo framework,
        boolean implicitAcknowledgement,
        Duration initialBackoff,
        Duration maximumBackoff,
        Duration heartbeatTimeout) {
    private static final Duration INITIAL_BACKOFF = Duration.ofMillis(500);
    private static final Duration MAXIMUM_BACKOFF = Duration.ofSeconds(15);
    private static final Duration HEARTBEAT_TIMEOUT = Duration.ofSeconds(75);

    /** A driver with the usual times and implicit acknowledgement. */
    public static DriverConfig of(Address master, FrameworkInfo framework) {
        return new DriverConfig(master, framework, true, INITIAL_BACKOFF, MAXIMUM_BACKOFF, HEARTBEAT_TIMEOUT);
    }

    /** The same with explicit acknowledgement. */
    public DriverConfig withExplicitAcknowledgement() {
        return new DriverConfig(master, framework, false, initialBackoff, maximumBackoff, heartbeatTimeout);
    }
}
