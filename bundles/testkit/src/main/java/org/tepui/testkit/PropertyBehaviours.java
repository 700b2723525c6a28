// SPDX-License-Identifier: Apache-2.0
package org.tepui.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tepui.allocator.Allocation;
import org.tepui.api.FrameworkId;
import org.tepui.api.resources.Resources;

/**
 * The properties that are proven for dominant resource fairness, on random inputs. The proofs are for resources and
 * tasks that can be divided at will; tasks here are whole, so that each property holds but for one task on either
 * side.
 */
abstract class PropertyBehaviours extends PolicyPart {
    private static final int RUNS = 40;

    /** What a user's tasks need of the two resources, in whole units. */
    private record Demand(int cpus, int mem) {
        private Resources resources() {
            return Resources.parse("cpus:" + cpus + ";mem:" + mem);
        }

        /** How many tasks an amount is enough for. */
        private long tasks(double cpuUnits, double memUnits) {
            return (long) Math.min(Math.floor(cpuUnits / cpus), Math.floor(memUnits / mem));
        }
    }

    /** A cluster, its users, and how many tasks each was given. */
    private record Outcome(int cpus, int mem, List<Demand> demands, List<Integer> tasks) {
        /** How many tasks of a demand another user's share, but for its last task, would be enough for. */
        private long tasksWithShareOf(int other, Demand demand) {
            Demand theirs = demands.get(other);
            double count = Math.max(0, tasks.get(other) - 1);
            return demand.tasks(count * theirs.cpus, count * theirs.mem);
        }

        private boolean hasRoomFor(Demand demand) {
            long usedCpus = 0;
            long usedMem = 0;
            for (int i = 0; i < demands.size(); i++) {
                usedCpus += (long) tasks.get(i) * demands.get(i).cpus;
                usedMem += (long) tasks.get(i) * demands.get(i).mem;
            }
            return usedCpus + demand.cpus <= cpus && usedMem + demand.mem <= mem;
        }
    }

    private static Random random(int step) {
        return new Random(step * 0x9E3779B97F4A7C15L);
    }

    private Outcome randomCase(Random random) {
        List<Demand> demands = new ArrayList<>();
        for (int i = 2 + random.nextInt(4); i > 0; i--) {
            demands.add(new Demand(1 + random.nextInt(4), 1 + random.nextInt(4)));
        }
        return divide(40 + random.nextInt(80), 40 + random.nextInt(80), demands);
    }

    /** Each user takes one task of what it is offered as long as one fits, and gives back the rest at once. */
    private Outcome divide(int cpus, int mem, List<Demand> demands) {
        AllocatorFixture cluster = policy().newCluster(1);
        List<FrameworkId> users = new ArrayList<>();
        List<Integer> tasks = new ArrayList<>();
        for (int i = 0; i < demands.size(); i++) {
            users.add(cluster.addFramework("u" + i, "role" + i));
            tasks.add(0);
        }
        cluster.addAgent("s1", "cpus:" + cpus + ";mem:" + mem);
        for (List<Allocation> offers = cluster.offers(); !offers.isEmpty(); offers = cluster.offers()) {
            for (Allocation offer : offers) {
                int user = users.indexOf(offer.framework());
                Demand demand = demands.get(user);
                if (offer.resources().unallocate().contains(demand.resources())) {
                    // without a filter, so that the order alone decides who is next
                    Resources rest =
                            offer.resources().subtract(demand.resources().allocate(offer.role()));
                    if (!rest.isEmpty()) {
                        cluster.finish(offer.framework(), offer.agent(), rest);
                    }
                    tasks.set(user, tasks.get(user) + 1);
                } else {
                    cluster.decline(offer, Duration.ofHours(1));
                }
            }
        }
        return new Outcome(cpus, mem, demands, tasks);
    }

    /** The example of the paper: 9 CPUs and 18 GB, tasks of 1 CPU and 4 GB against tasks of 3 CPUs and 1 GB. */
    @Test
    void equalizesDominantSharesAsInThePaper() {
        Outcome outcome = divide(9, 18, List.of(new Demand(1, 4), new Demand(3, 1)));
        assertThat(outcome.tasks).containsExactly(3, 2);
    }

    /** With one resource, dominant resource fairness is max-min fairness. */
    @Test
    void dividesOneResourceEqually() {
        Outcome outcome = divide(60, 1000, List.of(new Demand(1, 1), new Demand(2, 1), new Demand(4, 1)));
        assertThat(outcome.tasks).containsExactly(20, 10, 5);
    }

    @Test
    void givesNobodyLessThanAnEqualPartOfTheCluster() {
        RandomRun.check(
                "sharing incentive",
                RUNS,
                steps -> steps.forEach(step -> {
                    Outcome outcome = randomCase(random(step));
                    double part = outcome.demands.size();
                    for (int i = 0; i < outcome.demands.size(); i++) {
                        long alone = outcome.demands.get(i).tasks(outcome.cpus / part, outcome.mem / part);
                        assertThat(outcome.tasks.get(i) + 1L)
                                .as("user %d of %s", i, outcome)
                                .isGreaterThanOrEqualTo(alone);
                    }
                }));
    }

    @Test
    void givesNobodyWhatAnotherWouldRatherHave() {
        RandomRun.check(
                "envy-freeness",
                RUNS,
                steps -> steps.forEach(step -> {
                    Outcome outcome = randomCase(random(step));
                    for (int i = 0; i < outcome.demands.size(); i++) {
                        for (int other = 0; other < outcome.demands.size(); other++) {
                            assertThat(outcome.tasksWithShareOf(other, outcome.demands.get(i)))
                                    .as("user %d with the share of %d in %s", i, other, outcome)
                                    .isLessThanOrEqualTo(outcome.tasks.get(i) + 1L);
                        }
                    }
                }));
    }

    @Test
    void leavesNothingThatAnybodyCouldUse() {
        RandomRun.check(
                "Pareto efficiency",
                RUNS,
                steps -> steps.forEach(step -> {
                    Outcome outcome = randomCase(random(step));
                    assertThat(outcome.demands).as("%s", outcome).noneMatch(outcome::hasRoomFor);
                }));
    }

    @Test
    void rewardsNobodyForAskingForMoreThanItNeeds() {
        RandomRun.check(
                "strategy-proofness",
                RUNS,
                steps -> steps.forEach(step -> {
                    Random random = random(step);
                    Outcome honest = randomCase(random);
                    Demand needed = honest.demands.get(0);
                    Demand claimed = new Demand(needed.cpus + random.nextInt(3), needed.mem + random.nextInt(3));
                    List<Demand> demands = new ArrayList<>(honest.demands);
                    demands.set(0, claimed);
                    Outcome lie = divide(honest.cpus, honest.mem, demands);

                    assertThat(lie.tasksWithShareOf(0, needed))
                            .as("tasks of %s when claiming %s in %s", needed, claimed, honest)
                            .isLessThanOrEqualTo(honest.tasks.get(0) + 1L);
                }));
    }
}
