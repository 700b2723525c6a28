// SPDX-License-Identifier: Apache-2.0
package org.tepui.plugins;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.tepui.api.configuration.ConfigurationReader;

/**
 * What an operator may set.
 *
 * @param deployDirectory whose jars are installed
 * @param interval between two looks at it
 * @param startTimeout for the start and the stop of one plug-in
 * @param switchTimeout until a new version is used
 */
record PluginSettings(Path deployDirectory, Duration interval, Duration startTimeout, Duration switchTimeout) {
    /**
     * Reads settings.
     *
     * @param home of the installation
     * @throws org.tepui.api.configuration.ConfigurationException naming every value that is not allowed
     */
    static PluginSettings read(Map<String, ?> values, Path home) {
        ConfigurationReader reader = ConfigurationReader.of(PluginConfiguration.class, values);
        PluginSettings settings = new PluginSettings(
                reader.path("deploy.dir").orElse(home.resolve("deploy")),
                reader.duration("deploy.interval", Duration.ofMillis(100), Duration.ofHours(1)),
                reader.duration("plugin.start.timeout", Duration.ofSeconds(1), Duration.ofMinutes(10)),
                reader.duration("plugin.switch.timeout", Duration.ofSeconds(1), Duration.ofMinutes(10)));
        reader.finish();
        return settings;
    }
}
