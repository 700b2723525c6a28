// SPDX-License-Identifier: Apache-2.0
package org.tepui.shim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tepui.runtime.Processes.ExitStatus;
import org.tepui.runtime.Processes.Started;

@Timeout(180)
class RecoveryTest {
    private static final int SIGKILL = 9;
    private static final ExitStatus NOBODY_KNOWS = new ExitStatus(OptionalInt.empty(), OptionalInt.empty());
    private static final String UNTIL_GO = "while [ ! -e go ]; do sleep 0.02; done; ";

    private ShimWorld world;

    @BeforeEach
    void begin() throws Exception {
        world = new ShimWorld();
    }

    @AfterEach
    void end() throws Exception {
        assertThat(world.surplus).isEmpty();
        world.end();
    }

    private void go() throws IOException {
        Files.writeString(world.sandbox.resolve("go"), "");
    }

    private Path record(String id, String file) {
        return world.runtime.resolve("processes").resolve(id).resolve(file);
    }

    @Test
    void findsWhatRunsAndHearsOfItsEnd() throws Exception {
        world.live();
        Started before = world.startShell("longer", UNTIL_GO + "exit 9");
        world.endLife();
        assertThat(world.live()).containsExactly(before);
        assertThat(world.exited).isEmpty();
        go();
        assertThat(world.awaitExit("longer").code()).hasValue(9);
        world.forget("longer");
        world.endLife();
        assertThat(world.live()).isEmpty();
    }

    @Test
    void hearsOfWhatEndedInBetweenUntilItIsForgotten() throws Exception {
        world.live();
        Started before = world.startShell("shorter", UNTIL_GO + "kill -3 $$");
        world.endLife();
        go();
        ShimWorld.await("it ended", () -> Files.exists(record("shorter", "exit")));
        for (int life = 0; life < 2; life++) {
            assertThat(world.live()).containsExactly(before);
            assertThat(world.awaitExit("shorter").signal()).hasValue(3);
            world.endLife();
        }
    }

    @Test
    void signalsWhatAnEarlierLifeStarted() throws Exception {
        world.live();
        world.startShell("old", "setsid sleep 60 & sleep 60 & wait");
        ShimWorld.await("all run", () -> ProcFs.withVariable(world.mark).size() == 3);
        world.endLife();
        world.live();
        world.signal("old", SIGKILL);
        assertThat(world.awaitExit("old").signal()).hasValue(SIGKILL);
        assertThat(ProcFs.withVariable(world.mark)).isEmpty();
    }

