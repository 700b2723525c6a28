// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.tepui.api.FaultDomain;
import org.tepui.api.configuration.ConfigurationException;
import org.tepui.api.configuration.ConfigurationReader;
import org.tepui.api.configuration.Durations;
import org.tepui.runtime.Address;

/**
 * The configuration of a master's container, read and checked.
 *
 * @param listen where to listen
 * @param advertise where others reach the master, if that is elsewhere
 * @param insecure whether others than this machine may, without authentication
 * @param allocator how allocation policies are chosen and watched
 * @param workDirectory holds the registry
 * @param config of the master itself
 */
record MasterSettings(
        Address listen,
        Optional<Address> advertise,
        boolean insecure,
        AllocatorSettings allocator,
        Path workDirectory,
        MasterConfig config) {
    private static final int HIGHEST_PORT = 65535;
    private static final int LARGEST_HISTORY = 1_000_000;
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration QUARTER_HOUR = Duration.ofMinutes(15);
    private static final Duration YEAR = Duration.ofDays(365);
    private static final Duration SHORTEST = Duration.ofMillis(100);

    /**
     * Reads a configuration.
     *
     * @param workDirectory chosen by the launcher
     * @throws ConfigurationException with everything that is wrong
     */
    static MasterSettings read(Map<String, ?> properties, Path workDirectory) {
        ConfigurationReader reader = ConfigurationReader.of(MasterConfiguration.class, properties);
        String ip = reader.requiredText("ip");
        int port = reader.integer("port", 0, HIGHEST_PORT);
        Optional<Address> advertise =
                reader.address("advertise").map(address -> new Address(address.getHostString(), address.getPort()));
        boolean insecure = reader.flag("insecure");
        String policy = reader.requiredText("allocator");
        Duration call = reader.duration("allocator.call.timeout", SHORTEST, MINUTE);
        Duration ping = reader.duration("agent.ping.timeout", SECOND, QUARTER_HOUR);
        int pings = reader.integer("agent.ping.timeouts.max", 1, 1000);
        Duration reregister = reader.duration("agent.reregister.timeout", SECOND, YEAR);
        Duration heartbeat = reader.duration("scheduler.heartbeat.interval", SHORTEST, QUARTER_HOUR);
        Optional<Duration> offerTimeout = offerTimeout(reader);
        int frameworks = reader.integer("completed.frameworks.max", 0, LARGEST_HISTORY);
        int tasks = reader.integer("completed.tasks.max", 0, LARGEST_HISTORY);
        int unreachable = reader.integer("unreachable.tasks.max", 0, LARGEST_HISTORY);
        Optional<FaultDomain> domain = domain(reader);
        reader.finish();
        return new MasterSettings(
                new Address(ip, port),
                advertise,
                insecure,
                AllocatorSettings.of(policy, call),
                workDirectory,
                new MasterConfig(ping, pings, reregister, heartbeat, offerTimeout, frameworks, tasks, unreachable)
                        .in(domain));
    }

    private static Optional<FaultDomain> domain(ConfigurationReader reader) {
        try {
            return reader.optionalText("domain").map(FaultDomain::parse);
        } catch (IllegalArgumentException e) {
            reader.reject("domain", String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private static Optional<Duration> offerTimeout(ConfigurationReader reader) {
        String key = "offer.timeout";
        String allowed = "nothing, or a duration from " + Durations.format(SHORTEST) + " to " + Durations.format(YEAR)
                + " is allowed";
        Optional<String> text = reader.optionalText(key);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            Duration timeout = Durations.parse(text.get());
            if (timeout.compareTo(SHORTEST) >= 0 && timeout.compareTo(YEAR) <= 0) {
                return Optional.of(timeout);
            }
            reader.reject(key, allowed);
        } catch (IllegalArgumentException e) {
            reader.reject(key, allowed + "; " + e.getMessage());
        }
        return Optional.empty();
    }
}
