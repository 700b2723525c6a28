// SPDX-License-Identifier: Apache-2.0
package org.tepui.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.tepui.allocator.AgentProfile;
import org.tepui.allocator.Allocation;
import org.tepui.allocator.AllocationDecision;
import org.tepui.allocator.FrameworkProfile;
import org.tepui.allocator.RefusalReason;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkCapability;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;
import org.tepui.api.Weights;
import org.tepui.api.resources.Quantities;
import org.tepui.api.resources.Resources;

/**
 * What every allocator keeps to, whatever its order of service. The one test class that a policy needs extends it and
 * names its factory: {@link AllocatorKindsContract} and {@link AllocatorQuotaContract} come with it.
 *
 * <p>Whether offers are within the books is checked by {@link AllocatorFixture} everywhere.
 */
public abstract class AllocatorContract extends AllocatorQuotaContract {
    private static final String AGENT = "cpus:2;mem:1024;ports:[1-10]";
    private static final Duration LONG = Duration.ofHours(1);

    /** How many random events one run of conservation is. */
    protected int events() {
        return 100_000;
    }

    /** Makes an allocator that knows nothing. */
    protected final AllocatorFixture newCluster(long seed) {
        return new AllocatorFixture(factory(), configuration(), seed);
    }

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
    void holdsBackWhatWasDeclinedUntilItsTime() {
        cluster.addAgent("s1", AGENT);
        cluster.addFramework("f1", "*");
        cluster.decline(cluster.offer(), Duration.ofSeconds(10));

        cluster.advance(Duration.ofMillis(9_900));
        assertThat(cluster.offers()).isEmpty();
        cluster.advance(Duration.ofMillis(300));
        assertThat(cluster.offers()).hasSize(1);
    }

    @Test
    void offersWhatOneDeclinedToTheOther() {
        cluster.addAgent("s1", AGENT);
        cluster.addFramework("f1", "*");
        cluster.addFramework("f2", "*");
        Allocation first = cluster.offer();
        cluster.decline(first, LONG);

        assertThat(cluster.offer().framework()).isNotEqualTo(first.framework());
    }

    @Test
    void holdsBackPartsOfWhatWasDeclinedAndLetsMorePass() {
        AgentId agent = cluster.addAgent("s1", AGENT);
        FrameworkId framework = cluster.addFramework("f1", "*");
        Resources first = cluster.accept(cluster.offer(), "cpus:0.5;mem:100", Duration.ZERO);
        cluster.advance(Duration.ofMillis(1100));
        Resources second = cluster.accept(cluster.offer(), "cpus:0.5;mem:100", LONG);
        assertThat(cluster.offers()).isEmpty();

        // more than was declined
        cluster.finish(framework, agent, first);
        Allocation more = cluster.offer();
        assertThat(more.resources().unallocate()).isEqualTo(Resources.parse("cpus:1.5;mem:924;ports:[1-10]"));

        // and less, while what was declined now is more
        Resources third = cluster.accept(more, "cpus:1", LONG);
        cluster.advance(Duration.ofSeconds(2));
        assertThat(cluster.offers()).isEmpty();
        cluster.finish(framework, agent, second.add(third));
        assertThat(cluster.offers()).hasSize(1);
    }

    @Test
    void doesNotOfferAsFastAsSomebodyDeclines() {
        cluster.addAgent("s1", AGENT);
        cluster.addFramework("f1", "*");
        int offers = 0;
        for (int i = 0; i < 500; i++) {
            for (Allocation offer : cluster.offers()) {
                cluster.decline(offer, Duration.ZERO);
                offers++;
            }
        }
        assertThat(offers).as("offers of one agent in 10 s").isBetween(9, 100);
    }

    @Test
    void countsDeclinesByRole() {
        cluster.addAgent("s1", AGENT);
        cluster.addFramework("f1", "a", "b");
        Allocation offer = cluster.offer();
        cluster.decline(offer, LONG);

        Allocation other = cluster.offer();
        assertThat(other.role()).isNotEqualTo(offer.role());
        cluster.decline(other, LONG);
        cluster.advance(Duration.ofSeconds(2));
        assertThat(cluster.offers()).isEmpty();
    }

    @Test
    void forgetsDeclinesOfAnAgentThatChanged() {
        AgentId agent = cluster.addAgent("s1", AGENT);
        cluster.addFramework("f1", "*");
        cluster.decline(cluster.offer(), LONG);
        cluster.advance(Duration.ofSeconds(2));
        assertThat(cluster.offers()).isEmpty();

        cluster.updateAgent(AllocatorFixture.agentProfile(agent.value(), "cpus:1;mem:512"));
        assertThat(cluster.offer().resources().unallocate()).isEqualTo(Resources.parse("cpus:1;mem:512"));
    }

    @Test
    void isSilentForSuppressedRolesUntilRevived() {
        cluster.addAgent("s1", AGENT);
        FrameworkId framework = cluster.addFramework("f1", "a", "b");
        cluster.suppress(framework);
        cluster.advance(Duration.ofSeconds(2));
        assertThat(cluster.offers()).isEmpty();

        cluster.revive(framework, "b");
        assertThat(cluster.offer().role()).isEqualTo(new Role("b"));
    }

    @Test
    void startsSilentForRolesThatAreSuppressedAtOnce() {
        cluster.addAgent("s1", AGENT);
        FrameworkProfile profile = AllocatorFixture.frameworkProfile("f1", List.of("a", "b"));
        cluster.addFramework(profile, true, Set.of(new Role("a"), new Role("b")));
        assertThat(cluster.offers()).isEmpty();

        cluster.updateFramework(profile, Set.of(new Role("a")));
        assertThat(cluster.offer().role()).isEqualTo(new Role("b"));
    }

