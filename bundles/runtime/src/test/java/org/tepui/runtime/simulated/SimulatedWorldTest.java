// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.Timer;

class SimulatedWorldTest {
    @Test
    void repeatsItselfWithTheSameSeedAndDoesNotWithAnother() {
        Set<String> digests = new TreeSet<>();
        for (long seed = 0; seed < 20; seed++) {
            String digest = PingPong.digest(seed);
            assertThat(PingPong.digest(seed)).isEqualTo(digest);
            digests.add(digest);
        }
        assertThat(digests).hasSize(20);
    }

    @Test
    void repeatsItselfInOtherProcesses() throws Exception {
        assertThat(digestOfAnotherProcess(7))
                .isEqualTo(digestOfAnotherProcess(7))
                .isEqualTo(PingPong.digest(7));
    }

    private static String digestOfAnotherProcess(long seed) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PingPong.class.getName(),
                        Long.toString(seed))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return output.trim();
    }

    @Test
    void mixesLoopsInAnOrderThatTheSeedDecidesAndKeepsThatOfEachLoop() {
        Set<String> orders = new TreeSet<>();
        for (long seed = 0; seed < 50; seed++) {
            SimulatedWorld world = new SimulatedWorld(seed);
            StringBuilder order = new StringBuilder();
            for (String name : List.of("a", "b")) {
                world.node(name).start(node -> {
                    EventLoop loop = node.newLoop(name);
                    loop.execute("first", () -> order.append(name).append(1));
                    loop.execute("second", () -> order.append(name).append(2));
                    loop.schedule(
                            "third",
                            Duration.ofMillis(1),
                            () -> order.append(name).append(3));
                    loop.schedule(
                            "fourth",
                            Duration.ofMillis(1),
                            () -> order.append(name).append(4));
                });
            }
            world.time().run(Duration.ofSeconds(1));
            assertThat(order.toString().replaceAll("b.", "")).isEqualTo("a1a2a3a4");
            assertThat(order.toString().replaceAll("a.", "")).isEqualTo("b1b2b3b4");
            orders.add(order.toString());
        }
        assertThat(orders).hasSizeGreaterThan(4);
    }

    @Test
    void dropsEventsAndTimersOfANodeThatWasKilled() {
        SimulatedWorld world = new SimulatedWorld(1);
        List<String> ran = new ArrayList<>();
        world.node("a").start(node -> {
            EventLoop loop = node.newLoop("loop");
            loop.schedule("early", Duration.ofSeconds(1), () -> ran.add("early"));
            loop.schedule("late", Duration.ofSeconds(3), () -> ran.add("late"));
        });
        world.schedule("kill", Duration.ofSeconds(2), () -> world.node("a").kill());
        world.time().run(Duration.ofSeconds(10));
        assertThat(ran).containsExactly("early");
        assertThat(world.node("a").isRunning()).isFalse();
        world.node("a").restart();
        world.time().run(Duration.ofSeconds(10));
        assertThat(ran).containsExactly("early", "early", "late");
        assertThat(world.node("a").starts()).isEqualTo(2);
    }

    @Test
    void cancelsTimersOnTheirLoopOnly() {
        SimulatedWorld world = new SimulatedWorld(1);
        List<String> ran = new ArrayList<>();
        world.node("a").start(node -> {
            EventLoop loop = node.newLoop("loop");
            Timer timer = loop.schedule("never", Duration.ofSeconds(1), () -> ran.add("never"));
            assertThatIllegalStateException().isThrownBy(timer::cancel);
            loop.execute("cancel", () -> {
                ran.add(timer.cancel() + "/" + timer.cancel());
                for (int i = 0; i < 1000; i++) {
                    loop.schedule("far", Duration.ofDays(1), () -> {}).cancel();
                }
            });
        });
        world.time().run(Duration.ofSeconds(10));
        assertThat(ran).containsExactly("true/false");
        assertThat(world.time().step()).isFalse();
    }

    @Test
    void passesTimeOnlyFromEventToEvent() {
        SimulatedWorld world = new SimulatedWorld(1);
        long[] at = new long[1];
        world.schedule(
                "far",
                Duration.ofDays(400),
                () -> at[0] = world.time().elapsed().toDays());
        assertThat(world.time().runUntil(() -> at[0] > 0, Duration.ofDays(1000)))
                .isTrue();
        assertThat(at[0]).isEqualTo(400);
        assertThat(world.time().runUntil(() -> false, Duration.ofDays(100))).isFalse();
        assertThat(world.time().elapsed()).isEqualTo(Duration.ofDays(500));
    }

    @Test
    void skewsTheWallClockOfOneNodeAndNoOther() {
        SimulatedWorld world = new SimulatedWorld(1);
        world.node("a").clock().setWallSkew(Duration.ofHours(-1));
        assertThat(world.node("b").clock().wallTime()).isEqualTo(VirtualTime.BEGINNING);
        assertThat(world.node("a").clock().wallTime()).isEqualTo(VirtualTime.BEGINNING.minusSeconds(3600));
        assertThat(world.node("a").clock().nanoTime())
                .isEqualTo(world.node("b").clock().nanoTime());
    }

    @Test
    void givesEachNodeItsOwnNumbers() {
        SimulatedWorld one = new SimulatedWorld(1);
        SimulatedWorld same = new SimulatedWorld(1);
        same.node("b").randomness().nextUuid();
        assertThat(one.node("a").randomness().nextUuid())
                .isEqualTo(same.node("a").randomness().nextUuid())
                .isNotEqualTo(one.node("b").randomness().nextUuid());
        assertThat(one.node("a").randomness().nextUuid().version()).isEqualTo(4);
    }

    @Test
    void endsTheRunWhenAnEventThrowsAndNamesEverythingNeededToSeeItAgain() {
        SimulatedWorld world = new SimulatedWorld(42);
        world.node("a")
                .start(node -> node.newLoop("loop").schedule("bad event", Duration.ofSeconds(3), () -> {
                    throw new IllegalStateException("a bug");
                }));
        assertThatThrownBy(() -> world.time().run(Duration.ofMinutes(1)))
                .isInstanceOf(SimulatedFaultException.class)
                .hasMessage("event 'bad event' of loop failed after PT3S with seed 42:"
                        + " java.lang.IllegalStateException: a bug")
                .hasRootCauseMessage("a bug");
    }
}
