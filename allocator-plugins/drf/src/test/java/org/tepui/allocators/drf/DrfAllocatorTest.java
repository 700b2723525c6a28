// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.drf;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tepui.allocator.Allocation;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;
import org.tepui.api.Weights;
import org.tepui.api.resources.Resources;
import org.tepui.testkit.AllocatorFixture;

/** The order of service, in scenarios known from the Mesos allocator and its sorters. */
class DrfAllocatorTest {
    private static final Duration LONG = Duration.ofHours(1);

    private final AllocatorFixture cluster = new AllocatorFixture(new DrfAllocatorFactory(), Map.of(), 1);

    private String next() {
        Allocation offer = cluster.offer();
        return offer.framework().value();
    }

    @Test
    void offersEachNewAgentToTheLowestDominantShare() {
        cluster.addAgent("s1", "cpus:2;mem:1024;disk:0");
        cluster.addFramework("f1", "role1");
        assertThat(next()).isEqualTo("f1");

        // role1 has everything, so role2 gets what comes next
        cluster.addFramework("f2", "role2");
        assertThat(cluster.offers()).isEmpty();
        cluster.addAgent("s2", "cpus:1;mem:512;disk:0");
        assertThat(next()).isEqualTo("f2");

        // role1: 2/6 cpus, 1024/4608 mem; role2: 1/6 cpus, 512/4608 mem
        cluster.addAgent("s3", "cpus:3;mem:3072;disk:0");
        assertThat(next()).isEqualTo("f2");

        // role1: 2/6.., role2: 3584/5632 mem; f3 shares role1 with f1 and has less
        cluster.addFramework("f3", "role1");
        cluster.addAgent("s4", "cpus:4;mem:4096;disk:0");
        assertThat(next()).isEqualTo("f3");

        // role1: 5120/9216 mem of a bigger cluster; role2: 3584/9216
        cluster.addFramework("f4", "role1");
        cluster.addAgent("s5", "cpus:1;mem:512;disk:0");
        assertThat(next()).isEqualTo("f2");
    }

    @Test
    void dividesWhatARoleGetsAmongItsChildren() {
        cluster.addFramework("f1", "a/b");
        cluster.addFramework("f2", "a/c");
        cluster.addFramework("f3", "d");
        Map<String, Integer> agents = new HashMap<>();
        for (int i = 0; i < 24; i++) {
            cluster.addAgent("s" + i, "cpus:1;mem:100");
            agents.merge(next(), 1, Integer::sum);
        }
        assertThat(agents).isEqualTo(Map.of("f1", 6, "f2", 6, "f3", 12));
    }

    @Test
    void treatsFrameworksInARoleAsASiblingOfItsChildRoles() {
        cluster.addFramework("f1", "a");
        cluster.addFramework("f2", "a");
        cluster.addFramework("f3", "a/b");
        Map<String, Integer> agents = new HashMap<>();
        for (int i = 0; i < 24; i++) {
            cluster.addAgent("s" + i, "cpus:1;mem:100");
            agents.merge(next(), 1, Integer::sum);
        }
        assertThat(agents).isEqualTo(Map.of("f1", 6, "f2", 6, "f3", 12));
    }

    @Test
    void servesThoseWithTheSameShareInTurns() {
        cluster.addFramework("f1", "*");
        cluster.addFramework("f2", "*");
        cluster.addAgent("s1", "cpus:2;mem:1024");
        Map<String, Integer> turns = new HashMap<>();
        for (int i = 0; i < 10; i++) {
            Allocation offer = cluster.offer();
            turns.merge(offer.framework().value(), 1, Integer::sum);
            cluster.finish(offer.framework(), offer.agent(), offer.resources());
        }
        assertThat(turns).isEqualTo(Map.of("f1", 5, "f2", 5));
    }

    @Test
    void dividesByWeight() {
        cluster.allocator().updateWeights(Weights.none().with(Map.of(new Role("role2"), 2.0)));
        cluster.addFramework("f1", "role1");
        cluster.addFramework("f2", "role2");
        Map<String, Integer> agents = new HashMap<>();
        for (int i = 0; i < 12; i++) {
            cluster.addAgent("s" + i, "cpus:2;mem:1024");
            agents.merge(next(), 1, Integer::sum);
        }
        assertThat(agents).isEqualTo(Map.of("f1", 4, "f2", 8));

        cluster.allocator().updateWeights(Weights.none());
        for (int i = 12; i < 16; i++) {
            cluster.addAgent("s" + i, "cpus:2;mem:1024");
            assertThat(next()).isEqualTo("f1");
        }
    }

