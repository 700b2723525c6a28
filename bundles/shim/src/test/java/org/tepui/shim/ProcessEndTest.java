// SPDX-License-Identifier: Apache-2.0
package org.tepui.shim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tepui.runtime.Processes.Started;

@Timeout(120)
class ProcessEndTest {
    private static final int SIGTERM = 15;
    private static final int SIGKILL = 9;
    /** Four processes: the leader, a child, one in a session of its own, and a daemon that forked twice. */
    private static final String FAMILY = "sleep 61 & setsid sleep 62 & (setsid sh -c 'sleep 63 & sleep 64' &) ; ";

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

    private void awaitFamily() {
        ShimWorld.await("all run", () -> ProcFs.withVariable(world.mark).size() == 6);
    }

    @Test
    void killsEverythingThatDescendsFromAProcess() throws Exception {
        world.startShell("family", FAMILY + "wait");
        awaitFamily();
        world.signal("family", SIGKILL);
        assertThat(world.awaitExit("family").signal()).hasValue(SIGKILL);
        assertThat(ProcFs.withVariable(world.mark)).isEmpty();
    }

    @Test
    void leavesNothingBehindWhenAProcessEndsByItself() throws Exception {
        world.startShell("family", FAMILY + "sleep 0.5; exit 4");
        assertThat(world.awaitExit("family").code()).hasValue(4);
        assertThat(ProcFs.withVariable(world.mark)).isEmpty();
    }

    @Test
    void sendsASignalToTheWholeGroup() throws Exception {
        world.startShell(
                "group", "trap 'echo parent; exit 5' TERM; (trap 'echo child; exit' TERM; sleep 60 & wait) & wait");
        ShimWorld.await("all run", () -> ProcFs.withVariable(world.mark).size() == 3);
        world.signal("group", SIGTERM);
        assertThat(world.awaitExit("group").code()).hasValue(5);
        assertThat(world.stdout("group")).contains("parent");
    }

    @Test
    void letsAProcessIgnoreWhatItMay() throws Exception {
        Started process = world.startShell("stubborn", "trap '' TERM; echo ready; while :; do sleep 0.05; done");
        ShimWorld.await(
                "it is ready",
                () -> world.sandbox.resolve("stubborn.out").toFile().length() > 0);
        world.signal("stubborn", SIGTERM);
        world.start("probe", "sleep", "0.2");
        world.awaitExit("probe");
        assertThat(ProcFs.alive(process.pid())).isTrue();
        world.signal("stubborn", SIGKILL);
        assertThat(world.awaitExit("stubborn").signal()).hasValue(SIGKILL);
    }

    @Test
    void keepsASignalForAProcessThatIsStarting() throws Exception {
        for (int i = 0; i < 50; i++) {
            String id = "early-" + i;
            world.start(id, "sleep", "60");
            world.signal(id, SIGKILL);
        }
        for (int i = 0; i < 50; i++) {
            assertThat(world.awaitExit("early-" + i).signal()).hasValue(SIGKILL);
        }
    }

    @Test
    void stopsAndContinues() throws Exception {
        // without a shell: one that is stopped between vfork and exec of its child is not stopped but waits
        world.start("paused", "sleep", "60");
        ShimWorld.await("it runs", () -> world.started.containsKey("paused"));
        Started process = world.running("paused");
        world.signal("paused", 19);
        ShimWorld.await("it stops", () -> ProcFs.state(process.pid()).equals("T"));
        world.signal("paused", 18);
        ShimWorld.await("it goes on", () -> ProcFs.state(process.pid()).equals("S"));
    }

    @Test
    void refusesSignalsThatDoNotExistAndIgnoresThoseForNobody() throws Exception {
        world.signal("nobody", SIGTERM);
        for (int signal : List.of(0, -1, 65)) {
            assertThatThrownBy(() -> world.signal("nobody", signal)).hasMessageContaining("1 to 64 are allowed");
        }
        world.startShell("running", "sleep 60");
        assertThatThrownBy(() -> world.forget("running")).hasMessageContaining("only one that ended");
    }

    @Test
    void reapsOrphansWhileTheProcessRuns() throws Exception {
        Started process = world.startShell(
                "parent",
                "i=0; while [ $i -lt 20 ]; do (sh -c 'exit 1' &); i=$((i+1)); done;" + " echo done; sleep 60");
        ShimWorld.await(
                "all were started",
                () -> world.sandbox.resolve("parent.out").toFile().length() > 0);
        long shim = ShimWorld.shimOf(process);
        ShimWorld.await(
                "only the process is left", () -> ProcFs.childrenOf(shim).equals(List.of(process.pid())));
    }

    @Test
    void keepsTheShimSmall() throws Exception {
        world.start("large", "sh", "-c", "sleep 60", "x".repeat(120_000), "y".repeat(120_000), "z".repeat(120_000));
        ShimWorld.await("it runs", () -> world.started.containsKey("large"));
        Started small = world.startShell("small", "sleep 60");
        for (Started process : List.of(small, world.running("large"))) {
            assertThat(ProcFs.residentKib(ShimWorld.shimOf(process))).isBetween(1L, 1024L);
        }
    }
}