    @Test
    void survivesTheDeathOfTheWholeService() throws Exception {
        Process agent = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AgentLife.class.getName(),
                        ShimWorld.SHIM.toString(),
                        world.runtime.toString(),
                        world.sandbox.toString(),
                        world.mark.substring(world.mark.indexOf('=') + 1))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        int running = 0;
        try (BufferedReader lines = agent.inputReader(StandardCharsets.UTF_8)) {
            while (running < 10) {
                assertThat(lines.readLine()).startsWith("started p");
                running++;
            }
            agent.destroyForcibly().waitFor();
        }
        List<Started> found = world.live();
        assertThat(found).extracting(Started::id).hasSize(10).contains("p0", "p9");
        go();
        for (int i = 0; i < 10; i++) {
            assertThat(world.awaitExit("p" + i).code()).hasValue(i);
        }
    }

    @Test
    void endsWhatAKilledShimLookedAfter() throws Exception {
        world.live();
        Started process = world.startShell("family", "setsid sleep 61 & (setsid sleep 62 &); sleep 63 & wait");
        ShimWorld.await("all run", () -> ProcFs.withVariable(world.mark).size() == 4);
        ShimWorld.kill(ShimWorld.shimOf(process));
        assertThat(world.awaitExit("family")).isEqualTo(NOBODY_KNOWS);
        ShimWorld.await("nothing runs", () -> ProcFs.withVariable(world.mark).isEmpty());
    }

    @Test
    void endsWhatAShimLookedAfterThatWasKilledBetweenTwoLives() throws Exception {
        world.live();
        Started process = world.startShell("orphan", "sleep 61 & sleep 62 & wait");
        ShimWorld.await("all run", () -> ProcFs.withVariable(world.mark).size() == 3);
        long shim = ShimWorld.shimOf(process);
        world.endLife();
        ShimWorld.await(
                "the launcher is gone",
                () -> ProcFs.withArgument(world.runtime.toString()).equals(List.of(shim)));
        ShimWorld.kill(shim);
        assertThat(world.live()).containsExactly(process);
        assertThat(world.awaitExit("orphan")).isEqualTo(NOBODY_KNOWS);
        assertThat(ProcFs.withVariable(world.mark)).isEmpty();
    }

    @Test
    void noticesThatAShimOfAnEarlierLifeIsKilled() throws Exception {
        world.live();
        Started process = world.startShell("old", "sleep 61 & wait");
        world.endLife();
        world.live();
        ShimWorld.kill(ShimWorld.shimOf(process));
        assertThat(world.awaitExit("old")).isEqualTo(NOBODY_KNOWS);
        ShimWorld.await("nothing runs", () -> ProcFs.withVariable(world.mark).isEmpty());
    }

    @Test
    void losesNothingWhenTheLauncherIsKilledAgainAndAgain() throws Exception {
        world.live();
        world.startShell("before", UNTIL_GO + "exit 8");
        for (int round = 0; round < 5; round++) {
            long launcher = world.launcher();
            for (int i = 0; i < 60; i++) {
                String id = "r" + round + "-" + i;
                world.start(id, "/bin/sh", "-c", "echo once; exit " + i);
                if (i == 20 + round * 7) {
                    ShimWorld.kill(launcher);
                }
            }
            for (int i = 0; i < 60; i++) {
                String id = "r" + round + "-" + i;
                assertThat(world.awaitExit(id).code()).hasValue(i);
                assertThat(world.stdout(id)).isEqualTo("once\n");
                world.forget(id);
            }
        }
        go();
        assertThat(world.awaitExit("before").code()).hasValue(8);
        ShimWorld.await(
                "all but one is forgotten",
                () -> List.of("before")
                        .equals(List.of(
                                world.runtime.resolve("processes").toFile().list())));
    }

    @Test
    void signalsWhatADeadLauncherStarted() throws Exception {
        world.live();
        world.startShell("before", "sleep 60");
        ShimWorld.kill(world.launcher());
        world.signal("before", SIGKILL);
        assertThat(world.awaitExit("before").signal()).hasValue(SIGKILL);
    }

    @Test
    void survivesShimsThatAreKilledWhileTheyStart() throws Exception {
        world.live();
        Random random = new Random(4);
        for (int i = 0; i < 200; i++) {
            world.start("p" + i, "sleep", "60");
            if (random.nextInt(4) == 0) {
                for (long shim : world.shims()) {
                    ProcessHandle.of(shim).ifPresent(ProcessHandle::destroyForcibly);
                }
            }
        }
        for (int i = 0; i < 200; i++) {
            String id = "p" + i;
            ShimWorld.await(
                    id + " is settled", () -> world.started.containsKey(id) || world.notStarted.containsKey(id));
            world.signal(id, SIGKILL);
        }
        ShimWorld.await("all ended", () -> world.exited.keySet().containsAll(world.started.keySet()));
        ShimWorld.await("nothing runs", () -> ProcFs.withVariable(world.mark).isEmpty());
    }

    @Test
    void setsDamagedRecordsAside() throws Exception {
        world.live();
        Started good = world.startShell("good", UNTIL_GO + "exit 1");
        world.startShell("ended", "exit 2");
        world.awaitExit("ended");
        world.endLife();
        Path processes = world.runtime.resolve("processes");
        Files.writeString(processes.resolve("a-file"), "x");
        Files.createSymbolicLink(processes.resolve("a-link"), world.sandbox);
        damaged("garbage", "pid", "not a number\n");
        damaged("huge", "pid", "1".repeat(1_000_000));
        damaged("large-pid", "pid", "9999999999 1 9999999999 1 " + bootId() + "\n");
        damaged("empty", "pid", "");
        damaged("no-pid", "exit", "code 0\n");
        Files.createDirectories(record("pid-is-a-directory", "pid"));
        Files.writeString(record("ended", "exit"), "code 999\n");
        Files.createDirectory(processes.resolve("claimed-only"));
        List<Started> found = world.live();
        assertThat(found).extracting(Started::id).containsExactly("ended", "good");
        assertThat(found).contains(good);
        assertThat(world.awaitExit("ended")).isEqualTo(NOBODY_KNOWS);
        assertThat(world.runtime.resolve("quarantine").toFile().list()).hasSize(9);
        go();
        assertThat(world.awaitExit("good").code()).hasValue(1);
        ShimWorld.await("the claim is gone", () -> !Files.exists(processes.resolve("claimed-only")));
    }

    private void damaged(String id, String file, String content) throws IOException {
        Files.createDirectories(record(id, file).getParent());
        Files.writeString(record(id, file), content);
    }

    private static String bootId() throws IOException {
        return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    }

    @Test
    void neverTouchesAStrangerWithAPidThatWasGivenOutAgain() throws Exception {
        world.live();
        world.endLife();
        Process stranger = new ProcessBuilder("sleep", "60").start();
        try {
            long start = ProcFs.statField(stranger.pid(), 22);
            String pid = Long.toString(stranger.pid());
            String other = Long.toString(start - 1);
            damaged("other-start", "pid", pid + " " + other + " " + pid + " " + other + " " + bootId() + "\n");
            String otherBoot = bootId().replace('1', '2').replace('a', 'b');
            damaged("other-boot", "pid", pid + " " + start + " " + pid + " " + start + " " + otherBoot + "\n");
            assertThat(world.live()).hasSize(2);
            assertThat(world.awaitExit("other-start")).isEqualTo(NOBODY_KNOWS);
            assertThat(world.awaitExit("other-boot")).isEqualTo(NOBODY_KNOWS);
            assertThat(ProcFs.alive(stranger.pid())).isTrue();
        } finally {
            stranger.destroyForcibly().waitFor();
        }
    }

    @Test
    void readsItsFilesWhenTheStreamOfEventsIsDamaged() throws Exception {
        world.live();
        world.startShell("one", UNTIL_GO + "exit 1");
        Random random = new Random(7);
        try (RandomAccessFile events =
                new RandomAccessFile(world.runtime.resolve("events").toFile(), "rw")) {
            for (int i = 0; i < 50; i++) {
                byte[] garbage = new byte[1 + random.nextInt(3000)];
                random.nextBytes(garbage);
                events.write(garbage);
                events.write("TEPUIEV1".getBytes(StandardCharsets.US_ASCII));
            }
        }
        world.startShell("two", UNTIL_GO + "exit 2");
        go();
        assertThat(world.awaitExit("one").code()).hasValue(1);
        assertThat(world.awaitExit("two").code()).hasValue(2);
    }

    @Test
    void saysWhyItCannotBegin() throws Exception {
        Files.writeString(world.runtime, "a file");
        assertThatThrownBy(world::live).hasMessageContaining("cannot supervise processes in " + world.runtime);
        world.endLife();
        Files.delete(world.runtime);
        Files.createDirectory(world.runtime);
        Files.setPosixFilePermissions(world.runtime, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(world::live)
                .rootCause()
                .hasMessageContaining("nobody else may write to")
                .hasMessageContaining(world.runtime.toString());
    }
}
