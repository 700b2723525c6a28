// SPDX-License-Identifier: Apache-2.0
package org.tepui.shim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tepui.runtime.Processes.ProcessSpec;
import org.tepui.runtime.Processes.UserIds;

@Timeout(120)
class UserSwitchTest {
    private static final UserIds NOBODY = new UserIds(65534, 65534, List.of(65534, 4, 24));

    private ShimWorld world;

    @BeforeEach
    void begin() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root may switch users");
        world = new ShimWorld();
        world.live();
        Files.setPosixFilePermissions(world.sandbox, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    @AfterEach
    void end() throws Exception {
        if (world != null) {
            world.end();
        }
    }

    private ProcessSpec spec(String id, UserIds user, String script) {
        return world.spec(id, Map.of(), Optional.of(user), "/bin/sh", "-c", script);
    }

    @Test
    void runsAsTheUserWithItsGroupsAndNoPrivileges() throws Exception {
        world.start(spec("who", NOBODY, "id -u; id -g; id -G; grep '^[UG]id\\|^Cap[EP]' /proc/self/status"));
        assertThat(world.awaitExit("who").success()).isTrue();
        assertThat(world.stdout("who").lines().map(line -> line.replaceAll("\\s+", " ")))
                .containsExactly(
                        "65534",
                        "65534",
                        "65534 4 24",
                        "Uid: 65534 65534 65534 65534",
                        "Gid: 65534 65534 65534 65534",
                        "CapPrm: 0000000000000000",
                        "CapEff: 0000000000000000");
    }

    @Test
    void opensOutputAsTheUser() throws Exception {
        world.start(spec("own", NOBODY, "echo mine"));
        assertThat(world.awaitExit("own").success()).isTrue();
        assertThat(Files.getAttribute(world.sandbox.resolve("own.out"), "unix:uid", LinkOption.NOFOLLOW_LINKS))
                .isEqualTo(65534);
        Path rootsFile = Files.writeString(world.sandbox.resolve("roots.out"), "");
        Files.setPosixFilePermissions(rootsFile, PosixFilePermissions.fromString("rw-r--r--"));
        world.start(spec("roots", NOBODY, "echo forged"));
        assertThat(world.awaitNotStarted("roots")).endsWith("roots.out': Permission denied");
        assertThat(Files.readString(rootsFile)).isEmpty();
    }

    @Test
    void cannotUseADirectoryThatIsClosedToTheUser() throws Exception {
        Files.setPosixFilePermissions(world.sandbox, PosixFilePermissions.fromString("rwx------"));
        world.start(spec("closed", NOBODY, "true"));
        assertThat(world.awaitNotStarted("closed"))
                .contains("working directory")
                .endsWith("Permission denied");
    }

    @Test
    void refusesIdsThatWouldMeanToStayRoot() throws Exception {
        for (UserIds user : List.of(
                new UserIds(-1, 65534, List.of()),
                new UserIds(65534, -1, List.of()),
                new UserIds(65534, 65534, List.of(-1)))) {
            world.notStarted.clear();
            world.start(spec("minus", user, "id"));
            assertThat(world.awaitNotStarted("minus")).contains("-1 is out of range");
        }
    }

    @Test
    void doesNotLetTheUserReachTheRecords() throws Exception {
        world.start(spec(
                "curious",
                NOBODY,
                "ls " + world.runtime + "; echo x > " + world.runtime + "/events; kill -9 $PPID; sleep 0.2; exit 6"));
        assertThat(world.awaitExit("curious").code()).hasValue(6);
        assertThat(world.stderr("curious")
                        .lines()
                        .filter(line -> line.contains("Permission denied") || line.contains("not permitted"))
                        .count())
                .isEqualTo(3);
    }

    @Test
    void killsWhatRunsAsAnotherUser() throws Exception {
        world.start(spec("family", NOBODY, "setsid sleep 60 & sleep 60 & wait"));
        ShimWorld.await("all run", () -> ProcFs.withVariable(world.mark).size() == 3);
        world.signal("family", 9);
        assertThat(world.awaitExit("family").signal()).hasValue(9);
        assertThat(ProcFs.withVariable(world.mark)).isEmpty();
    }
}
