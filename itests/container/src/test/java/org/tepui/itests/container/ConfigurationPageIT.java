// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What docs/operations says of configuration has to be what the bundles declare. */
@Timeout(120)
class ConfigurationPageIT {
    private static final Path PAGE =
            Path.of(System.getProperty("tepui.root")).resolve("docs/operations/configuration.md");
    private static final Pattern GROUP = Pattern.compile("(org\\.[a-z.]+):");
    private static final Pattern OPTION = Pattern.compile("  --(\\S+) .*");
    private static final Pattern DEFAULT = Pattern.compile("(.*?) ?Default: (.*)\\.");
    private static final Pattern HEADING = Pattern.compile("## (\\S+)\\.cfg");

    @TempDir
    Path directory;

    /** File and key to the row of the page. */
    private final Map<String, String> declared = new TreeMap<>();

    @Test
    void hasEachKeyWithItsDefaultAndMeaning() throws IOException, InterruptedException {
        for (String service : new String[] {"master", "agent", "local"}) {
            read(TepuiProcess.run(directory, "help", service).out());
        }
        assertThat(documented())
                .as("the rows of %s; those that are expected:%n%s", PAGE, String.join("\n", declared.values()))
                .isEqualTo(declared);
    }

    private void read(String help) {
        String file = "";
        String key = "";
        StringBuilder text = new StringBuilder();
        for (String line : (help + "\nend").split("\n", -1)) {
            Matcher group = GROUP.matcher(line);
            Matcher option = OPTION.matcher(line);
            if (line.startsWith("      ")) {
                text.append(text.isEmpty() ? "" : " ").append(line.strip());
                continue;
            }
            if (!key.isEmpty()) {
                declared.put(file + " " + key, row(key, text.toString()));
            }
            key = "";
            text.setLength(0);
            if (group.matches()) {
                file = group.group(1);
            } else if (option.matches()) {
                key = option.group(1).replace('-', '.');
            }
        }
    }

    private static String row(String key, String text) {
        Matcher parts = DEFAULT.matcher(text);
        boolean hasDefault = parts.matches();
        String fallback = hasDefault ? "`" + parts.group(2) + "`" : "";
        String meaning = hasDefault ? parts.group(1) : text;
        return "| `" + key + "` | " + fallback.replace("|", "\\|") + " | " + meaning.replace("|", "\\|") + " |";
    }

    private static Map<String, String> documented() throws IOException {
        Map<String, String> rows = new TreeMap<>();
        String file = "";
        for (String line : Files.readAllLines(PAGE)) {
            Matcher heading = HEADING.matcher(line);
            if (heading.matches()) {
                file = heading.group(1);
            } else if (line.startsWith("| `")) {
                rows.put(file + " " + line.substring(3, line.indexOf('`', 3)), line);
            }
        }
        return rows;
    }
}
