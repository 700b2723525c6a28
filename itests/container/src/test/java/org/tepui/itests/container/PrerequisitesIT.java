// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scripts of a source tree on a machine that has no JDK, no Maven and no C compiler. */
@Timeout(60)
class PrerequisitesIT {
    private static final Path ROOT = Path.of(System.getProperty("tepui.root"));
    private static final List<String> TOOLS = List.of(
            "sh",
            "awk",
            "cat",
            "date",
            "dirname",
            "find",
            "grep",
            "head",
            "mkdir",
            "mv",
            "readlink",
            "rm",
            "sed",
            "tee",
            "touch");

    @TempDir
    Path directory;

    private Path tree;
    private Path path;

    @BeforeEach
    void copyScripts() throws IOException {
        tree = Files.createDirectory(directory.resolve("tree"));
        path = Files.createDirectory(directory.resolve("path"));
        Files.createDirectory(tree.resolve("build-config"));
        for (String script : List.of("tepui", "check", "build-config/prerequisites.sh")) {
            // this machine's own JDK and headers are not to be found
            String text = Files.readString(ROOT.resolve(script))
                    .replace("/usr/lib/jvm", directory + "/none")
                    .replace("/usr/include", directory + "/none");
            Files.writeString(tree.resolve(script), text);
        }
        for (String tool : TOOLS) {
            tool(tool, "exec " + find(tool) + " \"$@\"");
        }
    }

    private static Path find(String tool) {
        return Stream.of("/bin", "/usr/bin")
                .map(bin -> Path.of(bin, tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }

    private void tool(String name, String text) throws IOException {
        Path file = path.resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private String run(String script, int expectedCode) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        "/bin/sh", tree.resolve(script).toString())
                .redirectErrorStream(true)
                .directory(directory.toFile());
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", path.toString(), "HOME", directory.toString()));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isEqualTo(expectedCode);
        return output;
    }

    @ParameterizedTest
    @ValueSource(strings = {"tepui", "check"})
    void printTheExactCommandToWhoMayNotInstall(String script) throws IOException, InterruptedException {
        tool("id", "echo 1000");
        tool("apt-get", "echo apt-get must not be called; exit 9");

        assertThat(run(script, 2).lines())
                .containsExactly(
                        script + ": these packages are missing: openjdk-17-jdk-headless maven gcc libc6-dev",
                        script + ": install them with: sudo apt-get update && sudo apt-get install -y"
                                + " --no-install-recommends openjdk-17-jdk-headless maven gcc libc6-dev");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tepui", "check"})
    void installAsRoot(String script) throws IOException, InterruptedException {
        Path calls = directory.resolve("calls");
        tool("id", "echo 0");
        tool("apt-get", "echo \"$@\" >>'" + calls + "'");

        assertThat(run(script, 2)).contains("still missing after the installation:");
        assertThat(Files.readAllLines(calls))
                .containsExactly(
                        "update -q",
                        "install -y -q --no-install-recommends openjdk-17-jdk-headless maven gcc libc6-dev");
    }
}
