// SPDX-License-Identifier: Apache-2.0
package org.tepui.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.tepui.api.configuration.ConfigurationException;
import org.tepui.api.configuration.ConfigurationReader;

/**
 * Starts a whole cluster in one process: {@code tepui local}. One master and some agents, each in a container of
 * its own, on loopback only. With a command after {@code --} it runs that against the cluster and ends with its
 * exit code.
 */
final class LocalCommand {
    private static final String EXPLANATION = "Starts a master and agents in one process, on loopback only."
            + " With COMMAND it runs that with the master's address as TEPUI_MASTER in its environment, stops the"
            + " cluster, and ends with the exit code of COMMAND. Otherwise Ctrl-C or SIGTERM stops it."
            + " The options of master and agent hold for each of them.";
    private static final int MOST_AGENTS = 50;
    private static final int HIGHEST_PORT = 65535;
    private static final int FIRST_TASK_PORT = 31_000;
    private static final int TASK_PORTS_PER_AGENT = 500;

    /** Several containers at once would warn of little but each other. */
    private static final Map<String, String> QUIET = Map.of("log.console.level", "error");

    private final Launch launch;

    LocalCommand(Launch launch) {
        this.launch = launch;
    }

    /** Runs until the cluster or the command ends. */
    int run(List<String> arguments) throws LaunchException, InterruptedException {
        int separator = arguments.indexOf("--");
        List<String> command = separator < 0 ? List.of() : arguments.subList(separator + 1, arguments.size());
        OptionCatalog own = launch.distribution().localOptions();
        OptionCatalog masters = launch.distribution().options(Service.MASTER);
        OptionCatalog agents = launch.distribution().options(Service.AGENT);
        OptionCatalog all = own.and(masters).and(agents);
        Flags flags = Flags.parse(separator < 0 ? arguments : arguments.subList(0, separator), all);
        if (flags.help()) {
            launch.out().print(Usage.of("tepui local [OPTION...] [-- COMMAND...]", EXPLANATION, all));
            return 0;
        }
        SettingsReader reader = launch.settingsReader();
        Map<String, String> shared = new TreeMap<>(flags.values());
        shared.keySet().removeAll(own.keys());
        Settings local = reader.read(own, flags.values());
        Settings master = reader.read(masters, shared);
        Settings agent = reader.read(agents, shared);
        List<String> problems = Launch.problems(flags, reader, List.of(local, master, agent));
        Shape shape = shape(local, problems);
        Launch.refuse(problems);
        return run(shape, workDirectory(shape, local), master, agent, command);
    }

    private Path workDirectory(Shape shape, Settings local) throws LaunchException {
        if (!shape.temporary()) {
            return launch.workDirectory(local, "local");
        }
        Path directory = TemporaryDirectory.create();
        launch.containers().afterStop(() -> TemporaryDirectory.delete(directory));
        return directory;
    }

    private int run(Shape shape, Path directory, Settings masterSettings, Settings agentSettings, List<String> command)
            throws LaunchException, InterruptedException {
        Container master = launch.container(
                "master",
                Service.MASTER,
                masterSettings
                        .with(Map.of("port", String.valueOf(shape.port())))
                        .withDefaults(QUIET),
                directory.resolve("master"));
        launch.containers().add(List.of(master));
        String address = master.start();
        List<Container> agents = new ArrayList<>();
        for (int number = 1; number <= shape.agents(); number++) {
            agents.add(launch.container(
                    "agent" + number,
                    Service.AGENT,
                    agentSettings.with(Map.of("port", "0", "master", address)).withDefaults(defaults(number)),
                    directory.resolve("agent" + number)));
        }
        launch.containers().add(agents);
        startTogether(agents);
        List<Container> running = new ArrayList<>(agents);
        running.add(master);
        if (!command.isEmpty()) {
            return runCommand(command, address, running);
        }
        launch.out()
                .println("local cluster ready: master on " + address + ", " + shape.agents() + " agents (pid "
                        + ProcessHandle.current().pid() + ", " + ProcessAge.milliseconds() + " ms)");
        return master.exitWhenReady() ? 0 : launch.awaitEnd(running, Optional.empty());
    }

    /**
     * Agents of one machine would each offer all of it, and the same ports: so each gets ports of its own. Their tasks
     * end with the cluster, and run as this user where others cannot be had. There are few, so they need not spread
     * their registrations.
     */
    private static Map<String, String> defaults(int number) {
        int first = FIRST_TASK_PORT + (number - 1) * TASK_PORTS_PER_AGENT;
        int processors = Runtime.getRuntime().availableProcessors();
        return Map.of(
                "resources",
                "cpus:" + Math.max(2, processors) + ";mem:2048;disk:10240;ports:[" + first + "-"
                        + (first + TASK_PORTS_PER_AGENT - 1) + "]",
                "stop.tasks",
                "true",
                "registration.backoff.factor",
                "10ms",
                "switch.user",
                String.valueOf(isRoot()),
                "log.console.level",
                QUIET.get("log.console.level"));
    }

    private static boolean isRoot() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    private static void startTogether(List<Container> agents) throws LaunchException, InterruptedException {
        int parallel = Math.max(1, Math.min(agents.size(), Runtime.getRuntime().availableProcessors()));
        ExecutorService executor = Executors.newFixedThreadPool(parallel);
        try {
            List<Future<String>> starts = new ArrayList<>();
            agents.forEach(agent -> starts.add(executor.submit(agent::start)));
            for (Future<String> start : starts) {
                start.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof LaunchException failure) {
                throw failure;
            }
            throw new IllegalStateException("an agent could not be started", e.getCause());
        } finally {
            executor.shutdown();
        }
    }

    private int runCommand(List<String> command, String address, List<Container> running)
            throws LaunchException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().put("TEPUI_MASTER", address);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw LaunchException.misuse("cannot run " + command.get(0) + ": " + e.getMessage());
        }
        launch.containers().beforeStop(process);
        return launch.awaitEnd(running, Optional.of(process));
    }

    private static Shape shape(Settings local, List<String> problems) {
        try {
            ConfigurationReader reader =
                    ConfigurationReader.of(LocalConfiguration.class, local.values(LocalConfiguration.PID));
            Shape shape = new Shape(
                    reader.integer("agents", 1, MOST_AGENTS),
                    reader.integer("port", 0, HIGHEST_PORT),
                    reader.flag("temporary"));
            reader.finish();
            return shape;
        } catch (ConfigurationException e) {
            problems.add(String.valueOf(e.getMessage()));
            return new Shape(1, 0, false);
        }
    }

    /** How large the cluster is, where its master listens, and whether nothing of it is to stay. */
    private record Shape(int agents, int port, boolean temporary) {}
}
