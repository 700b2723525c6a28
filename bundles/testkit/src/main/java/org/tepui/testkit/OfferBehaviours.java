// SPDX-License-Identifier: Apache-2.0
package org.tepui.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.tepui.allocator.Allocation;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;
import org.tepui.api.resources.Resources;

/** What is free is offered to those who are there, and comes back from those who go. */
abstract class OfferBehaviours extends PolicyPart {
    @Test
    void offersWhatIsFreeToWhoeverComesFirst() {
        cluster.addAgent("s1", AGENT);
        assertThat(cluster.offers()).isEmpty();
        FrameworkId framework = cluster.addFramework("f1", "*");
        Allocation offer = cluster.offer();

        assertThat(offer.framework()).isEqualTo(framework);
        assertThat(offer.resources()).isEqualTo(Resources.parse(AGENT).allocate(Role.ANY));

        cluster.addAgent("s2", AGENT);
        assertThat(cluster.offer().agent().value()).isEqualTo("s2");
    }

    @Test
    void offersAgainWhatATaskGaveBack() {
        AgentId agent = cluster.addAgent("s1", AGENT);
        FrameworkId framework = cluster.addFramework("f1", "*");
        Resources task = cluster.accept(cluster.offer(), "cpus:1;mem:500", LONG);
        assertThat(cluster.offers()).isEmpty();

        cluster.finish(framework, agent, task);

        assertThat(cluster.offer().resources().unallocate()).isEqualTo(Resources.parse(AGENT));
    }

    @Test
    void offersNothingToTheDisconnected() {
        cluster.addAgent("s1", AGENT);
        FrameworkId framework =
                cluster.addFramework(AllocatorFixture.frameworkProfile("f1", List.of("*")), false, Set.of());
        assertThat(cluster.offers()).isEmpty();

        cluster.setActive(framework, true);
        cluster.decline(cluster.offer(), LONG);
        cluster.setActive(framework, false);
        cluster.advance(Duration.ofSeconds(2));
        assertThat(cluster.offers()).isEmpty();

        // a scheduler that comes back has not seen what its predecessor declined
        cluster.setActive(framework, true);
        assertThat(cluster.offers()).hasSize(1);
    }

    @Test
    void offersNothingOfAnAgentThatIsTakenOut() {
        AgentId agent = cluster.addAgent("s1", AGENT);
        cluster.setActive(agent, false);
        cluster.addFramework("f1", "*");
        assertThat(cluster.offers()).isEmpty();

        cluster.setActive(agent, true);
        assertThat(cluster.offers()).hasSize(1);
    }

    @Test
    void offersNothingInARoleThatWasLeft() {
        AgentId agent = cluster.addAgent("s1", AGENT);
        FrameworkId framework = cluster.addFramework("f1", "a");
        Resources task = cluster.accept(cluster.offer(), "cpus:1", LONG);

        cluster.updateFramework(AllocatorFixture.frameworkProfile("f1", List.of("b")), Set.of());
        assertThat(cluster.offer().role()).isEqualTo(new Role("b"));
        cluster.finish(framework, agent, task);
        assertThat(cluster.offer().role()).isEqualTo(new Role("b"));
    }

    @Test
    void giveBackAfterTheEndCountsAndFreesForOthers() {
        AgentId agent = cluster.addAgent("s1", AGENT);
        FrameworkId framework = cluster.addFramework("f1", "*");
        Allocation offer = cluster.offer();
        cluster.removeFramework(framework);
        cluster.addFramework("f2", "*");
        assertThat(cluster.offers()).isEmpty();

        cluster.finish(framework, agent, offer.resources());
        assertThat(cluster.offer().framework().value()).isEqualTo("f2");
    }

    @Test
    void forgetsWhatWasOnALostAgent() {
        AgentId agent = cluster.addAgent("s1", AGENT);
        FrameworkId framework = cluster.addFramework("f1", "*");
        Allocation offer = cluster.offer();
        cluster.removeAgent(agent);
        cluster.allocator().recoverResources(framework, agent, offer.resources(), null);
        cluster.advance(Duration.ofSeconds(2));
        assertThat(cluster.offers()).isEmpty();

        cluster.addAgent("s1", AGENT);
        assertThat(cluster.offers()).hasSize(1);
    }

