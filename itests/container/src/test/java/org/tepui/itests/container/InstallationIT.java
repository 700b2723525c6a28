// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command itself. */
@Timeout(300)
class InstallationIT {
    @TempDir
    Path directory;

    @Test
    void listsItsVerbs() throws IOException, InterruptedException {
        TepuiProcess help = TepuiProcess.run(directory, "help");
        assertThat(help.await()).isZero();
        assertThat(help.out()).contains("quickstart", "local", "master", "agent", "run", "tasks", "kill", "logs");
        assertThat(TepuiProcess.run(directory, "version").out()).startsWith("tepui 0.");
    }

    @Test
    void refusesAnUnknownVerb() throws IOException, InterruptedException {
        TepuiProcess unknown = TepuiProcess.run(directory, "taks");
        assertThat(unknown.await()).isEqualTo(2);
        assertThat(unknown.err()).contains("'taks' is not a verb");
    }

    @Test
    void explainsEveryOptionOfAService() throws IOException, InterruptedException {
        assertThat(TepuiProcess.run(directory, "help", "master").out())
                .contains("--agent-ping-timeout", "--allocator", "Default: 15s.", "--work-dir");
        assertThat(TepuiProcess.run(directory, "help", "agent").out()).contains("--resources", "--switch-user");
        assertThat(TepuiProcess.run(directory, "help", "run").out()).contains("--instances", "Exit codes:");
    }

    @Test
    void runsFromAPathWithSpacesAndThroughALink() throws IOException, InterruptedException {
        Path copy = directory.resolve("a place with spaces");
        copy(TepuiProcess.installation(), copy);
        Path link = directory.resolve("link to tepui");
        Files.createSymbolicLink(link, copy.resolve("bin/tepui"));
        try (TepuiProcess local = TepuiProcess.start(
                link,
                directory,
                Map.of("TEPUI_VAR", directory.resolve("var dir").toString()),
                "local",
                "--agents",
                "1",
                "--port",
                "0",
                "--",
                "sh",
                "-c",
                "exec \"$0\" run -- 'test -d \"$MESOS_SANDBOX\"'",
                link.toString())) {
            assertThat(local.await()).as(local.err()).isZero();
            assertThat(local.out()).startsWith("1 of 1 tasks finished");
        }
        assertThat(directory.resolve("var dir/local/master")).isDirectory();
    }

    @Test
    void namesAJavaThatIsMissing() throws IOException, InterruptedException {
        try (TepuiProcess tepui = TepuiProcess.start(
                directory, Map.of("JAVA_HOME", directory.resolve("none").toString()), "tasks")) {
            assertThat(tepui.await()).isEqualTo(2);
            assertThat(tepui.err()).contains("set JAVA_HOME or TEPUI_JAVA to Java 17 or newer");
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
        to.resolve("bin/tepui").toFile().setExecutable(true);
        to.resolve("libexec/tepui-shim").toFile().setExecutable(true);
    }
}
