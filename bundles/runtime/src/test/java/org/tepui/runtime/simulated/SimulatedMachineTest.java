// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.Processes;

class SimulatedMachineTest implements Processes.Listener {
    private static final int SIGTERM = 15;
    private static final int SIGKILL = 9;

    private final SimulatedWorld world = new SimulatedWorld(1);
    private final SimulatedNode node = world.node("agent");
    private final List<String> heard = new ArrayList<>();
    private List<String> recovered = List.of();
    private @Nullable Processes processes;
    private @Nullable EventLoop loop;

    @BeforeEach
    void start() {
        node.machine().setBehaviour(spec -> switch (spec.id()) {
            case "long" -> ProcessPlan.runsUntilKilled();
            case "deaf" -> ProcessPlan.endsOnlyBySigkill();
            case "broken" -> ProcessPlan.cannotStart("no such program");
            default -> ProcessPlan.exits(Duration.ofSeconds(1), 3);
        });
        node.start(service -> {
            EventLoop newLoop = service.newLoop("agent");
            loop = newLoop;
            newLoop.execute("recover", () -> {
                Processes found = service.processes(newLoop);
                recovered =
                        found.recover(this).stream().map(Processes.Started::id).toList();
                processes = found;
            });
        });
        world.time().run(Duration.ofMillis(10));
    }

    @Test
    void endsEachProcessAsItsPlanSays() {
        start("short");
        start("broken");
        start("long");
        world.time().run(Duration.ofSeconds(10));
        assertThat(heard)
                .containsExactlyInAnyOrder(
                        "started short", "broken not started: no such program", "started long", "short ended 3/-");
        assertThat(node.machine().running()).containsExactly("long");
        assertThat(node.machine().startedCount()).isEqualTo(2);
    }

    @Test
    void endsAProcessBySignalUnlessItIsDeafToIt() {
        start("long");
        start("deaf");
        world.time().run(Duration.ofSeconds(1));
        onLoop(() -> processes().signal("long", SIGTERM));
        onLoop(() -> processes().signal("deaf", SIGTERM));
        onLoop(() -> processes().signal("none", SIGTERM));
        world.time().run(Duration.ofSeconds(1));
        assertThat(heard).contains("long ended -/15").doesNotContain("deaf ended -/15");
        onLoop(() -> processes().signal("deaf", SIGKILL));
        world.time().run(Duration.ofSeconds(1));
        assertThat(heard).endsWith("deaf ended -/9");
    }

    @Test
    void findsProcessesAgainAfterTheServiceWasKilledWithTheirEndsInBetween() {
        start("long");
        start("short");
        world.time().run(Duration.ofMillis(100));
        node.kill();
        world.time().run(Duration.ofSeconds(10));
        assertThat(heard).hasSize(2);
        node.restart();
        world.time().run(Duration.ofSeconds(1));
        assertThat(recovered).containsExactly("long", "short");
        assertThat(heard).hasSize(3).endsWith("short ended 3/-");
        onLoop(() -> processes().forget("short"));
        onLoop(() -> processes().forget("long"));
        world.time().run(Duration.ofSeconds(1));
        node.restart();
        world.time().run(Duration.ofSeconds(1));
        assertThat(recovered).containsExactly("long");
    }

    @Test
    void endsAllProcessesWhenTheMachineCrashes() {
        start("long");
        world.time().run(Duration.ofMillis(100));
        node.crash();
        node.restart();
        world.time().run(Duration.ofSeconds(10));
        assertThat(recovered).isEmpty();
        assertThat(heard).containsExactly("started long");
    }

    @Test
    void startsNothingForAServiceThatWasKilledBefore() {
        start("long");
        world.time().runUntil(() -> false, Duration.ofNanos(60_000));
        node.kill();
        world.time().run(Duration.ofSeconds(1));
        assertThat(node.machine().running()).isEmpty();
    }

    private void start(String id) {
        Path sandbox = Path.of("/sandbox");
        onLoop(() -> processes()
                .start(new Processes.ProcessSpec(
                        id,
                        List.of("true"),
                        Map.of(),
                        sandbox,
                        sandbox.resolve("stdout"),
                        sandbox.resolve("stderr"),
                        Optional.empty())));
    }

    private void onLoop(Runnable event) {
        Objects.requireNonNull(loop).execute("test", event);
    }

    private Processes processes() {
        return Objects.requireNonNull(processes);
    }

    @Override
    public void started(Processes.Started process) {
        heard.add("started " + process.id());
    }

    @Override
    public void notStarted(String id, String reason) {
        heard.add(id + " not started: " + reason);
    }

    @Override
    public void exited(String id, Processes.ExitStatus status) {
        String code = status.code().isPresent() ? "" + status.code().getAsInt() : "-";
        String signal = status.signal().isPresent() ? "" + status.signal().getAsInt() : "-";
        heard.add(id + " ended " + code + "/" + signal);
    }
}
