// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Versions of a real policy come and go in a real master. */
@Timeout(300)
class PluginIT {
    private static final Pattern READY = Pattern.compile("master ready on (\\S+) \\(pid");
    private static final String NAME = PolicyJars.NAME;
    private static final long LIMIT_NANOS = 60_000_000_000L;

    @TempDir
    Path directory;

    private Path deploy;
    private TepuiProcess master;
    private String address;

    @BeforeEach
    void prepare() throws IOException, InterruptedException {
        deploy = Files.createDirectory(directory.resolve("deploy"));
        start();
    }

    @AfterEach
    void stop() {
        master.close();
    }

    @Test
    void swapsVersionsByCallsAndTouchesNoOtherBundle() throws IOException, InterruptedException {
        Path second = jar("2.jar", PolicyJars.version("2.0.0"));
        Path third = jar("3.jar", PolicyJars.version("3.0.0"));
        int quiet = log().size();
        assertThat(tepui(0, "plugin", "install", second.toString())).startsWith(NAME + " 2.0.0 is installed");
        assertThat(tepui(0, "plugin", "install", third.toString(), "--json"))
                .startsWith("{\"name\":\"" + NAME + "\",\"version\":\"3.0.0\"")
                .contains("\"origin\":\"call\"", "\"earlier\":[\"2.0.0\"]");
        assertThat(tepui(1, "plugin", "install", third.toString()))
                .contains("3.0.0 is installed already", "3.0.1 for instance");
        assertThat(tepui(
                        1,
                        "plugin",
                        "install",
                        jar("1.jar", PolicyJars.version("1.0.0")).toString()))
                .contains("1.0.0 is older than 3.0.0");
        assertThat(tepui(0, "plugin", "rollback", NAME)).startsWith(NAME + " 2.0.0 is installed");
        assertThat(versions()).containsExactly("2.0.0", "0.1.0.SNAPSHOT");
        assertThat(tepui(1, "plugin", "remove", NAME + ":3.0.0")).contains("version 2.0.0 is");
        assertThat(tepui(0, "plugin", "remove", NAME + ":2.0.0")).contains("2.0.0 is removed");
        assertThat(versions()).containsExactly("0.1.0.SNAPSHOT");
        assertThat(tepui(1, "plugin", "remove", NAME)).contains("belongs to the installation");
        assertThat(tepui(1, "plugin", "rollback", "none")).contains("there is no plug-in none");
        assertThat(log().subList(quiet, log().size()))
                .as("what Declarative Services took up or let go")
                .filteredOn(line -> line.contains("ing extension"))
                .isNotEmpty()
                .allMatch(line -> line.contains("bundle " + NAME + ":"));
    }

    @Test
    void refusesAComponentThatCannotBeMade() throws IOException, InterruptedException {
        Map<String, String> headers = Map.of("Bundle-Version", "2.0.0");
        Path missing = jar("missing.jar", PolicyJars.with(headers, NAME + ".NoSuchFactory"));
        assertThat(tepui(1, "plugin", "install", missing.toString()))
                .contains("the jar does not work: class " + NAME + ".NoSuchFactory", "cannot be loaded");
        Path needy = jar("needy.jar", PolicyJars.with(headers, NAME + ".DrfSorter"));
        assertThat(tepui(1, "plugin", "install", needy.toString())).contains("the jar does not work");
        assertThat(versions()).containsExactly("0.1.0.SNAPSHOT");
    }

    @Test
    void takesUpWhatIsDeployed() throws IOException, InterruptedException {
        write("policy.jar", PolicyJars.version("2.0.0"));
        await(versions -> versions.equals(List.of("2.0.0", "0.1.0.SNAPSHOT")));
        write("policy.jar", PolicyJars.version("2.1.0"));
        await(versions -> versions.equals(List.of("2.1.0", "0.1.0.SNAPSHOT")));
        write("bad.jar", new byte[0]);
        write("worse.jar", "no jar".getBytes(StandardCharsets.UTF_8));
        write(
                "newer.jar",
                PolicyJars.with(
                        Map.of("Bundle-Version", "4.0.0", "Import-Package", "org.tepui.allocator;version=\"[7,8)\"")));
        awaitRefusals(
                "bad.jar is refused: it is empty",
                "worse.jar is refused: it is no jar",
                "newer.jar does not" + " resolve: it needs org.tepui.allocator [7.0.0,8.0.0), and here is [0.1.0]");
        assertThat(versions()).containsExactly("2.1.0", "0.1.0.SNAPSHOT");
        Files.delete(deploy.resolve("policy.jar"));
        await(versions -> versions.equals(List.of("0.1.0.SNAPSHOT")));
    }

