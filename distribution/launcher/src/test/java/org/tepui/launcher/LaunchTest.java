// SPDX-License-Identifier: Apache-2.0
package org.tepui.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LaunchTest {
    @TempDir
    Path home;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new TreeMap<>();
    private Containers containers = new Containers();
    private Distribution distribution = new Distribution(Path.of(""), Path.of(""), Path.of(""));

    @BeforeEach
    void install() throws IOException {
        distribution = FixtureDistribution.create(home);
    }

    @AfterEach
    void stop() {
        containers.stop();
    }

    @Test
    void startsAServiceAndStopsIt() throws IOException {
        assertThat(run(
                        "master",
                        "--exit-when-ready",
                        "--work-dir",
                        home.resolve("w").toString()))
                .isZero();
        assertThat(text(out)).startsWith("master ready on 127.0.0.1:1 (pid ");
        assertThat(containers.stop()).isEmpty();

        assertThat(home.resolve("w/journal")).hasContent("start port=5050 master= resources=\nstop");
        assertThat(home.resolve("w/logs/master.log")).exists();
        assertThat(text(err)).isEmpty();
    }

    @Test
    void startsAClusterAndStopsAgentsFirst() throws IOException {
        assertThat(run("local", "--agents", "2", "--port", "0", "--exit-when-ready"))
                .isZero();
        assertThat(text(out)).startsWith("local cluster ready: master on 127.0.0.1:1, 2 agents");
        assertThat(containers.stop()).isEmpty();

        Path local = home.resolve("var/local");
        assertThat(local.resolve("master/journal")).hasContent("start port=0 master= resources=\nstop");
        assertThat(Files.readString(local.resolve("agent2/journal")))
                .contains("start port=0 master=127.0.0.1:1 resources=cpus:")
                .contains("ports:[31500-31999]")
                .endsWith("stop\n");
        assertThat(Files.getLastModifiedTime(local.resolve("agent2/journal")))
                .isLessThanOrEqualTo(Files.getLastModifiedTime(local.resolve("master/journal")));
    }

    @Test
    void runsACommandAgainstAClusterAndEndsWithItsCode() {
        assertThat(run("local", "--agents", "1", "--temporary", "--", "sh", "-c", "test $TEPUI_MASTER = 127.0.0.1:1"))
                .isZero();
        containers.stop();
        assertThat(home.resolve("var")).doesNotExist();
    }

    @Test
    void endsWithTheCodeOfTheCommand() {
        assertThat(run("local", "--agents", "1", "--", "sh", "-c", "exit 3")).isEqualTo(3);
    }

    @Test
    void takesFlagsBeforeVariablesBeforeFiles() throws IOException {
        Files.writeString(distribution.etc().resolve("org.tepui.master.cfg"), "port = 1\nbehaviour = ready\n");
        environment.put("TEPUI_PORT", "2");
        assertThat(run("master", "--exit-when-ready")).isZero();
        assertThat(home.resolve("var/master/journal")).content().startsWith("start port=2");
        containers.stop();

        containers = new Containers();
        assertThat(run("master", "--exit-when-ready", "--port=3")).isZero();
        assertThat(home.resolve("var/master/journal")).content().contains("start port=3");
    }

    @Test
    void refusesAllThatIsWrongAtOnce() throws IOException {
        Files.writeString(distribution.etc().resolve("org.tepui.master.cfg"), "prot = 1\nport = many\n");
        Files.writeString(distribution.etc().resolve("org.tepui.mastre.cfg"), "port = 1\n");
        environment.put("TEPUI_BEHAVIOR", "x");
        environment.put("OTHER", "x");

        assertThat(run("master", "--log-levle", "info", "--log-level", "loud", "rest"))
                .isEqualTo(2);
        assertThat(text(err).lines())
                .allSatisfy(line -> assertThat(line).startsWith("tepui master: "))
                .anySatisfy(line -> assertThat(line).endsWith("--log-levle is not known; did you mean --log-level?"))
                .anySatisfy(line -> assertThat(line)
                        .endsWith("--log-level=loud: one of error, warn, info, debug, trace is allowed"))
                .anySatisfy(line -> assertThat(line)
                        .endsWith("org.tepui.master.cfg: prot=1: this key is not known; did you mean port?"))
                .anySatisfy(
                        line -> assertThat(line).endsWith("org.tepui.master.cfg: port=many: a whole number is allowed"))
                .anySatisfy(line -> assertThat(line)
                        .endsWith("configures nothing that is installed; did you mean org.tepui.master?"))
                .anySatisfy(
                        line -> assertThat(line).endsWith("TEPUI_BEHAVIOR is not known; did you mean TEPUI_BEHAVIOUR?"))
                .anySatisfy(line -> assertThat(line).contains("'rest' is not a flag"))
                .hasSize(7);
    }

    @Test
    void printsWhatAComponentRefuses() {
        assertThat(run("master", "--behaviour", "refuse", "--port", "7000")).isEqualTo(2);
        assertThat(text(err))
                .isEqualTo("tepui master: master cannot start:\n"
                        + "tepui master: port=7000: a whole number from 0 to 6000 is allowed\n"
                        + "tepui master: work.dir=" + home.resolve("var/master")
                        + ": an empty directory is required\n");
    }

    @Test
    void printsWhyAComponentBroke() {
        assertThat(run("master", "--behaviour", "break")).isEqualTo(1);
        assertThat(text(err)).contains("org.tepui.master failed: broken");
    }

    @Test
    void explainsWithTheExceptionThatSaysMost() {
        String trace = """
                java.io.IOException: cannot listen on 127.0.0.1:1: in use
                \tat a.B.c(B.java:1)
                Caused by: a.BindException: in use
                \t... 3 more
                """;
        assertThat(ComponentProblems.explain("part", trace))
                .isEqualTo("part failed: cannot listen on 127.0.0.1:1: in use");
        assertThat(ComponentProblems.explain("part", "a.Wrapper: a.Cause\n\tat x\nCaused by: a.Cause: why\n\tat y\n"))
                .isEqualTo("part failed: why");
        assertThat(ComponentProblems.explain("part", "java.lang.NullPointerException\n\tat x\n"))
                .isEqualTo("part failed: java.lang.NullPointerException");
    }

    @Test
    void endsWhenAServiceCannotGoOn() {
        assertThat(run("master", "--behaviour", "failLater")).isEqualTo(1);
        assertThat(text(err)).isEqualTo("tepui master: master cannot go on: the test wants it\n");
    }

    @Test
    void endsAStartThatFails() {
        assertThat(run("master", "--behaviour", "fail")).isEqualTo(1);
        assertThat(text(err)).isEqualTo("tepui master: master cannot go on: the test wants it\n");
    }

    @Test
    void namesWhatIsMissingWhenTimeRunsOut() throws IOException {
        FixtureDistribution.makeMasterWait(distribution);
        assertThat(run("master", "--ready-timeout", "1s")).isEqualTo(1);
        assertThat(text(err)).contains("org.tepui.master waits for java.util.concurrent.Callable");
    }

    @Test
    void namesABundleThatCannotBeResolved() throws IOException {
        FixtureDistribution.addUnresolvable(distribution);
        assertThat(run("master")).isEqualTo(1);
        assertThat(text(err)).contains("broken").contains("does.not.exist");
    }

    @Test
    void refusesADirectoryInUse() {
        assertThat(run("master", "--exit-when-ready")).isZero();
        Containers others = new Containers();
        List<String> second = List.of("master", "--exit-when-ready");
        assertThat(Main.run(second, environment, distribution, others, stream(out), stream(err)))
                .isEqualTo(1);
        assertThat(text(err))
                .contains("var/master is in use by process "
                        + ProcessHandle.current().pid());
        others.stop();
    }

    @Test
    void refusesTheDirectoryOfAnotherService() {
        String directory = home.resolve("work").toString();
        assertThat(run("master", "--work-dir", directory, "--exit-when-ready")).isZero();
        containers.stop();
        List<String> other = List.of("agent", "--work-dir", directory);
        assertThat(Main.run(other, environment, distribution, new Containers(), stream(out), stream(err)))
                .isEqualTo(1);
        assertThat(text(err)).contains("work directory " + directory + " belongs to another service", "'master'");
    }

    @Test
    void refusesADirectoryThatCannotBeWritten() throws IOException {
        Path file = Files.createFile(home.resolve("file"));
        assertThat(run("master", "--work-dir", file.toString())).isEqualTo(1);
        assertThat(text(err)).contains("work directory " + file + " cannot be written");
    }

    @Test
    void printsEveryOption() {
        assertThat(run("agent", "--help")).isZero();
        assertThat(text(out))
                .contains("Usage: tepui agent", "--log-level error|warn|info|debug|trace", "--master TEXT")
                .contains("Default: 20MB.", "org.tepui.agent:");
    }

    @Test
    void refusesAnUnknownVerb() {
        assertThat(run("mastre")).isEqualTo(2);
    }

    private int run(String... arguments) {
        return Main.run(
                new ArrayList<>(List.of(arguments)), environment, distribution, containers, stream(out), stream(err));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
