// SPDX-License-Identifier: Apache-2.0
package org.tepui.shim;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tepui.runtime.Processes.ExitStatus;
import org.tepui.runtime.Processes.ProcessSpec;
import org.tepui.runtime.Processes.Started;

@Timeout(120)
class ProcessStartTest {
    private ShimWorld world;

    @BeforeEach
    void begin() throws Exception {
        world = new ShimWorld();
        world.live();
    }

    @AfterEach
    void end() throws Exception {
        assertThat(world.surplus).isEmpty();
        world.end();
    }

    @Test
    void tellsExitCodesAndSignals() throws Exception {
        for (int code : new int[] {0, 1, 7, 127, 128, 255}) {
            world.start("code-" + code, "/bin/sh", "-c", "exit " + code);
        }
        for (int signal : new int[] {1, 6, 9, 11, 15}) {
            world.start("signal-" + signal, "/bin/sh", "-c", "kill -" + signal + " $$");
        }
        for (int code : new int[] {0, 1, 7, 127, 128, 255}) {
            assertThat(world.awaitExit("code-" + code))
                    .isEqualTo(new ExitStatus(OptionalInt.of(code), OptionalInt.empty()));
        }
        for (int signal : new int[] {1, 6, 9, 11, 15}) {
            assertThat(world.awaitExit("signal-" + signal))
                    .isEqualTo(new ExitStatus(OptionalInt.empty(), OptionalInt.of(signal)));
        }
        assertThat(world.started).hasSize(11);
    }

    @Test
    void runsAHundredAtOnce() throws Exception {
        for (int i = 0; i < 100; i++) {
            world.start("p" + i, "/bin/sh", "-c", "read line < go.fifo 2>/dev/null; echo " + i + "; exit " + i);
        }
        for (int i = 0; i < 100; i++) {
            assertThat(world.awaitExit("p" + i).code()).hasValue(i);
            assertThat(world.stdout("p" + i)).isEqualTo(i + "\n");
        }
        assertThat(world.started).hasSize(100);
    }

    @Test
    void appendsBothOutputsToTheirFiles() throws Exception {
        Files.writeString(world.sandbox.resolve("a.out"), "before\n");
        world.start("a", "/bin/sh", "-c", "echo out; echo err >&2");
        assertThat(world.awaitExit("a").success()).isTrue();
        assertThat(world.stdout("a")).isEqualTo("before\nout\n");
        assertThat(world.stderr("a")).isEqualTo("err\n");
    }

    @Test
    void passesTheEnvironmentAndNothingElse() throws Exception {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("EMPTY", "");
        environment.put("LINES", "one\ntwo = 2");
        environment.put("ACCENT", "\u00e9\u4e16");
        ProcessSpec plain = world.spec("env", "/usr/bin/env", "-0");
        world.start(new ProcessSpec(
                "env",
                plain.command(),
                environment,
                plain.workingDirectory(),
                plain.stdout(),
                plain.stderr(),
                Optional.empty()));
        assertThat(world.awaitExit("env").success()).isTrue();
        assertThat(world.stdout("env")).isEqualTo("EMPTY=\0LINES=one\ntwo = 2\0ACCENT=\u00e9\u4e16\0");
    }

    @Test
    void passesArgumentsAsTheyAre() throws Exception {
        world.start("args", "/usr/bin/printf", "%s|", "", " a b ", "$HOME", "'\"\\", "\u00fc", "x".repeat(100_000));
        assertThat(world.awaitExit("args").success()).isTrue();
        assertThat(world.stdout("args")).isEqualTo("| a b |$HOME|'\"\\|\u00fc|" + "x".repeat(100_000) + "|");
    }