    @Test
    void keepsWhatWasInstalledOverARestart() throws IOException, InterruptedException {
        tepui(0, "plugin", "install", jar("2.jar", PolicyJars.version("2.0.0")).toString());
        tepui(0, "plugin", "install", jar("3.jar", PolicyJars.version("3.0.0")).toString());
        assertThat(master.terminate()).as(master.err()).isZero();
        start();
        assertThat(tepui(0, "plugin")).doesNotContain("does not run");
        assertThat(versions()).containsExactly("3.0.0", "0.1.0.SNAPSHOT");
        assertThat(tepui(0, "plugin", "rollback", NAME)).startsWith(NAME + " 2.0.0 is installed");
        assertThat(master.terminate()).as(master.err()).isZero();
        start();
        assertThat(versions()).containsExactly("2.0.0", "0.1.0.SNAPSHOT");
    }

    @Test
    void letsGoOfTheClassesOfWhatWent() throws IOException, InterruptedException {
        for (int version = 2; version <= 6; version++) {
            tepui(
                    0,
                    "plugin",
                    "install",
                    jar(version + ".jar", PolicyJars.version(version + ".0.0")).toString());
        }
        tepui(0, "plugin", "remove", NAME);
        long deadline = System.nanoTime() + LIMIT_NANOS;
        long loaders;
        do {
            jcmd("GC.run");
            loaders = jcmd("VM.classloaders", "show-classes=true")
                    .lines()
                    .filter(line -> line.endsWith(NAME + ".DrfAllocatorFactory"))
                    .count();
        } while (loaders > 1 && System.nanoTime() - deadline < 0);
        assertThat(loaders)
                .as("class loaders of the policy: that of the installation alone")
                .isEqualTo(1);
    }

    private void start() throws IOException, InterruptedException {
        master = TepuiProcess.start(
                directory,
                Map.of(),
                "master",
                "--port",
                "0",
                "--deploy-dir",
                deploy.toString(),
                "--deploy-interval",
                "100ms",
                "--log-level",
                "debug");
        address = master.awaitOutput(READY);
    }

    /** The versions of the policy that are there, the one installed last first. */
    private List<String> versions() throws IOException, InterruptedException {
        List<String> versions = new ArrayList<>();
        var matcher = Pattern.compile("\"name\":\"" + NAME + "\",\"version\":\"([^\"]*)\"")
                .matcher(tepui(0, "plugin", "list", "--json"));
        while (matcher.find()) {
            versions.add(matcher.group(1));
        }
        return versions;
    }

    private void await(Predicate<List<String>> condition) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + LIMIT_NANOS;
        List<String> versions = versions();
        while (!condition.test(versions)) {
            assertThat(System.nanoTime() - deadline).as("still %s", versions).isNegative();
            versions = versions();
        }
    }

    private void awaitRefusals(String... reasons) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + LIMIT_NANOS;
        while (System.nanoTime() - deadline < 0) {
            String said = tepui(0, "plugin");
            if (Stream.of(reasons).allMatch(said::contains)) {
                return;
            }
        }
        assertThat(tepui(0, "plugin")).contains(reasons);
    }

    /** What a command printed, of both streams. */
    private String tepui(int code, String... arguments) throws IOException, InterruptedException {
        try (TepuiProcess process = TepuiProcess.start(directory, Map.of("TEPUI_MASTER", address), arguments)) {
            int ended = process.await();
            assertThat(ended).as(process.out() + process.err()).isEqualTo(code);
            return process.out() + process.err();
        }
    }

    private String jcmd(String... arguments) throws IOException, InterruptedException {
        List<String> all =
                new ArrayList<>(List.of(String.valueOf(master.handle().pid())));
        all.addAll(List.of(arguments));
        Path command = Path.of(System.getProperty("java.home"), "bin/jcmd");
        try (TepuiProcess process = TepuiProcess.start(command, directory, Map.of(), all.toArray(new String[0]))) {
            assertThat(process.await()).as(process.out() + process.err()).isZero();
            return process.out();
        }
    }

    private List<String> log() throws IOException {
        return Files.readAllLines(directory.resolve("var/master/logs/master.log"));
    }

    private Path jar(String name, byte[] content) throws IOException {
        return Files.write(directory.resolve(name), content);
    }

    /** As one does that is careful: under another name first. */
    private void write(String name, byte[] content) throws IOException {
        Path beside = Files.write(deploy.resolve(name + ".part"), content);
        Files.move(beside, deploy.resolve(name), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
}
