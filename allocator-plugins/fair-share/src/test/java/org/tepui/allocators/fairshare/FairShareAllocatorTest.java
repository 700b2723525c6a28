// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.fairshare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.tepui.allocator.Allocation;
import org.tepui.allocator.PolicyState;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;
import org.tepui.api.Weights;
import org.tepui.api.resources.Resources;
import org.tepui.testkit.AllocatorFixture;

/** The order of service over time. */
class FairShareAllocatorTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Map<String, String> DAILY = Map.of("half.life", "1d");

    private AllocatorFixture cluster = newCluster(DAILY);
    private final List<Allocation> running = new ArrayList<>();
    private int agents;

    private static AllocatorFixture newCluster(Map<String, String> configuration) {
        return new AllocatorFixture(new FairShareAllocatorFactory(), configuration, 1);
    }

    private void addAgents(int count) {
        for (int i = 0; i < count; i++) {
            cluster.addAgent("s" + agents++, "cpus:1;mem:1024");
        }
    }

    /** Every offer becomes a task for as long as the test wants. */
    private void launch() {
        running.addAll(cluster.offers());
    }

    private void finishAll() {
        running.forEach(task -> cluster.finish(task.framework(), task.agent(), task.resources()));
        running.clear();
    }

    /** All tasks end and new ones start, a number of times within a time. */
    private void run(Duration time, int times) {
        for (int i = 0; i < times; i++) {
            finishAll();
            launch();
            cluster.advance(time.dividedBy(times));
        }
    }

    /** How many agents each framework has now. */
    private Map<String, Integer> shares() {
        Map<String, Integer> shares = new HashMap<>();
        running.forEach(task -> shares.merge(task.framework().value(), 1, Integer::sum));
        return shares;
    }

    private int share(String framework) {
        return shares().getOrDefault(framework, 0);
    }

    private String next() {
        Allocation offer = cluster.offer();
        running.add(offer);
        return offer.framework().value();
    }

    @Test
    void dividesAsInTheExampleOfThePolicy() {
        addAgents(100);
        cluster.addFramework("a", "A");
        launch();
        assertThat(shares()).isEqualTo(Map.of("a", 100));
        cluster.advance(DAY);

        cluster.addFramework("b", "B");
        finishAll();
        launch();
        assertThat(share("b")).isCloseTo(75, within(1));
        cluster.advance(DAY);

        finishAll();
        launch();
        assertThat(share("b")).isCloseTo(50, within(1));
    }

    @Test
    void comesNearToEqualSharesWithoutSwingsWhereTasksAreShort() {
        addAgents(100);
        cluster.addFramework("a", "A");
        launch();
        cluster.advance(DAY);
        cluster.addFramework("b", "B");

        int before = 101;
        for (int i = 0; i < 8; i++) {
            run(DAY.dividedBy(4), 20);
            assertThat(share("b")).isBetween(49, before);
            before = share("b");
        }
        assertThat(before).isBetween(50, 52);
    }

    @Test
    void isDominantResourceFairnessWhereNobodyHasAHistory() {
        FrameworkId a = cluster.addFramework("a", "a");
        FrameworkId b = cluster.addFramework("b", "b");
        Map<FrameworkId, String> task = Map.of(a, "cpus:1;mem:4", b, "cpus:3;mem:1");
        cluster.addAgent("s1", "cpus:9;mem:18");
        Map<String, Integer> tasks = new HashMap<>();
        List<Allocation> offers = cluster.offers();
        for (int round = 0; round < 20; round++) {
            for (Allocation offer : offers) {
                String wanted = task.getOrDefault(offer.framework(), "");
                if (offer.resources().unallocate().contains(Resources.parse(wanted))) {
                    cluster.accept(offer, wanted, Duration.ZERO);
                    tasks.merge(offer.framework().value(), 1, Integer::sum);
                } else {
                    cluster.decline(offer, Duration.ofHours(1));
                }
            }
            cluster.advance(Duration.ofSeconds(1));
            offers = cluster.offers();
        }
        assertThat(tasks).isEqualTo(Map.of("a", 3, "b", 2));
    }

    @Test
    void dividesByWeightOverTime() {
        cluster.updateWeights(Weights.none().with(Map.of(new Role("B"), 3.0)));
        addAgents(100);
        cluster.addFramework("a", "A");
        cluster.addFramework("b", "B");
        run(DAY.multipliedBy(4), 100);

        assertThat(share("b")).isCloseTo(75, within(1));
    }

    @Test
    void lendsWhatIsIdleAndReturnsItAsTasksEnd() {
        addAgents(10);
        cluster.addFramework("a", "A");
        FrameworkId second = cluster.addFramework("b", "B");
        cluster.suppress(second);
        launch();
        assertThat(shares()).isEqualTo(Map.of("a", 10));
        cluster.advance(DAY.multipliedBy(10));

        // nothing is taken from running tasks, and every agent that becomes free goes to the one who lent it
        cluster.revive(second);
        assertThat(cluster.offers()).isEmpty();
        for (int i = 0; i < 8; i++) {
            Allocation task = running.remove(0);
            cluster.finish(task.framework(), task.agent(), task.resources());
            assertThat(next()).isEqualTo("b");
        }
        cluster.suppress(second);
        finishAll();
        launch();
        assertThat(shares()).as("borrowed again").isEqualTo(Map.of("a", 10));
    }

    @Test
    void dividesWhatARoleGetsAmongItsChildrenByTheirHistories() {
        addAgents(100);
        cluster.addFramework("f1", "a/b");
        cluster.addFramework("f3", "d");
        run(DAY, 10);
        cluster.addFramework("f2", "a/c");
        finishAll();
        launch();

        // a goes on having half, of which its new child gets three quarters
        assertThat(share("f3")).isCloseTo(50, within(1));
        assertThat(share("f2")).isCloseTo(37, within(2));
        assertThat(share("f1")).isCloseTo(13, within(2));
    }

    @Test
    void dividesAmongFrameworksInARole() {
        addAgents(100);
        cluster.addFramework("f1", "a");
        run(DAY, 10);
        cluster.addFramework("f2", "a");
        run(DAY.multipliedBy(4), 50);
        assertThat(share("f1")).isCloseTo(50, within(2));
    }

    @Test
    void remembersARoleThatNobodyWasInForAWhile() {
        addAgents(10);
        FrameworkId first = cluster.addFramework("f1", "a");
        launch();
        cluster.advance(DAY);
        cluster.removeFramework(first);
        finishAll();
        cluster.addFramework("f2", "b");
        cluster.addFramework("f3", "a");
        launch();
        // f3 is another framework, in a role with a history: (5 + a) / 2 = b / 2
        assertThat(shares()).isEqualTo(Map.of("f2", 8, "f3", 2));
    }

    @Test
    void givesMinimumSharesFirstWhateverTheHistory() {
        cluster = newCluster(Map.of("half.life", "1d", "minimum.shares", "A:0.4"));
        addAgents(100);
        cluster.addFramework("a", "A");
        launch();
        cluster.advance(DAY.multipliedBy(10));
        cluster.addFramework("b", "B");
        finishAll();
        launch();

        // without a minimum A would have none of the hundred
        assertThat(shares()).isEqualTo(Map.of("a", 40, "b", 60));
    }

    @Test
    void givesAmountsToRolesBelowOthers() {
        cluster = newCluster(Map.of("half.life", "1d", "minimum.shares", "a/b:cpus 6,c:mem 4096"));
        cluster.addFramework("f1", "a/b");
        cluster.addFramework("f2", "c");
        cluster.addFramework("f3", "d");
        List<String> order = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            addAgents(1);
            order.add(next());
        }
        assertThat(order).startsWith("f1", "f2").doesNotContain("f3");
        assertThat(shares()).isEqualTo(Map.of("f1", 6, "f2", 4));
        addAgents(1);
        assertThat(next()).isEqualTo("f3");
    }

    @Test
    void lendsMinimumSharesThatNobodyAsksFor() {
        cluster = newCluster(Map.of("minimum.shares", "A:0.5"));
        addAgents(10);
        FrameworkId first = cluster.addFramework("a", "A");
        cluster.suppress(first);
        cluster.addFramework("b", "B");
        launch();
        assertThat(shares()).isEqualTo(Map.of("b", 10));
    }

    @Test
    void countsResourcesByTheirWeights() {
        cluster = newCluster(Map.of("half.life", "1d", "usage.weights", "cpus:1,mem:1/GB"));
        AgentId large = cluster.addAgent("large", "cpus:1;mem:9216");
        AgentId small = cluster.addAgent("small", "cpus:5;mem:1024");
        FrameworkId first = cluster.addFramework("a", "A");
        FrameworkId second = cluster.addFramework("b", "B");
        launch();
        Map<AgentId, FrameworkId> owners = new HashMap<>();
        running.forEach(task -> owners.put(task.agent(), task.framework()));
        assertThat(owners.values()).containsExactlyInAnyOrder(first, second);

        // ten against six, though the other has five times as many CPUs
        addAgents(1);
        assertThat(cluster.offer().framework()).isEqualTo(owners.get(small));
        assertThat(owners.get(small)).isNotEqualTo(owners.get(large));
    }

    @Test
    void followsHistoriesWhileNothingElseChanges() {
        cluster.addAgent("big", "cpus:3;mem:3072");
        cluster.addFramework("a", "A");
        launch();
        cluster.addFramework("b", "B");
        addAgents(2);
        launch();
        assertThat(shares()).isEqualTo(Map.of("a", 1, "b", 2));
        cluster.advance(DAY.multipliedBy(20));
        finishAll();
        running.clear();
        cluster.offers().forEach(offer -> cluster.decline(offer, Duration.ofDays(300)));
        cluster.offers().forEach(offer -> cluster.decline(offer, Duration.ofDays(300)));

        // a had more, but that is long ago
        cluster.advance(DAY.multipliedBy(60));
        addAgents(20);
        launch();
        assertThat(share("a")).isEqualTo(10);
    }

    @Test
    void handsItsHistoryToItsSuccessor() {
        addAgents(100);
        cluster.addFramework("a", "A");
        launch();
        cluster.advance(DAY);
        PolicyState state = Objects.requireNonNull(cluster.allocator().saveState());
        AllocatorFixture successor = newCluster(DAILY);
        successor.allocator().restoreState(state);
        cluster.replayInto(successor);

        cluster.addFramework("b", "B");
        finishAll();
        launch();
        int before = share("b");
        running.clear();
        cluster = successor;
        cluster.addFramework("b", "B");
        for (AgentId agent : cluster.agents()) {
            cluster.held(agent).forEach((id, resources) -> cluster.giveBack(id, agent, resources, null));
        }
        launch();
        assertThat(share("b")).isEqualTo(before).isCloseTo(75, within(1));
    }

    @Test
    void goesOnWithoutAHistoryThatIsDamaged() {
        byte[] rubbish = {1, 2, 3, 4, 5};
        assertThatThrownBy(() -> cluster.allocator().restoreState(new PolicyState(1, rubbish)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("damaged");
        assertThat(cluster.allocator().saveState()).isNull();

        addAgents(1);
        cluster.addFramework("a", "A");
        assertThat(cluster.offers()).hasSize(1);
    }
}
