// SPDX-License-Identifier: Apache-2.0
package org.tepui.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.tepui.allocator.AgentProfile;
import org.tepui.allocator.Allocation;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;
import org.tepui.api.Weights;
import org.tepui.api.resources.Resources;

/** The books of an allocator agree with those of the master, also where the world is odd. */
abstract class BookBehaviours extends PolicyPart {
    @Test
    void keepsWhatUnknownFrameworksUseUntilTheyComeBack() {
        FrameworkId framework = new FrameworkId("f1");
        Resources used = Resources.parse("cpus:1.5;mem:1000").allocate(new Role("a"));
        AgentId agent = cluster.addAgent(AllocatorFixture.agentProfile("s1", AGENT), Map.of(framework, used));
        cluster.addFramework("f2", "a");
        assertThat(cluster.offer().resources().unallocate()).isEqualTo(Resources.parse("cpus:0.5;mem:24;ports:[1-10]"));

        cluster.addFramework("f1", "a");
        cluster.finish(framework, agent, used);
        assertThat(cluster.offers()).hasSize(1);
    }

    @Test
    void offersNothingBeyondAnAgentThatShrank() {
        AgentId agent = cluster.addAgent("s1", "cpus:4;mem:4000");
        FrameworkId framework = cluster.addFramework("f1", "*");
        Resources first = cluster.accept(cluster.offer(), "cpus:2;mem:2000", Duration.ZERO);
        cluster.advance(Duration.ofMillis(1100));
        Resources second = cluster.accept(cluster.offer(), "cpus:2;mem:2000", Duration.ZERO);
        cluster.updateAgent(AllocatorFixture.agentProfile("s1", "cpus:3;mem:3000"));
        assertThat(cluster.offers()).isEmpty();

        cluster.finish(framework, agent, first);
        assertThat(cluster.offer().resources().unallocate()).isEqualTo(Resources.parse("cpus:1;mem:1000"));
        cluster.finish(framework, agent, second);
        assertThat(cluster.offer().resources().unallocate()).isEqualTo(Resources.parse("cpus:2;mem:2000"));
    }

    @Test
    void takesAnAgentOnWhichMoreIsUsedThanItHas() {
        FrameworkId framework = cluster.addFramework("f1", "*");
        Resources most = Resources.parse("cpus:3;mem:1000").allocate(Role.ANY);
        Resources more = Resources.parse("cpus:2;mem:1000").allocate(Role.ANY);
        AgentProfile profile = AllocatorFixture.agentProfile("s1", "cpus:4;mem:3000");
        AgentId agent = cluster.addAgent(profile, Map.of(framework, most.add(more)));
        Resources rest = cluster.offer().resources();
        assertThat(rest.unallocate()).isEqualTo(Resources.parse("mem:1000"));

        cluster.finish(framework, agent, more);
        assertThat(cluster.offer().resources().unallocate()).isEqualTo(Resources.parse("cpus:1;mem:1000"));
    }

    @Test
    void refusesToTakeBackWhatNobodyHolds() {
        AgentId agent = cluster.addAgent("s1", AGENT);
        FrameworkId framework = cluster.addFramework("f1", "*");
        Allocation offer = cluster.offer();
        Resources more = Resources.parse("cpus:2.001").allocate(Role.ANY);
        Resources other = Resources.parse("cpus:1").allocate(new Role("a"));
        Resources mixed = other.add(Resources.parse("cpus:1").allocate(Role.ANY));

        for (Resources wrong : List.of(more, other, mixed)) {
            assertThatThrownBy(() -> cluster.allocator().recoverResources(framework, agent, wrong, null))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("f1")
                    .hasMessageContaining("s1");
        }
        cluster.finish(framework, agent, offer.resources());
        assertThat(cluster.offer().resources()).isEqualTo(offer.resources());
    }

    @Test
    void toleratesNamesThatItDoesNotKnowAndCallsThatChangeNothing() {
        FrameworkId nobody = new FrameworkId("nobody");
        AgentId nowhere = new AgentId("nowhere");
        cluster.setActive(nobody, true);
        cluster.setActive(nobody, false);
        cluster.suppress(nobody);
        cluster.revive(nobody);
        cluster.removeFramework(nobody);
        cluster.setActive(nowhere, true);
        cluster.setActive(nowhere, false);
        cluster.removeAgent(nowhere);
        cluster.updateAgent(AllocatorFixture.agentProfile("nowhere", AGENT));
        cluster.updateFramework(AllocatorFixture.frameworkProfile("nobody", List.of("*")), Set.of());
        cluster.allocator().requestResources(nobody, List.of());
        assertThat(cluster.allocator().updateAvailable(nowhere, Resources.empty(), Resources.empty()))
                .isFalse();
        assertThat(cluster.offers()).isEmpty();

        AgentId agent = cluster.addAgent("s1", AGENT);
        FrameworkId framework = cluster.addFramework("f1", "*");
        cluster.setActive(agent, true);
        cluster.setActive(framework, true);
        cluster.revive(framework, "b");
        cluster.updateWeights(Weights.none());
        assertThat(cluster.offers()).hasSize(1);
    }

    @Test
    void ignoresWhatComesBackFromAnAgentThatIsNotThere() {
        FrameworkId framework = cluster.addFramework("f1", "*");
        Resources some = Resources.parse("cpus:1").allocate(Role.ANY);
        cluster.allocator().recoverResources(framework, new AgentId("nowhere"), some, LONG);
        cluster.addAgent("s1", AGENT);

        assertThat(cluster.offer().resources().unallocate()).isEqualTo(Resources.parse(AGENT));
    }

    @Test
    void takesBackResourcesOfSeveralRolesAtOnce() {
        FrameworkId framework = cluster.addFramework("f1", "a", "b");
        AgentId agent = cluster.addAgent("s1", "cpus(a):1;mem(a):100;cpus(b):1;mem(b):100");
        List<Allocation> offers = cluster.offers();
        assertThat(offers).hasSize(2);
        Resources all = offers.get(0).resources().add(offers.get(1).resources());
        cluster.finish(framework, agent, all);

        assertThat(cluster.offers()).containsExactlyInAnyOrderElementsOf(offers);
    }

    @Test
    void countsThousandthsExactly() {
        FrameworkId framework = cluster.addFramework("f1", "*");
        AgentId agent = cluster.addAgent("s1", "cpus:1;mem:1000");
        Allocation offer = cluster.offer();
        Resources crumb = Resources.parse("cpus:0.001").allocate(Role.ANY);
        cluster.giveBack(framework, agent, offer.resources().subtract(crumb), LONG);
        for (int i = 0; i < 3; i++) {
            cluster.finish(framework, agent, crumb);
            Allocation again = cluster.offer();
            assertThat(again.resources()).isEqualTo(offer.resources());
            cluster.giveBack(framework, agent, offer.resources().subtract(crumb), LONG);
            cluster.advance(ROUND);
        }
    }

    /** What a framework holds in a role that it left is its own, and comes back in that role. */
    @Test
    void takesBackInARoleThatWasLeft() {
        FrameworkId framework = cluster.addFramework("f1", "a");
        AgentId agent = cluster.addAgent("s1", AGENT);
        Allocation offer = cluster.offer();
        update(AllocatorFixture.frameworkProfile("f1", List.of("b")));
        cluster.giveBack(framework, agent, offer.resources(), LONG);

        // a decline in a role that it does not have holds nothing back from the other
        cluster.advance(ROUND);
        assertThat(cluster.made()).extracting(Allocation::role).containsExactly(new Role("b"));
    }
}
