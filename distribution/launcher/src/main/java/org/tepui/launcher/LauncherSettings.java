// SPDX-License-Identifier: Apache-2.0
package org.tepui.launcher;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.tepui.api.configuration.ConfigurationException;
import org.tepui.api.configuration.ConfigurationReader;

/**
 * What the launcher itself is told about one container.
 *
 * @param workDirectory where the container writes
 * @param log what is logged and where
 * @param readyTimeout how long a start may take
 * @param stopTimeout how long a stop may take
 * @param exitWhenReady whether to stop again at once
 */
record LauncherSettings(
        Path workDirectory, Log log, Duration readyTimeout, Duration stopTimeout, boolean exitWhenReady) {
    private static final Pattern LOGGER = Pattern.compile("[A-Za-z0-9_.$-]{1,200}");
    private static final List<String> LEVELS = List.of("off", "error", "warn", "info", "debug", "trace");
    private static final long SMALLEST_FILE = 1L << 20;
    private static final long LARGEST_FILE = 1L << 30;
    private static final int MOST_FILES = 100;

    /**
     * What is logged.
     *
     * @param level the least severe in the file
     * @param consoleLevel the least severe on standard error
     * @param levels by logger name, where they differ
     * @param fileBytes size at which the next file is begun
     * @param files how many closed ones are kept
     */
    record Log(String level, String consoleLevel, Map<String, String> levels, long fileBytes, int files) {}

    /** @throws ConfigurationException naming every value that is not allowed */
    static LauncherSettings of(Settings settings, Path workDirectory) {
        ConfigurationReader reader =
                ConfigurationReader.of(LauncherConfiguration.class, settings.values(LauncherConfiguration.PID));
        Map<String, String> levels = new TreeMap<>();
        for (String text : reader.list("log.levels")) {
            int equals = text.indexOf('=');
            String logger = equals < 0 ? text : text.substring(0, equals).trim();
            String level = equals < 0 ? "" : text.substring(equals + 1).trim();
            if (!LOGGER.matcher(logger).matches() || !LEVELS.contains(level)) {
                reader.reject("log.levels", "NAME=LEVEL,... is allowed, levels are " + String.join(", ", LEVELS));
            } else {
                levels.put(logger, level);
            }
        }
        LauncherSettings launcher = new LauncherSettings(
                workDirectory,
                new Log(
                        reader.text("log.level"),
                        reader.text("log.console.level"),
                        levels,
                        reader.size("log.file.size", SMALLEST_FILE, LARGEST_FILE),
                        reader.integer("log.files", 1, MOST_FILES)),
                reader.duration("ready.timeout", Duration.ofSeconds(1), Duration.ofHours(1)),
                reader.duration("stop.timeout", Duration.ofSeconds(1), Duration.ofMinutes(10)),
                reader.flag("exit.when.ready"));
        reader.finish();
        return launcher;
    }
}