    @Test
    void doesNotCountExcludedResources() {
        AllocatorFixture fixture = new AllocatorFixture(
                new DrfAllocatorFactory(),
                Map.of("fair.sharing.excluded.resource.names", "disk, gpus", "filter.gpu.resources", "false"),
                1);
        fixture.givesGpusToAll();
        FrameworkId f1 = fixture.addFramework("f1", "role1");
        AgentId s1 = fixture.addAgent("s1", "disk:1000;cpus:0.1;mem:10;gpus:8");
        assertThat(fixture.offer().framework()).isEqualTo(f1);
        fixture.addFramework("f2", "role2");
        fixture.addAgent("s2", "cpus:10;mem:1000");
        assertThat(fixture.offer().framework().value()).isEqualTo("f2");
        fixture.addAgent("s3", "cpus:1;mem:100");
        assertThat(fixture.offer().framework()).isEqualTo(f1);
        assertThat(fixture.held(s1)).containsOnlyKeys(f1);
    }

    /** The example of the paper: 9 CPUs and 18 GB, tasks of 1 CPU and 4 GB against tasks of 3 CPUs and 1 GB. */
    @Test
    void equalizesDominantSharesAsInThePaper() {
        FrameworkId a = cluster.addFramework("a", "a");
        FrameworkId b = cluster.addFramework("b", "b");
        Map<FrameworkId, String> task = Map.of(a, "cpus:1;mem:4", b, "cpus:3;mem:1");
        cluster.addAgent("s1", "cpus:9;mem:18");
        Map<FrameworkId, Integer> tasks = new HashMap<>();

        List<Allocation> offers = cluster.offers();
        for (int round = 0; round < 20; round++) {
            for (Allocation offer : offers) {
                String wanted = task.getOrDefault(offer.framework(), "");
                if (offer.resources().unallocate().contains(Resources.parse(wanted))) {
                    cluster.accept(offer, wanted, Duration.ZERO);
                    tasks.merge(offer.framework(), 1, Integer::sum);
                } else {
                    cluster.decline(offer, LONG);
                }
            }
            // what was declined for no time comes back within the allocation interval
            cluster.advance(Duration.ofSeconds(1));
            offers = cluster.offers();
        }
        assertThat(tasks).isEqualTo(Map.of(a, 3, b, 2));
    }

    @Test
    void keepsTheOrderOfTheOneItReplaces() {
        cluster.addFramework("f1", "role1");
        cluster.addFramework("f2", "role2");
        for (int i = 0; i < 5; i++) {
            cluster.addAgent("s" + i, "cpus:" + (i + 1) + ";mem:1024");
            cluster.offers();
        }
        AllocatorFixture successor = new AllocatorFixture(new DrfAllocatorFactory(), Map.of(), 1);
        cluster.replayInto(successor);
        assertThat(successor.offers()).isEmpty();

        List<String> before = new ArrayList<>();
        List<String> after = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            cluster.addAgent("t" + i, "cpus:2;mem:1024");
            successor.addAgent("t" + i, "cpus:2;mem:1024");
            before.add(next());
            after.add(successor.offer().framework().value());
        }
        assertThat(after).isEqualTo(before);
    }

    @Test
    void givesTheSameShareToWhoeverAsksAgainAndAgain() {
        List<String> names = List.of("f1", "f2", "f3");
        names.forEach(name -> cluster.addFramework(name, "role-" + name));
        for (int i = 0; i < 9; i++) {
            cluster.addAgent("s" + i, "cpus:1;mem:100");
        }
        Map<String, Integer> turns = new HashMap<>();
        for (int round = 0; round < 10; round++) {
            List<Allocation> offers = cluster.offers();
            offers.forEach(offer -> turns.merge(offer.framework().value(), 1, Integer::sum));
            offers.forEach(offer -> cluster.finish(offer.framework(), offer.agent(), offer.resources()));
        }
        assertThat(turns).isEqualTo(Map.of("f1", 30, "f2", 30, "f3", 30));
    }

    @Test
    void rebalancesWhatComesBackWhenWeightsChange() {
        FrameworkId first = cluster.addFramework("f1", "role1");
        for (int i = 0; i < 6; i++) {
            cluster.addAgent("s" + i, "cpus:2;mem:1024");
        }
        List<Allocation> offers = cluster.offers();
        assertThat(offers).hasSize(6);
        cluster.addFramework("f2", "role2");
        cluster.updateWeights(Weights.none().with(Map.of(new Role("role2"), 2.0)));

        offers.forEach(offer -> cluster.finish(first, offer.agent(), offer.resources()));
        Map<String, Integer> agents = new HashMap<>();
        cluster.offers().forEach(offer -> agents.merge(offer.framework().value(), 1, Integer::sum));
        assertThat(agents).isEqualTo(Map.of("f1", 2, "f2", 4));
    }

    /** What is guaranteed goes first, and what is left by dominant share. */
    @Test
    void servesGuaranteesBeforeShares() {
        cluster.setQuota("role1", "cpus:3", "");
        cluster.addFramework("f1", "role1");
        cluster.addFramework("f2", "role2");
        for (int i = 0; i < 8; i++) {
            cluster.addAgent("s" + i, "cpus:1;mem:100");
        }
        Map<String, Integer> agents = new HashMap<>();
        cluster.offers().forEach(offer -> agents.merge(offer.framework().value(), 1, Integer::sum));
        assertThat(agents).isEqualTo(Map.of("f1", 4, "f2", 4));
    }
}
