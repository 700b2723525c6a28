// SPDX-License-Identifier: Apache-2.0
package org.tepui.launcher;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tepui.api.configuration.ConfigurationReader;
import org.tepui.api.configuration.NearestName;

/**
 * Merges the sources of configuration. A flag wins over an environment variable, that over a file, and that over the
 * default. What no container knows is a problem, wherever it stands.
 */
final class SettingsReader {
    private static final String PREFIX = "TEPUI_";
    private static final String SUFFIX = ".cfg";

    /** Variables of the scripts, and those that a task finds in its environment, which may start another service. */
    private static final Set<String> OTHER_VARIABLES = Set.of(
            "TEPUI_HOME", "TEPUI_VAR", "TEPUI_ETC", "TEPUI_JAVA", "TEPUI_JAVA_OPTS", "TEPUI_MASTER", "TEPUI_TASK_ID");

    private final Map<String, String> environment;
    private final Path etc;
    private final OptionCatalog everything;

    /**
     * @param environment all variables, others than Tepui's included
     * @param etc where configuration files are; need not exist
     * @param everything the options of all containers that this distribution can start
     */
    SettingsReader(Map<String, String> environment, Path etc, OptionCatalog everything) {
        this.environment = environment;
        this.etc = etc;
        this.everything = everything;
    }

    /** What is wrong with variables and files that belong to no container at all. */
    List<String> strayProblems() {
        List<String> problems = new ArrayList<>();
        Set<String> known = new TreeSet<>(OTHER_VARIABLES);
        everything.options().forEach(option -> known.add(option.variable()));
        for (String variable : new TreeSet<>(environment.keySet())) {
            if (variable.startsWith(PREFIX) && !known.contains(variable)) {
                problems.add("environment variable " + variable + " is not known" + suggestion(variable, known));
            }
        }
        Collection<String> pids = everything.pids();
        for (Path file : files()) {
            String pid = String.valueOf(file.getFileName()).replace(SUFFIX, "");
            if (!pids.contains(pid)) {
                problems.add(file + " configures nothing that is installed" + suggestion(pid, pids));
            }
        }
        return problems;
    }

    /** The settings of one container. Flags of other containers are passed over. */
    Settings read(OptionCatalog catalog, Map<String, String> flags) {
        List<String> problems = new ArrayList<>();
        Map<String, Map<String, String>> valuesByPid = new TreeMap<>();
        for (String pid : catalog.pids()) {
            OptionCatalog options = catalog.ofPid(pid);
            Map<String, String> values = new TreeMap<>();
            readFile(pid, options, values, problems);
            for (Option option : options.options()) {
                String variable = environment.get(option.variable());
                if (variable != null) {
                    values.put(option.key(), check(option, option.variable(), variable.trim(), problems));
                }
                String flag = flags.get(option.key());
                if (flag != null) {
                    values.put(option.key(), check(option, "--" + option.flag(), flag.trim(), problems));
                }
            }
            valuesByPid.put(pid, values);
        }
        return new Settings(catalog, valuesByPid, problems.stream().distinct().toList());
    }

    private void readFile(String pid, OptionCatalog options, Map<String, String> values, List<String> problems) {
        Path file = etc.resolve(pid + SUFFIX);
        Properties properties = new Properties();
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                properties.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                problems.add(file + " cannot be read: " + e.getMessage());
            }
        }
        for (String key : new TreeSet<>(properties.stringPropertyNames())) {
            String text = properties.getProperty(key).trim();
            options.first(key)
                    .ifPresentOrElse(
                            option -> values.put(key, check(option, file + ": " + key, text, problems)),
                            () -> problems.add(file + ": " + key + "=" + text + ": "
                                    + ConfigurationReader.unknown(key, options.keys())));
        }
    }

    /** Returns the text; adds a problem if its type or the choices do not allow it. */
    private static String check(Option option, String source, String text, List<String> problems) {
        boolean allowed = switch (option.type()) {
            case BOOLEAN -> text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false");
            case INTEGER -> text.matches("[+-]?\\d{1,18}");
            case DECIMAL -> text.matches("[+-]?\\d{1,18}(\\.\\d{1,18})?");
            case TEXT -> option.choices().isEmpty() || option.choices().contains(text);
        };
        if (!allowed) {
            String expected = option.choices().isEmpty()
                    ? option.type().allowed()
                    : "one of " + String.join(", ", option.choices());
            problems.add(source + "=" + text + ": " + expected + " is allowed");
        }
        return text;
    }

    private List<Path> files() {
        if (!Files.isDirectory(etc)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(etc)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted()
                    .collect(Collectors.toList());
        } catch (IOException e) {
            return List.of();
        }
    }

    private static String suggestion(String name, Collection<String> known) {
        return NearestName.of(name, known)
                .map(nearest -> "; did you mean " + nearest + "?")
                .orElse("");
    }
}
