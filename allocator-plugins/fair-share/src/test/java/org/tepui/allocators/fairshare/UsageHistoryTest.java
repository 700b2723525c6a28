// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.fairshare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tepui.allocator.PolicyState;

class UsageHistoryTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private long now;
    private final UsageHistory history = newHistory();

    private UsageHistory newHistory() {
        return new UsageHistory(new Decay(DAY), () -> now);
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private static void change(UsageHistory changed, FakeNode node, int resource, long thousandths) {
        changed.beforeChange(node);
        node.set(resource, thousandths);
    }

    /** The average of this moment. */
    private static double average(UsageHistory asked, FakeNode node, int resource) {
        asked.beforeChange(node);
        return asked.of(node).average(asked.number(node, resource));
    }

    private PolicyState saved() {
        return Objects.requireNonNull(history.save(NOON));
    }

    @Test
    void averagesWhatANodeHasTheHalfLifeBeingExact() {
        FakeNode node = new FakeNode("a", "cpus", "mem");
        change(history, node, 0, 8000);
        pass(DAY);
        assertThat(average(history, node, 0)).isEqualTo(4000, within(1e-9));
        pass(DAY);
        assertThat(average(history, node, 0)).isEqualTo(6000, within(1e-9));
        change(history, node, 0, 0);
        pass(DAY);
        assertThat(average(history, node, 0)).isEqualTo(3000, within(1e-9));
        assertThat(average(history, node, 1)).isZero();
    }

    @Test
    void agreesWithASumOverAllTimeHoweverOftenSomethingChanges() {
        FakeNode node = new FakeNode("a", "cpus");
        Random random = new Random(5);
        double expected = 0;
        long amount = 0;
        for (int i = 0; i < 100_000; i++) {
            long next = random.nextInt(1_000_000);
            change(history, node, 0, next);
            double part = Math.pow(0.5, i == 0 ? 0 : lastStep / (double) DAY.toNanos());
            expected = i == 0 ? 0 : expected * part + amount * (1 - part);
            amount = next;
            lastStep = random.nextLong(DAY.toNanos() / 5000);
            now += lastStep;
        }
        double part = Math.pow(0.5, lastStep / (double) DAY.toNanos());
        assertThat(average(history, node, 0)).isEqualTo(expected * part + amount * (1 - part), within(1e-3));
    }

    private long lastStep;

    @Test
    void remembersThoseWhoLeftAndCameBack() {
        FakeNode node = new FakeNode("a", "cpus");
        change(history, node, 0, 8000);
        pass(DAY);
        change(history, node, 0, 0);
        history.removed(node);
        pass(DAY);

        assertThat(average(history, new FakeNode("a", "cpus"), 0)).isEqualTo(2000, within(1e-9));
    }

    @Test
    void remembersNobodyWhoUsedNothing() {
        FakeNode node = new FakeNode("a", "cpus");
        history.beforeChange(node);
        pass(DAY);
        history.removed(node);

        assertThat(history.size()).isZero();
        assertThat(history.save(NOON)).isNull();
    }

    @Test
    void forgetsTheSmallestOfManyThatAreGone() {
        FakeNode present = new FakeNode("present", "cpus");
        change(history, present, 0, 1);
        for (int i = 0; i <= UsageHistory.MOST_FORMER; i++) {
            FakeNode node = new FakeNode("n" + i, "cpus");
            change(history, node, 0, 1000 + i);
            pass(Duration.ofSeconds(1));
            change(history, node, 0, 0);
            history.removed(node);
            assertThat(history.size()).isLessThanOrEqualTo(UsageHistory.MOST_FORMER + 1);
        }
        assertThat(history.size()).isBetween(10_000, 15_001);
        assertThat(average(history, new FakeNode("n" + UsageHistory.MOST_FORMER, "cpus"), 0))
                .isPositive();
        assertThat(average(history, new FakeNode("n0", "cpus"), 0)).isZero();
        assertThat(average(history, present, 0)).isPositive();
    }

    @Test
    void goesOnFromWhatWasSaved() {
        FakeNode first = new FakeNode("a", "cpus", "mem");
        FakeNode second = new FakeNode("b/./f-1", "cpus", "mem");
        change(history, first, 0, 8000);
        change(history, second, 1, 512_000);
        pass(DAY);
        PolicyState state = saved();

        // resources may be numbered in another order, and the clock may begin anywhere
        now = -77;
        UsageHistory successor = newHistory();
        successor.restore(state, NOON);
        assertThat(average(successor, new FakeNode("a", "mem", "cpus"), 1)).isEqualTo(4000, within(1e-9));
        assertThat(average(successor, new FakeNode("b/./f-1", "mem", "cpus"), 0))
                .isEqualTo(256_000, within(1e-7));
        assertThat(successor.save(NOON)).isEqualTo(state);
    }

    @Test
    void letsHistoryFadeWhileNobodyKeepsIt() {
        FakeNode node = new FakeNode("a", "cpus");
        change(history, node, 0, 8000);
        pass(DAY);
        PolicyState state = saved();

        UsageHistory later = newHistory();
        later.restore(state, NOON.plus(DAY));
        assertThat(average(later, new FakeNode("a", "cpus"), 0)).isEqualTo(2000, within(1e-9));

        UsageHistory muchLater = newHistory();
        muchLater.restore(state, NOON.plus(Duration.ofDays(300_000)));
        assertThat(average(muchLater, new FakeNode("a", "cpus"), 0)).isEqualTo(0, within(1e-9));

        UsageHistory clockSetBack = newHistory();
        clockSetBack.restore(state, NOON.minus(DAY));
        assertThat(average(clockSetBack, new FakeNode("a", "cpus"), 0)).isEqualTo(4000, within(1e-9));
    }

    @Test
    void savesTheLargestUsagesWhereNotAllFit() {
        String name = "x".repeat(200);
        for (int i = 0; i < 10_000; i++) {
            change(history, new FakeNode(name + i, "cpus"), 0, 1000 + (i * 7919L) % 10_000);
        }
        pass(DAY);
        PolicyState state = saved();
        assertThat(state.bytes().length).isBetween(PolicyState.MAXIMUM_BYTES - 300, PolicyState.MAXIMUM_BYTES);

        UsageHistory successor = newHistory();
        successor.restore(state, NOON);
        assertThat(successor.size()).isBetween(4_500, 5_000);
        for (int i = 0; i < 10_000; i++) {
            long amount = 1000 + (i * 7919L) % 10_000;
            double average = average(successor, new FakeNode(name + i, "cpus"), 0);
            assertThat(average).isEqualTo(amount > 11_000 - 4_500 ? amount / 2.0 : average, within(1e-6));
            assertThat(amount > 6_500 || average == 0 || amount > 6_000).isTrue();
        }
    }

    @Test
    void savesUsageAlsoWhereNamesOfResourcesAreAbsurd() {
        String[] names = new String[20];
        for (int i = 0; i < names.length; i++) {
            names[i] = i + "r".repeat(40_000);
        }
        FakeNode node = new FakeNode("a", names);
        change(history, node, 0, 8000);
        change(history, node, 19, 8000);
        pass(DAY);
        UsageHistory successor = newHistory();
        successor.restore(saved(), NOON);

        assertThat(average(successor, new FakeNode("a", names), 0)).isEqualTo(4000, within(1e-9));
        assertThat(average(successor, new FakeNode("a", names), 19)).isZero();
    }

    @Test
    void refusesToMixTwoHistories() {
        change(history, new FakeNode("a", "cpus"), 0, 1);
        pass(DAY);
        PolicyState state = saved();

        assertThatThrownBy(() -> history.restore(state, NOON))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is a usage history already");
    }
}
