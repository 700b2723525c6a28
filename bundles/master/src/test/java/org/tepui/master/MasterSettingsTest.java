// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.tepui.api.FaultDomain;
import org.tepui.api.configuration.ConfigurationException;
import org.tepui.runtime.Address;

class MasterSettingsTest {
    private static final Path WORK = Path.of("work");

    @Test
    void hasTheDefaultsOfMesos() {
        MasterSettings settings = MasterSettings.read(Map.of(), WORK);
        assertThat(settings)
                .isEqualTo(new MasterSettings(
                        new Address("127.0.0.1", 5050),
                        Optional.empty(),
                        false,
                        AllocatorSettings.defaults(),
                        WORK,
                        MasterConfig.defaults()));
        assertThat(settings.config().totalPingTimeout()).isEqualTo(Duration.ofSeconds(75));
    }

    @Test
    void readsEveryKey() {
        Map<String, Object> properties = new TreeMap<>();
        properties.put("ip", "0.0.0.0");
        properties.put("port", 6050);
        properties.put("advertise", "master.example:7050");
        properties.put("insecure", true);
        properties.put("allocator", "priority");
        properties.put("allocator.call.timeout", "300ms");
        properties.put("domain", "eu/eu-1");
        properties.put("agent.ping.timeout", "2s");
        properties.put("agent.ping.timeouts.max", "3");
        properties.put("agent.reregister.timeout", "1h");
        properties.put("scheduler.heartbeat.interval", "500ms");
        properties.put("offer.timeout", "2min");
        properties.put("completed.frameworks.max", 1);
        properties.put("completed.tasks.max", 2);
        properties.put("unreachable.tasks.max", 3);
        assertThat(MasterSettings.read(properties, WORK))
                .isEqualTo(new MasterSettings(
                        new Address("0.0.0.0", 6050),
                        Optional.of(new Address("master.example", 7050)),
                        true,
                        AllocatorSettings.of("priority", Duration.ofMillis(300)),
                        WORK,
                        new MasterConfig(
                                Duration.ofSeconds(2),
                                3,
                                Duration.ofHours(1),
                                Duration.ofMillis(500),
                                Optional.of(Duration.ofMinutes(2)),
                                1,
                                2,
                                3,
                                Optional.of(new FaultDomain("eu", "eu-1")))));
    }

    @Test
    void reportsEverythingThatIsWrongAtOnce() {
        Map<String, Object> properties = Map.of(
                "port", "65536",
                "agent.ping.timeout", "15",
                "agent.ping.timeouts.max", "0",
                "offer.timeout", "soon",
                "domain", "nowhere",
                "advertise", "nowhere",
                "offer.timout", "1s");
        assertThatThrownBy(() -> MasterSettings.read(properties, WORK))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("port")
                .hasMessageContaining("65536")
                .hasMessageContaining("agent.ping.timeout")
                .hasMessageContaining("agent.ping.timeouts.max")
                .hasMessageContaining("offer.timeout")
                .hasMessageContaining("domain")
                .hasMessageContaining("advertise")
                .hasMessageContaining("offer.timout");
    }

    @Test
    void refusesAConfigOutOfBoundsByAllItsKeys() {
        assertThatThrownBy(() -> new MasterConfig(
                        Duration.ZERO, 0, Duration.ZERO, Duration.ZERO, Optional.of(Duration.ZERO), -1, -1, -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("agent.ping.timeout is")
                .hasMessageContaining("agent.ping.timeouts.max is 0")
                .hasMessageContaining("agent.reregister.timeout")
                .hasMessageContaining("scheduler.heartbeat.interval")
                .hasMessageContaining("offer.timeout")
                .hasMessageContaining("completed.frameworks.max")
                .hasMessageContaining("completed.tasks.max")
                .hasMessageContaining("unreachable.tasks.max");
    }

    @Test
    void handsThePolicyItsOwnSettingsAsText() {
        assertThat(PolicyConfiguration.of(Map.of(
                        "component.name",
                        "x",
                        "service.id",
                        7L,
                        "allocation.interval",
                        "1s",
                        "names",
                        new String[] {"a", "b"},
                        "filter",
                        true)))
                .isEqualTo(Map.of("allocation.interval", "1s", "names", "a,b", "filter", "true"));
    }
}
