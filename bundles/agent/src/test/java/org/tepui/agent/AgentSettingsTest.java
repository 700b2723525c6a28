// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tepui.api.FaultDomain;
import org.tepui.api.configuration.ConfigurationException;
import org.tepui.runtime.Address;

class AgentSettingsTest {
    private static final Path WORK = Path.of("/var/lib/agent");

    @Test
    void hasTheDefaultsOfMesos() {
        AgentSettings settings = AgentSettings.read(Map.of(), WORK, "1");
        assertThat(settings)
                .isEqualTo(new AgentSettings(
                        new AgentConfig(
                                new Address("127.0.0.1", 5051),
                                "127.0.0.1",
                                new Address("127.0.0.1", 5050),
                                WORK,
                                Optional.empty(),
                                "",
                                true,
                                "1",
                                AgentConfig.Timings.DEFAULT,
                                AgentConfig.Bounds.DEFAULT),
                        false,
                        false,
                        Optional.empty(),
                        Optional.empty()));
    }

    @Test
    void takesEachKey() {
        Map<String, Object> values = new TreeMap<>();
        values.put("master", "10.0.0.1:6000");
        values.put("ip", "0.0.0.0");
        values.put("port", "0");
        values.put("hostname", "node7");
        values.put("insecure", "true");
        values.put("resources", "cpus:2");
        values.put("attributes", "rack:a");
        values.put("domain", "eu/eu-1");
        values.put("switch.user", "false");
        values.put("stop.tasks", "true");
        values.put("runtime.dir", "/run/x");
        values.put("shim", "/opt/shim");
        values.put("registration.backoff.factor", "2s");
        values.put("kill.grace.period", "7s");
        values.put("gc.delay", "1h");
        values.put("gc.disk.headroom", "0.2");
        values.put("disk.watch.interval", "5s");
        values.put("tasks.max", "3");
        AgentSettings settings = AgentSettings.read(values, WORK, "1");
        AgentConfig config = settings.config();
        assertThat(config.master()).isEqualTo(new Address("10.0.0.1", 6000));
        assertThat(config.listen()).isEqualTo(new Address("0.0.0.0", 0));
        assertThat(config.hostname()).isEqualTo("node7");
        assertThat(config.resources()).contains("cpus:2");
        assertThat(config.attributes()).isEqualTo("rack:a");
        assertThat(config.domain()).contains(new FaultDomain("eu", "eu-1"));
        assertThat(config.switchUser()).isFalse();
        assertThat(config.timings().registrationBackoff()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.timings().killGrace()).isEqualTo(Duration.ofSeconds(7));
        assertThat(config.timings().sandboxRetention()).isEqualTo(Duration.ofHours(1));
        assertThat(config.timings().sandboxCheck()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.timings().diskHeadroom()).isEqualTo(0.2);
        assertThat(config.bounds().liveTasks()).isEqualTo(3);
        assertThat(settings.insecure()).isTrue();
        assertThat(settings.stopTasks()).isTrue();
        assertThat(settings.runtimeDirectory()).contains(Path.of("/run/x"));
        assertThat(settings.shim()).contains(Path.of("/opt/shim"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "port|70000",
                "ip|''",
                "master|''",
                "master|nonsense",
                "resources|cpus:many",
                "resources|ports:[9-1]",
                "attributes|rack",
                "domain|eu",
                "domain|eu/",
                "switch.user|perhaps",
                "kill.grace.period|3",
                "kill.grace.period|2h",
                "registration.backoff.factor|0s",
                "gc.delay|never",
                "gc.disk.headroom|1.1",
                "tasks.max|0",
                "not.a.key|1"
            })
    void refusesAWrongValueByItsKey(String key, String value) {
        assertThatThrownBy(() -> AgentSettings.read(Map.of(key, value), WORK, "1"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(key);
    }

    @Test
    void tellsAllThatIsWrongAtOnce() {
        assertThatThrownBy(() -> AgentSettings.read(Map.of("port", "-1", "resources", "x", "gc.delay", "1"), WORK, "1"))
                .hasMessageContaining("port")
                .hasMessageContaining("resources")
                .hasMessageContaining("gc.delay");
    }

    @Test
    void runtimeDirectoriesFollowFromWorkDirectories() {
        assertThat(RuntimeDirectory.of(WORK)).isEqualTo(RuntimeDirectory.of(Path.of("/var/lib/x/../agent")));
        assertThat(RuntimeDirectory.of(WORK)).isNotEqualTo(RuntimeDirectory.of(Path.of("/var/lib/agent2")));
    }
}