    @Test
    void offersToOthersWhatAFrameworkDidNotUse() {
        cluster.addAgent("s1", AGENT);
        cluster.addFramework("f1", "*");
        Allocation offer = cluster.offer();
        cluster.addFramework("f2", "*");
        cluster.accept(offer, "cpus:1;mem:512", LONG);

        Allocation rest = cluster.offer();
        assertThat(rest.framework().value()).isEqualTo("f2");
        assertThat(rest.resources().unallocate()).isEqualTo(Resources.parse("cpus:1;mem:512;ports:[1-10]"));
    }

    @Test
    void offersAnAgentThatComesBackWhole() {
        AgentId agent = cluster.addAgent("s1", AGENT);
        FrameworkId framework = cluster.addFramework("f1", "*");
        cluster.accept(cluster.offer(), "cpus:1", LONG);
        cluster.removeAgent(agent);
        cluster.addAgent("s1", "cpus:3;mem:2048");

        Allocation offer = cluster.offer();
        assertThat(offer.framework()).isEqualTo(framework);
        assertThat(offer.resources().unallocate()).isEqualTo(Resources.parse("cpus:3;mem:2048"));
    }

    @Test
    void offersWhatAnAgentGains() {
        AgentId agent = cluster.addAgent("s1", AGENT);
        cluster.addFramework("f1", "*");
        cluster.accept(cluster.offer(), "cpus:2;mem:1000", LONG);
        cluster.updateAgent(AllocatorFixture.agentProfile(agent.value(), "cpus:4;mem:1536"));

        assertThat(cluster.offer().resources().unallocate()).isEqualTo(Resources.parse("cpus:2;mem:536"));
    }

    @Test
    void offersInARoleThatWasAdded() {
        FrameworkId framework = cluster.addFramework("f1", "a");
        cluster.addAgent("s1", "cpus(b):2;mem(b):512");
        assertThat(cluster.offers()).isEmpty();

        update(AllocatorFixture.frameworkProfile(framework.value(), List.of("a", "b")));
        assertThat(cluster.offer().role()).isEqualTo(new Role("b"));
    }

    @Test
    void keepsWhatIsAllocatedWhenDescriptionsAreGivenAgain() {
        AgentId agent = cluster.addAgent("s1", AGENT);
        FrameworkId framework = cluster.addFramework("f1", "a");
        Resources task = cluster.accept(cluster.offer(), "cpus:1;mem:512", LONG);
        cluster.addFramework("f1", "a", "b");
        cluster.updateAgent(AllocatorFixture.agentProfile("s1", AGENT));
        cluster.setActive(agent, true);
        cluster.advance(ROUND);
        cluster.made();

        Resources offered = cluster.heldBy(framework).subtract(task.unallocate());
        assertThat(offered.add(task.unallocate())).isEqualTo(Resources.parse(AGENT));
        cluster.finish(framework, agent, task);
        assertThat(cluster.offers()).hasSize(1);
    }

    @Test
    void replacesAnAgentThatIsAddedAgain() {
        cluster.addAgent("s1", AGENT);
        FrameworkId framework = cluster.addFramework("f1", "a");
        cluster.offer();
        Resources used = Resources.parse("cpus:1").allocate(new Role("a"));
        cluster.addAgent(AllocatorFixture.agentProfile("s1", "cpus:4;mem:512"), Map.of(framework, used));

        assertThat(cluster.offer().resources().unallocate()).isEqualTo(Resources.parse("cpus:3;mem:512"));
    }

    /** Whoever wants what is there gets an offer of it within a bounded number of rounds. */
    @Test
    void reachesEverybodyWhoWaits() {
        int frameworks = 12;
        for (int i = 0; i < frameworks; i++) {
            cluster.addFramework("f" + i, i % 3 == 0 ? "a" : i % 3 == 1 ? "a/b" : "c");
        }
        cluster.addAgent("s1", AGENT);
        Set<FrameworkId> reached = new TreeSet<>();
        for (int round = 0; round < 2 * frameworks; round++) {
            cluster.advance(ROUND);
            for (Allocation offer : cluster.made()) {
                reached.add(offer.framework());
                cluster.decline(offer, LONG);
            }
        }
        assertThat(reached).hasSize(frameworks);
    }

    @Test
    void offersEverythingThatManyAgentsHave() {
        FrameworkId first = cluster.addFramework("f1", "a");
        FrameworkId second = cluster.addFramework("f2", "b");
        Resources all = Resources.empty();
        for (int i = 0; i < 50; i++) {
            cluster.addAgent("s" + i, "cpus:4;mem:100");
            all = all.add(Resources.parse("cpus:4;mem:100"));
        }
        cluster.advance(ROUND);

        assertThat(cluster.heldBy(first).add(cluster.heldBy(second))).isEqualTo(all);
    }
}
