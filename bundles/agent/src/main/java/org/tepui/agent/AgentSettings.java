// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.tepui.api.FaultDomain;
import org.tepui.api.configuration.ConfigurationException;
import org.tepui.api.configuration.ConfigurationReader;
import org.tepui.api.resources.Attribute;
import org.tepui.api.resources.Resources;
import org.tepui.runtime.Address;

/**
 * The configuration of an agent's container, read and checked.
 *
 * @param config of the agent itself
 * @param insecure whether others than this machine may reach it, without authentication
 * @param stopTasks whether its tasks end with it
 * @param runtimeDirectory for the records of processes, if it was chosen
 * @param shim the program, if it was chosen
 */
record AgentSettings(
        AgentConfig config, boolean insecure, boolean stopTasks, Optional<Path> runtimeDirectory, Optional<Path> shim) {
    private static final int HIGHEST_PORT = 65535;
    private static final int MOST_TASKS = 1_000_000;
    private static final Duration MILLISECOND = Duration.ofMillis(1);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration YEAR = Duration.ofDays(364);

    /**
     * Reads a configuration.
     *
     * @param workDirectory chosen by the launcher
     * @throws ConfigurationException with everything that is wrong
     */
    static AgentSettings read(Map<String, ?> properties, Path workDirectory, String version) {
        ConfigurationReader reader = ConfigurationReader.of(AgentConfiguration.class, properties);
        Address listen = new Address(present(reader, "ip"), reader.integer("port", 0, HIGHEST_PORT));
        AgentConfig.Timings defaults = AgentConfig.Timings.DEFAULT;
        AgentConfig.Timings timings = new AgentConfig.Timings(
                reader.duration("registration.backoff.factor", MILLISECOND, MINUTE),
                defaults.maximumRegistrationBackoff(),
                defaults.pingTimeout(),
                reader.duration("kill.grace.period", Duration.ZERO, HOUR),
                defaults.statusRetry(),
                defaults.maximumStatusRetry(),
                reader.duration("gc.delay", Duration.ZERO, YEAR),
                reader.duration("disk.watch.interval", SECOND, DAY),
                reader.decimal("gc.disk.headroom", 0, 1));
        AgentConfig.Bounds bounds =
                AgentConfig.Bounds.DEFAULT.withLiveTasks(reader.integer("tasks.max", 1, MOST_TASKS));
        AgentConfig config = new AgentConfig(
                listen,
                reader.optionalText("hostname").orElseGet(() -> hostname(listen)),
                master(reader),
                workDirectory.toAbsolutePath(),
                resources(reader),
                attributes(reader),
                domain(reader),
                reader.flag("switch.user"),
                version,
                timings,
                bounds);
        AgentSettings settings = new AgentSettings(
                config,
                reader.flag("insecure"),
                reader.flag("stop.tasks"),
                reader.path("runtime.dir"),
                reader.path("shim"));
        reader.finish();
        return settings;
    }

    private static String present(ConfigurationReader reader, String key) {
        String text = reader.requiredText(key);
        return text.isEmpty() ? "127.0.0.1" : text;
    }

    private static Address master(ConfigurationReader reader) {
        Optional<InetSocketAddress> address = reader.address("master");
        if (address.isEmpty() && reader.text("master").isEmpty()) {
            reader.reject("master", "HOST:PORT of the master is expected");
        }
        return address.map(a -> new Address(a.getHostString(), a.getPort()))
                .orElseGet(() -> new Address("127.0.0.1", HIGHEST_PORT));
    }

    private static Optional<String> resources(ConfigurationReader reader) {
        Optional<String> text = reader.optionalText("resources");
        try {
            text.ifPresent(Resources::parse);
            return text;
        } catch (IllegalArgumentException e) {
            reader.reject("resources", String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private static String attributes(ConfigurationReader reader) {
        String text = reader.text("attributes");
        try {
            Attribute.parse(text);
            return text;
        } catch (IllegalArgumentException e) {
            reader.reject("attributes", String.valueOf(e.getMessage()));
            return "";
        }
    }

    private static Optional<FaultDomain> domain(ConfigurationReader reader) {
        try {
            return reader.optionalText("domain").map(FaultDomain::parse);
        } catch (IllegalArgumentException e) {
            reader.reject("domain", String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** Where others reach the agent: what it listens on, if that says it. */
    private static String hostname(Address listen) {
        if (!listen.host().equals("0.0.0.0") && !listen.host().equals("::")) {
            return listen.host();
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return listen.host();
        }
    }
}
