// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tepui.allocator.Allocation;
import org.tepui.allocator.Allocator;
import org.tepui.allocator.AllocatorContext;
import org.tepui.allocator.AllocatorFactory;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;
import org.tepui.api.resources.Resources;
import org.tepui.testkit.AllocatorFixture;
import org.tepui.testkit.AllocatorWorkload;
import org.tepui.testkit.RandomRun;

/** What is kept from event to event is what would be computed from scratch, and costs less. */
class IncrementalAllocationTest {
    private static final int SEEDS = 20;
    private static final int STEPS = 1_500;

    /** Makes allocators that are compared with the naive model. */
    private static final class CheckedFactory implements AllocatorFactory {
        private final List<CheckedAllocator> made = new ArrayList<>();

        @Override
        public String name() {
            return "checked";
        }

        @Override
        public Allocator create(AllocatorContext context, Map<String, String> configuration) {
            CheckedAllocator allocator = new CheckedAllocator(context, new DominantShare());
            made.add(allocator);
            return allocator;
        }
    }

    @Test
    void decidesAsIfEverythingWereComputedAnew() {
        long compared = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            compared += compare(seed);
        }
        assertThat(compared).isGreaterThan(SEEDS * STEPS / 10);
    }

    private static long compare(int seed) {
        CheckedFactory factory = new CheckedFactory();
        RandomRun.check("comparison with seed " + seed, STEPS, steps -> {
            AllocatorFixture cluster = new AllocatorFixture(factory, Map.of(), seed);
            CheckedAllocator allocator = factory.made.get(factory.made.size() - 1);
            AllocatorWorkload workload = new AllocatorWorkload(cluster, seed, seed % 4 != 0);
            for (int step : steps) {
                workload.step(step);
                if (step % 100 == 99) {
                    leavesNothingUndecided(cluster, allocator);
                }
            }
        });
        return factory.made.get(0).compared();
    }

    private static void leavesNothingUndecided(AllocatorFixture cluster, CheckedAllocator allocator) {
        cluster.advance(Duration.ofSeconds(1));
        for (int i = 0; i < 300 && !allocator.undecided().isEmpty(); i++) {
            cluster.advance(Duration.ofMillis(1));
        }
        assertThat(allocator.undecided()).as("agents left").isEmpty();
        allocator.model.frameworks.forEach((id, profile) -> profile.roles().forEach(role -> {
            assertThat(allocator.explain(id, role).agents()).isEqualTo(allocator.model.agents.size());
        }));
    }

    private record Load(AllocatorFixture cluster, HierarchicalAllocator allocator, List<Allocation> offers) {
        private static Load of(int agents, int frameworks) {
            DominantShare factory = new DominantShare();
            AllocatorFixture cluster = new AllocatorFixture(factory, Map.of(), 1);
            for (int i = 0; i < frameworks; i++) {
                cluster.addFramework("f" + i, "role" + i % 3);
            }
            for (int i = 0; i < agents; i++) {
                cluster.addAgent("s" + i, "cpus:4;mem:4096");
            }
            return new Load(cluster, factory.made.get(0), cluster.offers());
        }

        /** The framework and agent pairs that an action makes the allocator look at. */
        private long cost(Runnable action) {
            long before = allocator.examinedPairs();
            action.run();
            cluster.advance(Duration.ofSeconds(2));
            return allocator.examinedPairs() - before;
        }
    }

    @Test
    void costsTheSameForAnEventHoweverManyAgentsThereAre() {
        List<Long> costs = new ArrayList<>();
        for (int agents : new int[] {30, 300, 3000}) {
            Load load = Load.of(agents, 20);
            assertThat(load.offers).hasSize(agents);
            Allocation first = load.offers.get(0);
            Allocation second = load.offers.get(1);
            long finished = load.cost(() -> load.cluster.finish(first.framework(), first.agent(), first.resources()));
            long declined = load.cost(() -> load.cluster.decline(second, Duration.ofSeconds(60)));
            costs.add(finished + declined);
        }
        assertThat(costs).allMatch(cost -> cost >= 2 && cost <= 4);
    }

    @Test
    void costsNothingWhileNothingHappens() {
        Load load = Load.of(1000, 5);
        for (int round = 0; round < 5; round++) {
            List<Allocation> offers = round == 0 ? load.offers : load.cluster.made();
            offers.forEach(offer -> load.cluster.decline(offer, Duration.ofHours(10)));
            load.cluster.advance(Duration.ofSeconds(2));
        }
        assertThat(load.cluster.made()).isEmpty();
        Double runs = load.cluster.context().metrics().snapshot().get("allocator/mesos/allocation_runs");
        assertThat(runs).isNotNull();

        assertThat(load.cost(() -> load.cluster.advance(Duration.ofHours(1)))).isZero();
        assertThat(load.cluster.context().metrics().snapshot()).containsEntry("allocator/mesos/allocation_runs", runs);
        assertThat(load.cluster.context().waiting())
                .as("timers: the end of the filters")
                .isEqualTo(1);
    }

    @Test
    void looksAtAllAgentsForTheOneFrameworkThatRevives() {
        Load load = Load.of(1000, 5);
        for (int round = 0; round < 5; round++) {
            List<Allocation> offers = round == 0 ? load.offers : load.cluster.made();
            offers.forEach(offer -> load.cluster.decline(offer, Duration.ofHours(10)));
            load.cluster.advance(Duration.ofSeconds(2));
        }
        FrameworkId revived = new FrameworkId("f3");

        assertThat(load.cost(() -> load.cluster.revive(revived))).isEqualTo(1000);
    }

    @Test
    void boundsHowManyDeclinedOffersAreMadeAgain() {
        Load load = Load.of(3000, 40);
        List<Allocation> offers = load.offers;
        long made = 0;
        for (int i = 0; i < 150; i++) {
            offers.forEach(offer -> load.cluster.decline(offer, Duration.ofSeconds(60)));
            offers = load.cluster.offers();
            made += offers.size();
        }
        assertThat(made).as("offers made again in 3 s").isBetween(15_000L, 33_000L);
    }

    @Test
    void doesNotGrowWithWhatIsDeclinedAgainAndAgain() {
        DominantShare factory = new DominantShare();
        AllocatorFixture cluster = new AllocatorFixture(factory, Map.of(), 1);
        FrameworkId framework = cluster.addFramework("f1", "*");
        cluster.addAgent("s1", "cpus:4;mem:4096;ports:[1-1000]");
        for (int i = 0; i < 2_000; i++) {
            Allocation offer = cluster.offer();
            Resources task =
                    cluster.accept(offer, "ports:[" + (1 + i % 900) + "-" + (5 + i % 900) + "]", Duration.ofDays(400));
            assertThat(factory.made.get(0).state().filters.size()).isLessThanOrEqualTo(8);
            cluster.finish(framework, offer.agent(), task);
        }
        cluster.revive(framework);
        assertThat(factory.made.get(0).state().filters.size()).isZero();
    }

    @Test
    void showsWhatTheClusterHasAndGave() {
        Load load = Load.of(10, 2);
        load.cluster.decline(load.offers.get(0), Duration.ofHours(1));

        assertThat(load.cluster.context().metrics().snapshot())
                .containsEntry("allocator/mesos/resources/cpus/total", 40.0)
                .containsEntry("allocator/mesos/resources/mem/offered_or_allocated", 36_864.0)
                .containsEntry("allocator/offer_filters", 1.0);
    }

    @Test
    void forgetsRolesAndFrameworksThatAreGone() {
        Load load = Load.of(10, 30);
        for (int i = 0; i < 30; i++) {
            load.cluster.removeFramework(new FrameworkId("f" + i));
        }
        load.offers.forEach(offer -> load.cluster.finish(offer.framework(), offer.agent(), offer.resources()));
        ClusterState state = load.allocator.state();

        for (int i = 0; i < 3; i++) {
            assertThat(state.tree.find(new Role("role" + i))).isNull();
        }
        assertThat(state.framework(new FrameworkId("f1"))).isNull();
        assertThat(state.tree.root().children).isZero();
        assertThat(state.tree.root().allocated()).containsOnly(0);
    }
}