    @Test
    void forgetsDeclinesWhenRevived() {
        cluster.addAgent("s1", AGENT);
        FrameworkId framework = cluster.addFramework("f1", "*");
        cluster.decline(cluster.offer(), LONG);
        cluster.advance(Duration.ofSeconds(2));
        assertThat(cluster.offers()).isEmpty();

        cluster.revive(framework);
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
    void explainsEveryAgentOnce() {
        FrameworkId framework = cluster.addFramework("f1", "a");
        Role role = new Role("a");
        cluster.addAgent("s1", AGENT);
        cluster.decline(cluster.offer(), LONG);
        cluster.addAgent("s2", AGENT);
        cluster.offer();
        cluster.addAgent("s3", "cpus:0.001;mem:1");
        cluster.addAgent("s4", "cpus:4;mem:100;gpus:1");
        cluster.addAgent("s5", "cpus(b):4;mem(b):100");
        cluster.setActive(cluster.addAgent("s6", AGENT), false);

        AllocationDecision decision = cluster.allocator().explain(framework, role);

        assertThat(decision.agents()).isEqualTo(6);
        assertThat(decision.refusals())
                .isEqualTo(new TreeMap<>(Map.of(
                        RefusalReason.DECLINED, 1,
                        RefusalReason.NOTHING_FREE, 1,
                        RefusalReason.BELOW_MINIMUM, 1,
                        RefusalReason.GPU, 1,
                        RefusalReason.NOT_FOR_ROLE, 1,
                        RefusalReason.AGENT_INACTIVE, 1)));
        assertThat(decision.sentence()).contains("1 agent: the agent is not active");
        assertThat(cluster.allocator().explain(framework, new Role("b")).refusals())
                .isEqualTo(Map.of(RefusalReason.NOT_SUBSCRIBED, 6));
        cluster.suppress(framework);
        assertThat(cluster.allocator().explain(framework, role).refusals())
                .isEqualTo(Map.of(RefusalReason.SUPPRESSED, 6));
    }

    @Test
    void takesOverFromAnotherOfItsKind() {
        AllocatorWorkload workload = new AllocatorWorkload(cluster, 7, keepsQuotas());
        for (int i = 0; i < 2_000; i++) {
            workload.step(i);
        }
        AllocatorFixture successor = newCluster(2);
        cluster.replayInto(successor);
        successor.offers();
        for (AgentId agent : cluster.agents()) {
            cluster.held(agent).forEach((framework, resources) -> {
                assertThat(successor
                                .held(agent)
                                .getOrDefault(framework, Resources.empty())
                                .contains(resources))
                        .isTrue();
                successor.giveBack(framework, agent, resources, LONG);
            });
        }
    }

    @Test
    void conservesEveryUnitWhateverHappens() {
        for (int seed = 0; seed < 4; seed++) {
            int run = seed;
            RandomRun.check("random run with seed " + run, events() / 4, steps -> {
                AllocatorFixture fixture = newCluster(run);
                AllocatorWorkload workload = new AllocatorWorkload(fixture, run, keepsQuotas());
                steps.forEach(workload::step);
                checkThatAllIsStillThere(fixture, workload, run);
            });
        }
    }

    private static void checkThatAllIsStillThere(AllocatorFixture fixture, AllocatorWorkload workload, int run) {
        workload.bringBackAll();
        assertThat(fixture.offers()).as("run %d, all suppressed", run).isEmpty();
        fixture.addFramework(
                AllocatorFixture.frameworkProfile(
                        "last",
                        List.of("*", "a/b/c", "a/d", "e/f"),
                        FrameworkCapability.GPU_RESOURCES,
                        FrameworkCapability.REGION_AWARE),
                true,
                Set.of());
        Set<AgentId> offered = new HashSet<>();
        fixture.offers().forEach(offer -> offered.add(offer.agent()));
        for (AgentId agent : fixture.agents()) {
            if (offered.contains(agent)) {
                Resources free = fixture.free(agent);
                assertThat(free.unreserved().isEmpty())
                        .as("run %d, %s of %s", run, free, agent)
                        .isTrue();
            }
        }
        assertThat(offered).as("run %d", run).containsAll(fixture.agents());
    }

    /** A minimum of its own lets a framework see what is too little for others. */
    @Test
    void keepsToTheMinimumThatAFrameworkAskedFor() {
        cluster.addAgent("s1", "cpus:0.005;mem:16;disk:100");
        cluster.addFramework("f1", "a");
        assertThat(cluster.offers()).isEmpty();
        FrameworkProfile plain = AllocatorFixture.frameworkProfile("f2", List.of("a"));
        Role role = new Role("a");
        FrameworkProfile modest = new FrameworkProfile(
                plain.id(),
                "f2",
                plain.roles(),
                plain.capabilities(),
                Map.of(role, List.of(Quantities.parse("disk:50"))));
        cluster.addFramework(modest, true, Set.of());
        assertThat(cluster.offer().framework()).isEqualTo(modest.id());

        FrameworkProfile greedy = new FrameworkProfile(
                new FrameworkId("f3"),
                "f3",
                plain.roles(),
                plain.capabilities(),
                Map.of(role, List.of(Quantities.parse("cpus:8"))));
        cluster.addFramework(greedy, true, Set.of());
        AgentProfile small = AllocatorFixture.agentProfile("s2", "cpus:4;mem:100");
        cluster.addAgent(small, Map.of());
        assertThat(cluster.offer().framework()).isNotEqualTo(greedy.id());
    }
}
