// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.tepui.runtime.simulated.SimulatedNode;
import org.tepui.runtime.simulated.SimulatedWorld;

/** A log under random crashes, kills, full disks and failing forces, for many seeds. */
class RecordLogFaultsTest {
    private static final int SEEDS = 60;

    @Test
    void holdsWhatItAcknowledgedAndNoHolesWhateverHappens() {
        int crashes = 0;
        int snapshots = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            Counter counter = new Counter(seed);
            counter.live();
            crashes += counter.node.starts();
            snapshots += counter.snapshots;
        }
        assertThat(crashes).isGreaterThan(5 * SEEDS);
        assertThat(snapshots).isGreaterThan(SEEDS);
    }

    /**
     * A service that counts: each record is the next number, and a snapshot is the number that was reached, negative.
     */
    private static final class Counter implements RecordLog.Watcher {
        private final SimulatedWorld world;
        private final SimulatedNode node;
        private final RandomGenerator random;
        private @Nullable RecordLog log;
        private @Nullable EventLoop loop;
        private long appended;
        private long applied;
        private long acknowledgedEver;
        private long appendedEver;
        private int snapshots;
        private boolean over;

        Counter(long seed) {
            world = new SimulatedWorld(seed);
            node = world.node("counter");
            random = world.randomness();
        }

        void live() {
            node.start(this::startService);
            breakSomething();
            world.time().run(Duration.ofSeconds(20));
            heal();
            over = true;
            node.crash();
            node.restart();
            world.time().run(Duration.ofSeconds(5));
            Objects.requireNonNull(
                    log, () -> "not open at the end with seed " + world.time().seed());
        }

        private void startService(SimulatedNode started) {
            EventLoop newLoop = started.newLoop("loop");
            loop = newLoop;
            log = null;
            RecordLog.Settings settings = new RecordLog.Settings(
                    SimulatedLogOwner.FILE, started.disk(), started.newWorker("disk"), newLoop, this, 2_000);
            RecordLog.open(settings, (opened, failure) -> {
                if (opened == null) {
                    newLoop.schedule("open again", Duration.ofMillis(100), () -> startService(started));
                } else {
                    recover(opened);
                    tick();
                }
            });
        }

        private void recover(RecordLog.Opened opened) {
            long value = 0;
            for (String text : SimulatedLogOwner.texts(opened.records())) {
                long number = Long.parseLong(text);
                if (number < 0) {
                    assertThat(value).as("a snapshot comes first").isZero();
                    value = -number;
                } else {
                    assertThat(number).as("seed %d", world.time().seed()).isEqualTo(value + 1);
                    value = number;
                }
            }
            assertThat(value)
                    .as("seed %d: %s", world.time().seed(), opened.recovery())
                    .isBetween(acknowledgedEver, appendedEver);
            log = opened.log();
            appended = value;
            applied = value;
            acknowledgedEver = value;
        }

        private void tick() {
            RecordLog present = log;
            if (over || present == null) {
                return;
            }
            try {
                for (int i = random.nextInt(4); i > 0; i--) {
                    append(present, appended + 1);
                }
            } catch (LogOverloadedException e) {
                assertThat(e).hasMessageContaining("2000 allowed");
            }
            if (!present.isReplacing() && random.nextInt(20) == 0) {
                replace(present);
            }
            Objects.requireNonNull(loop).schedule("tick", Duration.ofMillis(1 + random.nextInt(5)), this::tick);
        }

        private void append(RecordLog present, long number) {
            present.append(SimulatedLogOwner.bytes(Long.toString(number)), failure -> {
                if (failure == null) {
                    assertThat(number).isEqualTo(applied + 1);
                    applied = number;
                    acknowledgedEver = number;
                }
            });
            appended = number;
            appendedEver = Math.max(appendedEver, number);
        }

        /** Of what was applied when it was acknowledged, or already when it was appended. */
        private void replace(RecordLog present) {
            boolean early = random.nextBoolean();
            long value = early ? appended : applied;
            List<byte[]> snapshot = new ArrayList<>();
            if (value > 0) {
                snapshot.add(SimulatedLogOwner.bytes(Long.toString(-value)));
            }
            present.replace(
                    snapshot, early ? present.lastSequence() : present.acknowledgedSequence(), failure -> snapshots++);
        }

        private void breakSomething() {
            world.schedule("break", Duration.ofMillis(random.nextInt(2_000)), () -> {
                heal();
                switch (random.nextInt(5)) {
                    case 0 -> node.restart();
                    case 1 -> {
                        node.crash();
                        node.restart();
                    }
                    case 2 -> node.disk().crashAfterOperations(random.nextInt(30));
                    case 3 -> node.disk().setCapacity(node.disk().usedBytes() + random.nextInt(200));
                    default -> node.disk().setForceFails(true);
                }
                world.schedule("bring back", Duration.ofSeconds(1), () -> {
                    if (!node.isRunning()) {
                        node.restart();
                    }
                });
                breakSomething();
            });
        }

        private void heal() {
            node.disk().crashAfterOperations(Integer.MAX_VALUE);
            node.disk().setCapacity(Long.MAX_VALUE);
            node.disk().setForceFails(false);
        }

        @Override
        public void stalled(IOException cause) {
            assertThat(cause).hasMessageContaining("no space left");
        }

        @Override
        public void resumed() {}

        @Override
        public void failed(IOException cause) {
            world.schedule("restart", Duration.ofMillis(10), node::restart);
        }
    }
}
