// SPDX-License-Identifier: Apache-2.0
package org.tepui.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Writes the configuration of a container's log from the template {@code etc/logback.xml}. */
final class LogConfiguration {
    private static final String TEMPLATE = "logback.xml";

    private LogConfiguration() {}

    /**
     * Fills the template in.
     *
     * @param container names the log file and each line on the console
     * @return the file that was written
     * @throws IOException if the template cannot be read or the directory not be written
     */
    static Path write(Path etc, Path directory, String container, LauncherSettings settings) throws IOException {
        LauncherSettings.Log log = settings.log();
        Path logs = Files.createDirectories(settings.workDirectory().resolve("logs"));
        Map<String, String> values = new TreeMap<>();
        values.put("log.file", logs.resolve(container + ".log").toString());
        values.put("container", container);
        values.put("log.level", log.level());
        values.put("log.console.level", log.consoleLevel());
        values.put("log.file.bytes", String.valueOf(log.fileBytes()));
        values.put("log.files", String.valueOf(log.files()));
        values.put(
                "log.loggers",
                log.levels().entrySet().stream()
                        .map(entry -> "<logger name=\"" + entry.getKey() + "\" level=\"" + entry.getValue() + "\"/>")
                        .collect(Collectors.joining("\n  ")));
        String text = Files.readString(etc.resolve(TEMPLATE), StandardCharsets.UTF_8);
        for (Map.Entry<String, String> entry : values.entrySet()) {
            String value = entry.getKey().equals("log.loggers") ? entry.getValue() : escaped(entry.getValue());
            text = text.replace("@" + entry.getKey() + "@", value);
        }
        Path file = directory.resolve(TEMPLATE);
        Files.writeString(file, text, StandardCharsets.UTF_8);
        return file;
    }

    private static String escaped(String value) {
        return value.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
