// SPDX-License-Identifier: Apache-2.0
package org.tepui.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SimulationTest {
    @Test
    void aQuietClusterFinishesEverything() {
        Outcome outcome = new Simulation(1, Scenario.small().with(Scenario.Faults.NONE)).run();

        assertThat(outcome.violations()).isEmpty();
        assertThat(outcome.tasks()).isEqualTo(75);
        assertThat(outcome.started()).isEqualTo(75);
        assertThat(outcome.terminalUpdates()).isEqualTo(75);
    }

    @Test
    void theSameSeedGivesTheSameDigest() {
        assertThat(new Simulation(5, Scenario.small()).run()).isEqualTo(new Simulation(5, Scenario.small()).run());
    }

    @Test
    void anotherJvmComesToTheSameDigest() throws Exception {
        Process other = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        PrintDigest.class.getName(),
                        "5")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String printed = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(other.waitFor()).isZero();
        assertThat(printed.strip())
                .isEqualTo(new Simulation(5, Scenario.small()).run().digest());
    }

    @Test
    void theInvariantsHoldOverManySeeds() {
        int seeds = Integer.getInteger("tepui.simulator.seeds", 1000);

        List<Outcome> failed = LongStream.rangeClosed(1, seeds)
                .parallel()
                .mapToObj(seed -> new Simulation(seed, Scenario.small()).run())
                .filter(outcome -> !outcome.violations().isEmpty())
                .toList();

        assertThat(failed).isEmpty();
    }

    @Test
    void swapsOfThePolicyTouchNothing() {
        int seeds = Integer.getInteger("tepui.simulator.swap.seeds", 50);
        Scenario scenario = Scenario.small().with(Scenario.Faults.SWAPS).withFaultsEvery(Duration.ofMillis(700));

        List<Outcome> outcomes = LongStream.rangeClosed(1, seeds)
                .parallel()
                .mapToObj(seed -> new Simulation(seed, scenario).run())
                .toList();

        assertThat(outcomes).allSatisfy(outcome -> {
            assertThat(outcome.violations()).isEmpty();
            // each task was launched and came to its end, once: no offer and no task was lost on the way
            assertThat(outcome.tasks()).isEqualTo(75);
            assertThat(outcome.terminalUpdates()).isEqualTo(75);
            assertThat(outcome.faults()).isGreaterThan(100);
        });
    }
}