    @Test
    void startsWithCleanSignalsDescriptorsAndMask() throws Exception {
        world.start("clean", "/bin/sh", "-c", "grep '^Sig[BI]' /proc/self/status; umask; pwd; ls /proc/$$/fd; cat");
        assertThat(world.awaitExit("clean").success()).isTrue();
        assertThat(world.stdout("clean").lines().map(line -> line.replaceAll("\\s+", " ")))
                .containsExactly(
                        "SigBlk: 0000000000000000",
                        "SigIgn: 0000000000000000",
                        "0022",
                        world.sandbox.toString(),
                        "0",
                        "1",
                        "2");
    }

    @Test
    void leadsItsOwnSessionAndGroup() throws Exception {
        Started process = world.startShell("leader", "sleep 60");
        assertThat(ProcFs.statField(process.pid(), 5)).isEqualTo(process.pid());
        assertThat(ProcFs.statField(process.pid(), 6)).isEqualTo(process.pid());
        assertThat(ProcFs.statField(process.pid(), 22)).isEqualTo(process.startTime());
    }

    @Test
    void findsTheProgramOnThePathOfTheEnvironment() throws Exception {
        Path bin = Files.createDirectory(world.sandbox.resolve("bin"));
        Path script = Files.writeString(bin.resolve("hello"), "echo hello $1\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        Map<String, String> path = Map.of("PATH", "/nowhere:" + world.sandbox.resolve("a.out") + ":" + bin + ":/bin");
        // a script without #! is run by the shell, as execvp does
        world.start(world.spec("script", path, Optional.empty(), "hello", "world"));
        assertThat(world.awaitExit("script").success()).isTrue();
        assertThat(world.stdout("script")).isEqualTo("hello world\n");
        world.start(world.spec("relative", path, Optional.empty(), "bin/hello", "you"));
        assertThat(world.awaitExit("relative").success()).isTrue();
        assertThat(world.stdout("relative")).isEqualTo("hello you\n");
    }

    @Test
    void tellsWhyACommandCannotBeExecuted() throws Exception {
        Path plain = Files.writeString(world.sandbox.resolve("plain"), "text");
        world.start("missing", "no-such-program");
        world.start("absolute", "/no/such/program");
        world.start("plain", plain.toString());
        world.start("directory", world.sandbox.toString());
        assertThat(world.awaitNotStarted("missing"))
                .isEqualTo("cannot execute 'no-such-program': No such file or directory");
        assertThat(world.awaitNotStarted("absolute"))
                .isEqualTo("cannot execute '/no/such/program': No such file or directory");
        assertThat(world.awaitNotStarted("plain")).endsWith("Permission denied");
        assertThat(world.awaitNotStarted("directory")).endsWith("Permission denied");
        assertNothingRecorded();
    }

    @Test
    void tellsWhyTheSandboxCannotBeUsed() throws Exception {
        ProcessSpec good = world.spec("good", "true");
        Path missing = world.sandbox.resolve("missing");
        world.start(new ProcessSpec(
                "directory",
                good.command(),
                good.environment(),
                missing,
                good.stdout(),
                good.stderr(),
                Optional.empty()));
        assertThat(world.awaitNotStarted("directory"))
                .isEqualTo("cannot use working directory '" + missing + "': No such file or directory");
        Path secret = Files.writeString(world.root.resolve("secret"), "untouched");
        Path link = Files.createSymbolicLink(world.sandbox.resolve("link"), secret);
        assertThat(startWithOutput("link", good, link)).contains("cannot open output file '" + link + "'");
        assertThat(Files.readString(secret)).isEqualTo("untouched");
        Path fifo = world.sandbox.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        assertThat(startWithOutput("fifo", good, fifo)).contains("cannot open output file '" + fifo + "'");
        assertThat(startWithOutput("dir", good, world.sandbox)).contains("Is a directory");
        assertNothingRecorded();
    }

    private String startWithOutput(String id, ProcessSpec good, Path output) throws Exception {
        world.start(new ProcessSpec(
                id,
                good.command(),
                good.environment(),
                good.workingDirectory(),
                output,
                good.stderr(),
                Optional.empty()));
        return world.awaitNotStarted(id);
    }

    @Test
    void refusesWhatIsTooLarge() throws Exception {
        world.start("large", "echo", "x".repeat(1 << 20));
        assertThat(world.awaitNotStarted("large")).contains("at most 1048576 bytes are allowed");
        world.start(world.spec("variable", Map.of("X", "x".repeat(10 << 20)), Optional.empty(), "true"));
        assertThat(world.awaitNotStarted("variable")).contains("at most 1048576 bytes are allowed");
        world.start(new ProcessSpec(
                "many",
                Collections.nCopies(100_000, "x"),
                Map.of(),
                world.sandbox,
                world.sandbox.resolve("o"),
                world.sandbox.resolve("e"),
                Optional.empty()));
        assertThat(world.awaitNotStarted("many")).contains("at most 65536");
        // within the launcher's bound, beyond the kernel's for one argument
        world.start("kernel", "echo", "x".repeat(500_000));
        assertThat(world.awaitNotStarted("kernel")).isEqualTo("cannot execute 'echo': Argument list too long");
        world.start("after", "true");
        assertThat(world.awaitExit("after").success()).isTrue();
    }

    @Test
    void refusesWhatIsMalformed() throws Exception {
        String huge = "x".repeat(10 << 20);
        for (String id :
                List.of("", ".", "..", "../x", "/etc/x", "a/b", "a\\b", "a\0b", "a\nb", "x".repeat(256), huge)) {
            world.start(id, "true");
            assertThat(world.awaitNotStarted(id)).contains("id").hasSizeLessThan(300);
        }
        world.start("nul", "echo", "a\0b");
        assertThat(world.awaitNotStarted("nul")).contains("NUL");
        world.start(world.spec("name", Map.of("A=B", "c"), Optional.empty(), "true"));
        assertThat(world.awaitNotStarted("name")).contains("'A=B'");
        world.start("empty", "");
        assertThat(world.awaitNotStarted("empty")).contains("empty");
        ProcessSpec good = world.spec("path", "true");
        world.start(new ProcessSpec(
                "path",
                good.command(),
                good.environment(),
                Path.of("relative"),
                good.stdout(),
                good.stderr(),
                Optional.empty()));
        assertThat(world.awaitNotStarted("path")).contains("working directory 'relative'");
        assertNothingRecorded();
    }

    @Test
    void takesTheLongestId() throws Exception {
        String id = "i".repeat(255);
        world.start(id, "true");
        assertThat(world.awaitExit(id).success()).isTrue();
        world.forget(id);
        ShimWorld.await("it is forgotten", () -> recorded().isEmpty());
    }

    @Test
    void refusesAnIdThatIsInUseUntilItIsForgotten() throws Exception {
        world.startShell("twice", "sleep 60");
        world.start("twice", "true");
        assertThat(world.awaitNotStarted("twice")).contains("is there already");
        world.notStarted.clear();
        world.signal("twice", 9);
        world.awaitExit("twice");
        world.forget("twice");
        world.started.clear();
        world.exited.clear();
        world.start("twice", "/bin/sh", "-c", "exit 3");
        assertThat(world.awaitExit("twice").code()).hasValue(3);
    }

    @Test
    void keepsRecordsUntilTheyAreForgotten() throws Exception {
        world.start("kept", "true");
        world.awaitExit("kept");
        assertThat(recorded()).containsExactly("kept");
        world.forget("kept");
        world.forget("unknown");
        ShimWorld.await("it is forgotten", () -> recorded().isEmpty());
    }

    private List<String> recorded() {
        String[] names = world.runtime.resolve("processes").toFile().list();
        return names == null ? List.of() : List.of(names);
    }

    private void assertNothingRecorded() {
        assertThat(world.started).isEmpty();
        ShimWorld.await("nothing is recorded", () -> recorded().isEmpty());
    }
}
