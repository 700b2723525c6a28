// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.drf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tepui.allocator.Allocation;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;
import org.tepui.api.Weights;
import org.tepui.testkit.AllocatorFixture;

/** The order of service, in scenarios known from the Mesos allocator and its sorters. */
class DrfAllocatorTest {
    private final AllocatorFixture cluster = new AllocatorFixture(new DrfAllocatorFactory(), Map.of(), 1);

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
