// SPDX-License-Identifier: Apache-2.0
package org.tepui.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tepui.api.configuration.ConfigurationException;

class PluginSettingsTest {
    private static final Path HOME = Path.of("/opt/tepui");

    @Test
    void hasDefaults() {
        assertThat(PluginSettings.read(Map.of(), HOME))
                .isEqualTo(new PluginSettings(
                        Path.of("/opt/tepui/deploy"),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(30)));
    }

    @Test
    void takesEveryKey() {
        Map<String, String> values = Map.of(
                "deploy.dir",
                "/srv/deploy",
                "deploy.interval",
                "250ms",
                "plugin.start.timeout",
                "1min",
                "plugin.switch.timeout",
                "2min");
        assertThat(PluginSettings.read(values, HOME))
                .isEqualTo(new PluginSettings(
                        Path.of("/srv/deploy"), Duration.ofMillis(250), Duration.ofMinutes(1), Duration.ofMinutes(2)));
    }

    @Test
    void namesEveryValueThatIsNotAllowed() {
        Map<String, String> values =
                Map.of("deploy.interval", "1ms", "plugin.start.timeout", "soon", "plugin.switch.timeout", "1h");
        assertThatThrownBy(() -> PluginSettings.read(values, HOME))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll(
                        "deploy.interval=1ms", "plugin.start.timeout=soon", "plugin.switch.timeout=1h");
    }
}
