// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.compatibility;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.opentest4j.TestAbortedException;
import org.tepui.itests.cluster.Json;
import org.tepui.itests.cluster.Outcome;
import org.tepui.itests.cluster.Program;

/** The framework on the npm package, and what it needs to run. */
final class NodeClient {
    private static final int OLDEST_NODE = 18;
    private static final Path SOURCES = Path.of("src/clients/node");
    private static final Path DIRECTORY = Path.of("target/node");

    private NodeClient() {}

    /**
     * Installs the package as locked, once per build directory.
     *
     * @throws TestAbortedException if Node is missing or too old, or the registry cannot be reached
     */
    static void install() throws IOException, InterruptedException {
        String version = version("node");
        Assumptions.assumeTrue(
                Integer.parseInt(version.substring(1, version.indexOf('.'))) >= OLDEST_NODE,
                () -> "Node " + OLDEST_NODE + " or newer is needed for the npm client, there is " + version);
        version("npm");
        Files.createDirectories(DIRECTORY);
        Path lock = DIRECTORY.resolve("package-lock.json");
        boolean installed = Files.exists(DIRECTORY.resolve("node_modules/.package-lock.json"))
                && Files.exists(lock)
                && Files.mismatch(lock, SOURCES.resolve("package-lock.json")) < 0;
        for (String file : List.of("client.js", "package.json", "package-lock.json")) {
            Files.copy(SOURCES.resolve(file), DIRECTORY.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        if (!installed) {
            Outcome outcome = run(
                    new ProcessBuilder("npm", "ci", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund")
                            .directory(DIRECTORY.toFile()));
            Assumptions.assumeTrue(
                    outcome.code() == 0, () -> "npm cannot install mesos-framework here: " + outcome.err());
        }
    }

    private static String version(String program) throws InterruptedException {
        try {
            return run(new ProcessBuilder(program, "--version")).out().strip();
        } catch (IOException e) {
            throw new TestAbortedException(program + " is missing, which the npm client needs: " + e.getMessage(), e);
        }
    }

    private static Outcome run(ProcessBuilder builder) throws IOException, InterruptedException {
        try (Program program = Program.start(String.join(" ", builder.command()), builder)) {
            return program.await();
        }
    }

    /** Starts the framework. */
    static Program start(String master) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("node", "--no-deprecation", "client.js", master)
                .directory(DIRECTORY.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        builder.environment().put("USER", System.getProperty("user.name", "root"));
        builder.environment().keySet().removeAll(List.of("HOST", "PORT0"));
        return Program.start("npm client", builder);
    }

    /** What a framework said, one object a line. */
    static List<Json> said(String output) throws IOException {
        List<Json> events = new ArrayList<>();
        for (String line : output.lines().toList()) {
            events.add(Json.parse(line));
        }
        return events;
    }
}
