// SPDX-License-Identifier: Apache-2.0
package org.tepui.testkit;

import static org.assertj.core.api.Assertions.assertThat;

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

/** Whose turn it is under weighted dominant resource fairness, in scenarios known from Mesos and its sorters. */
abstract class OrderBehaviours extends PolicyPart {
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
        cluster.updateWeights(Weights.none().with(Map.of(new Role("role2"), 2.0)));
        cluster.addFramework("f1", "role1");
        cluster.addFramework("f2", "role2");
        Map<String, Integer> agents = new HashMap<>();
        for (int i = 0; i < 12; i++) {
            cluster.addAgent("s" + i, "cpus:2;mem:1024");
            agents.merge(next(), 1, Integer::sum);
        }
        assertThat(agents).isEqualTo(Map.of("f1", 4, "f2", 8));

        cluster.updateWeights(Weights.none());
        for (int i = 12; i < 16; i++) {
            cluster.addAgent("s" + i, "cpus:2;mem:1024");
            assertThat(next()).isEqualTo("f1");
        }
    }

    @Test
    void keepsTheOrderOfTheOneItReplaces() {
        cluster.addFramework("f1", "role1");
        cluster.addFramework("f2", "role2");
        for (int i = 0; i < 5; i++) {
            cluster.addAgent("s" + i, "cpus:" + (i + 1) + ";mem:1024");
            cluster.offers();
        }
        AllocatorFixture successor = policy().newCluster(1);
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

    /** Adds agents of the same size and says how many each framework is offered. */
    private Map<String, Integer> share(int agents) {
        Map<String, Integer> turns = new HashMap<>();
        for (int i = 0; i < agents; i++) {
            cluster.addAgent("agent" + i, "cpus:1;mem:100");
            turns.merge(next(), 1, Integer::sum);
        }
        return turns;
    }

    @Test
    void breaksTiesByWhoWasServedLess() {
        cluster.addFramework("f1", "a");
        cluster.addFramework("f2", "b");
        cluster.addFramework("f3", "c");
        cluster.addAgent("s1", "cpus:2;mem:1024");
        List<String> turns = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Allocation offer = cluster.offer();
            turns.add(offer.framework().value());
            cluster.finish(offer.framework(), offer.agent(), offer.resources());
        }
        assertThat(turns.subList(0, 3)).containsExactlyInAnyOrder("f1", "f2", "f3");
        assertThat(turns.subList(3, 6)).containsExactlyInAnyOrder("f1", "f2", "f3");
    }

    @Test
    void dividesADeepTreeLevelByLevel() {
        cluster.addFramework("f1", "a/b/c/d/e");
        cluster.addFramework("f2", "a/b/c/d/x");
        cluster.addFramework("f3", "a/b/y");
        cluster.addFramework("f4", "z");
        assertThat(share(32)).isEqualTo(Map.of("f1", 4, "f2", 4, "f3", 8, "f4", 16));
    }

    @Test
    void dividesAFlatTreeOfManyRoles() {
        for (int i = 0; i < 20; i++) {
            cluster.addFramework("f" + i, "role" + i);
        }
        assertThat(share(60))
                .hasSize(20)
                .allSatisfy((framework, agents) -> assertThat(agents).isEqualTo(3));
    }

    @Test
    void weighsRolesAmongTheirSiblings() {
        cluster.updateWeights(Weights.none().with(Map.of(new Role("a/b"), 3.0, new Role("d"), 2.0)));
        cluster.addFramework("f1", "a/b");
        cluster.addFramework("f2", "a/c");
        cluster.addFramework("f3", "d");
        assertThat(share(36)).isEqualTo(Map.of("f1", 9, "f2", 3, "f3", 24));
    }

    @Test
    void followsAWeightThatChanges() {
        cluster.addFramework("f1", "a");
        cluster.addFramework("f2", "b");
        assertThat(share(8)).isEqualTo(Map.of("f1", 4, "f2", 4));

        cluster.updateWeights(Weights.none().with(Map.of(new Role("a"), 3.0)));
        for (int i = 0; i < 8; i++) {
            cluster.addAgent("more" + i, "cpus:1;mem:100");
            assertThat(next()).isEqualTo("f1");
        }
    }

    @Test
    void dividesBetweenFrameworksOfOneRole() {
        cluster.addFramework("f1", "a");
        cluster.addFramework("f2", "a");
        cluster.addFramework("f3", "a");
        assertThat(share(12)).isEqualTo(Map.of("f1", 4, "f2", 4, "f3", 4));
    }

    @Test
    void countsWhatIsReservedForARole() {
        cluster.addFramework("f1", "a");
        cluster.addFramework("f2", "b");
        cluster.addAgent("s0", "cpus(a):4;mem(a):400");
        assertThat(next()).isEqualTo("f1");
        for (int i = 1; i <= 3; i++) {
            cluster.addAgent("s" + i, "cpus:1;mem:100");
            assertThat(next()).isEqualTo("f2");
        }
    }

    @Test
    void countsWhatTheSuppressedHold() {
        FrameworkId first = cluster.addFramework("f1", "a");
        cluster.addAgent("s1", "cpus:4;mem:400");
        assertThat(next()).isEqualTo("f1");
        cluster.suppress(first);
        cluster.addFramework("f2", "a");
        cluster.addFramework("f3", "b");
        for (int i = 2; i < 6; i++) {
            cluster.addAgent("s" + i, "cpus:1;mem:100");
            assertThat(next()).isEqualTo("f3");
        }
    }

    @Test
    void forgetsWhatCameBack() {
        FrameworkId first = cluster.addFramework("f1", "a");
        AgentId agent = cluster.addAgent("s1", "cpus:4;mem:400");
        Allocation offer = cluster.offer();
        cluster.addFramework("f2", "b");
        cluster.addAgent("s2", "cpus:2;mem:200");
        assertThat(next()).isEqualTo("f2");

        cluster.setActive(agent, false);
        cluster.finish(first, agent, offer.resources());
        cluster.addAgent("s3", "cpus:1;mem:100");
        assertThat(next()).isEqualTo("f1");
    }
}
