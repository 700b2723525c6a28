// SPDX-License-Identifier: Apache-2.0
package org.tepui.launcher;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.tepui.api.configuration.ConfigurationException;

/** What the commands of the launcher share: where they are, how they read settings, and how they wait for the end. */
final class Launch {
    private static final String WORK_DIRECTORY = "work.dir";
    private static final long POLL_MILLISECONDS = 250;

    private final Map<String, String> environment;
    private final Distribution distribution;
    private final Containers containers;
    private final PrintStream out;
    private final PrintStream err;

    Launch(
            Map<String, String> environment,
            Distribution distribution,
            Containers containers,
            PrintStream out,
            PrintStream err) {
        this.environment = environment;
        this.distribution = distribution;
        this.containers = containers;
        this.out = out;
        this.err = err;
    }

    Distribution distribution() {
        return distribution;
    }

    Containers containers() {
        return containers;
    }

    PrintStream out() {
        return out;
    }

    PrintStream err() {
        return err;
    }

    /** Reads configuration from all places, those included that only other services read. */
    SettingsReader settingsReader() throws LaunchException {
        OptionCatalog everything = distribution
                .options(Service.MASTER)
                .and(distribution.options(Service.AGENT))
                .and(distribution.localOptions());
        return new SettingsReader(environment, distribution.etc(), everything);
    }

    /**
     * Refuses what is wrong, all of it in one message.
     *
     * @throws LaunchException if there is a problem
     */
    static void refuse(List<String> problems) throws LaunchException {
        List<String> different = problems.stream().distinct().toList();
        if (!different.isEmpty()) {
            throw LaunchException.misuse(String.join("\n", different));
        }
    }

    /** All problems of a command line, of its environment and of its files. */
    static List<String> problems(Flags flags, SettingsReader reader, List<Settings> settings) {
        List<String> problems = new ArrayList<>(flags.problems());
        settings.forEach(read -> problems.addAll(read.problems()));
        problems.addAll(reader.strayProblems());
        return problems;
    }

    /** The directory that the settings name, or else one under {@code var}. */
    Path workDirectory(Settings settings, String fallback) {
        return settings.text(WORK_DIRECTORY)
                .map(Path::of)
                .orElse(distribution.var().resolve(fallback))
                .toAbsolutePath()
                .normalize();
    }

    /** A container of a service with its settings. */
    Container container(String name, Service service, Settings settings, Path workDirectory) throws LaunchException {
        try {
            Map<String, String> directory = new TreeMap<>(Map.of(WORK_DIRECTORY, workDirectory.toString()));
            LauncherSettings launcher = LauncherSettings.of(settings, workDirectory);
            return new Container(name, service, distribution, settings.with(directory), launcher);
        } catch (ConfigurationException e) {
            throw LaunchException.misuse(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Waits until a process ends, or a container cannot go on, or all are stopped.
     *
     * @param process none to wait for the containers only
     * @return the exit code of the process; 0 without one
     * @throws LaunchException if a container cannot go on
     */
    int awaitEnd(List<Container> running, Optional<Process> process) throws LaunchException, InterruptedException {
        while (!containers.stopping()) {
            if (process.isPresent() && !process.get().isAlive()) {
                return process.get().exitValue();
            }
            for (Container container : running) {
                Optional<String> reason = container.failure();
                if (reason.isPresent()) {
                    throw LaunchException.failure(container.name() + " cannot go on: " + reason.get());
                }
            }
            Thread.sleep(POLL_MILLISECONDS);
        }
        return 0;
    }
}
