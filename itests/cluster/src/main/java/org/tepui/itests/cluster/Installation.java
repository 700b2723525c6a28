// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.cluster;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The installation that the build made, used through its command with a directory of its own for what services keep.
 *
 * @param home holds {@code bin/tepui}
 * @param var below it lies what the services write
 * @param variables what the processes have in their environment beside that of this one
 */
public record Installation(Path home, Path var, Map<String, String> variables) {
    private static final String READY = "ready.* on ([^ ,]+:\\d+)";

    /**
     * Finds the installation of this source tree.
     *
     * @param var an empty directory
     */
    public static Installation built(Path var) throws IOException {
        Path target = Path.of(System.getProperty("tepui.root", ".")).resolve("distribution/target");
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(target, "tepui-*")) {
            for (Path directory : directories) {
                if (Files.isExecutable(directory.resolve("bin/tepui"))) {
                    String java = System.getProperty("tepui.test.jdk", System.getProperty("java.home")) + "/bin/java";
                    return new Installation(directory, var, Map.of("TEPUI_VAR", var.toString(), "TEPUI_JAVA", java));
                }
            }
        }
        throw new IOException("no installation in " + target + ": build the module distribution first");
    }

    /** The same with a further variable in the environment of its processes. */
    public Installation with(String variable, String value) {
        Map<String, String> more = new HashMap<>(variables);
        more.put(variable, value);
        return new Installation(home, var, more);
    }

    /** Starts {@code tepui ARGUMENTS}. */
    public Program start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(home.resolve("bin/tepui").toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("TEPUI_"));
        builder.environment().putAll(variables);
        return Program.start("tepui " + String.join(" ", arguments), builder);
    }

    /** Runs {@code tepui ARGUMENTS} to its end. */
    public Outcome run(String... arguments) throws IOException, InterruptedException {
        try (Program program = start(arguments)) {
            return program.await();
        }
    }

    /** Waits until a service says where it listens. */
    public static String awaitReady(Program service) throws IOException, InterruptedException {
        return service.awaitOut(READY).group(1);
    }
}
