// SPDX-License-Identifier: Apache-2.0
package org.tepui.api.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

class MetricRegistryTest {
    private final MetricRegistry registry = new MetricRegistry();

    @Test
    void listsCountersUnderTheirName() {
        registry.counter("master/tasks_finished").increment();
        registry.counter("master/tasks_finished").add(4);

        assertThat(registry.snapshot()).containsOnlyKeys("master/tasks_finished");
        assertThat(registry.snapshot().get("master/tasks_finished")).isEqualTo(5.0);
    }

    @Test
    void listsTheMetricsOfAPartWhileItIsIncluded() {
        MetricRegistry part = new MetricRegistry();
        registry.counter("both").increment();
        part.gauge("both", () -> 7);
        part.counter("part").increment();
        registry.include(part);
        part.counter("later");
        assertThat(registry.snapshot())
                .containsOnlyKeys("both", "later", "part")
                .containsEntry("both", 1.0);

        assertThat(registry.exclude(part)).isTrue();
        assertThat(registry.exclude(part)).isFalse();
        assertThat(registry.snapshot()).containsOnlyKeys("both");
    }

    @Test
    void refusesToLowerACounter() {
        Counter counter = registry.counter("c");

        assertThatThrownBy(() -> counter.add(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(counter.value()).isZero();
    }

    @Test
    void asksGaugesAtEverySnapshot() {
        double[] value = {1};
        registry.gauge("g", () -> value[0]);
        assertThat(registry.snapshot()).containsEntry("g", 1.0);

        value[0] = 2;
        assertThat(registry.snapshot()).containsEntry("g", 2.0);
    }

    @Test
    void leavesOutGaugesWithoutAnAnswer() {
        registry.gauge("throws", () -> {
            throw new IllegalStateException("closed");
        });
        registry.gauge("nan", () -> Double.NaN);
        registry.gauge("works", () -> 1);

        assertThat(registry.snapshot()).containsOnlyKeys("works");
    }

    @Test
    void replacesAGaugeOfTheSameName() {
        registry.gauge("g", () -> 1);
        registry.gauge("g", () -> 2);

        assertThat(registry.snapshot()).containsEntry("g", 2.0);
    }

    @Test
    void listsTimersWithTheSuffixesOfMesos() {
        TimerMetric timer = registry.timer("allocator/allocation_run");
        for (int milliseconds = 1; milliseconds <= 101; milliseconds++) {
            timer.record(milliseconds * 1_000_000L);
        }

        SortedMap<String, Double> snapshot = registry.snapshot();

        String key = "allocator/allocation_run_ms";
        assertThat(snapshot.keySet())
                .containsExactly(
                        key,
                        key + "/count",
                        key + "/max",
                        key + "/min",
                        key + "/p50",
                        key + "/p90",
                        key + "/p95",
                        key + "/p99",
                        key + "/p999");
        assertThat(snapshot).containsEntry(key, 101.0).containsEntry(key + "/count", 101.0);
        assertThat(snapshot).containsEntry(key + "/min", 1.0).containsEntry(key + "/max", 101.0);
        assertThat(snapshot.get(key + "/p50")).isCloseTo(51, within(1e-9));
        assertThat(snapshot.get(key + "/p90")).isCloseTo(91, within(1e-9));
        assertThat(snapshot.get(key + "/p999")).isCloseTo(100.9, within(1e-9));
    }

    @Test
    void forgetsDurationsOutsideTheWindowButCountsThem() {
        TimerMetric timer = registry.timer("t");
        timer.record(5_000_000_000L);
        for (int i = 0; i < TimerMetric.WINDOW; i++) {
            timer.record(1_000_000);
        }

        assertThat(timer.summary().max()).isEqualTo(1.0);
        assertThat(timer.count()).isEqualTo(TimerMetric.WINDOW + 1);
    }

    @Test
    void showsATimerThatNeverRanWithItsCountOnly() {
        registry.timer("t");

        assertThat(registry.snapshot()).containsOnlyKeys("t_ms/count");
    }

    @Test
    void refusesASecondKindUnderOneName() {
        registry.counter("x");

        assertThatThrownBy(() -> registry.timer("x")).hasMessageContaining("'x' is a counter already");
        assertThatThrownBy(() -> registry.gauge("x", () -> 1)).hasMessageContaining("'x' is a counter already");
    }

    @Test
    void refusesNamesThatAreNoKeys() {
        for (String name : List.of("", "a b", "a\u0000", "x".repeat(513))) {
            assertThatThrownBy(() -> registry.counter(name)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void isBoundedAndSaysWhatItLeavesOut() {
        MetricRegistry small = new MetricRegistry(2);
        small.counter("a");
        small.counter("b");
        small.counter("c").increment();

        assertThat(small.snapshot()).containsOnlyKeys("a", "b", "metrics/unlisted");
        assertThat(small.remove("a")).isTrue();
        assertThat(small.remove("a")).isFalse();
        small.counter("c").increment();
        assertThat(small.snapshot()).containsEntry("c", 1.0);
    }

    @Test
    void losesNothingWhenManyThreadsCount() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            Thread thread = new Thread(() -> {
                for (int i = 0; i < 10_000; i++) {
                    registry.counter("c").increment();
                    registry.timer("t").record(i);
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(registry.snapshot()).containsEntry("c", 40_000.0).containsEntry("t_ms/count", 40_000.0);
    }
}
