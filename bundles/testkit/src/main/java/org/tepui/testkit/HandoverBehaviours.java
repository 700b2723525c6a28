// SPDX-License-Identifier: Apache-2.0
package org.tepui.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.tepui.allocator.Allocation;
import org.tepui.allocator.AllocatorFactory;
import org.tepui.allocator.FrameworkProfile;
import org.tepui.allocator.PolicyState;
import org.tepui.allocator.RefusalReason;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;
import org.tepui.api.resources.Resources;

/** An allocator that is told everything takes the place of another one. */
abstract class HandoverBehaviours extends PolicyPart {
    private static final int STEPS = 1_000;
    private static final int SEEDS = 5;

    @Test
    void takesOverFromAnotherOfItsKind() {
        AllocatorWorkload workload = new AllocatorWorkload(cluster, 7, policy().keepsQuotas());
        for (int step = 0; step < 2_000; step++) {
            workload.step(step);
        }
        AllocatorFixture successor = policy().newCluster(2);
        cluster.replayInto(successor);
        successor.offers();
        for (AgentId agent : cluster.agents()) {
            cluster.held(agent).forEach((framework, resources) -> {
                Resources held = successor.held(agent).getOrDefault(framework, Resources.empty());
                assertThat(held.contains(resources))
                        .as("%s is held, of %s", resources, held)
                        .isTrue();
                successor.giveBack(framework, agent, resources, LONG);
            });
        }
    }

    private AllocatorFixture busyCluster(int seed) {
        AllocatorFixture old = policy().newCluster(seed);
        AllocatorWorkload workload = new AllocatorWorkload(old, seed, policy().keepsQuotas());
        for (int step = 0; step < STEPS; step++) {
            workload.step(step);
        }
        // until all declines are over, which are not handed over, and nothing is left to decide
        old.advance(Duration.ofSeconds(30));
        return old;
    }

    private AllocatorFixture successorOf(AllocatorFixture old) {
        AllocatorFixture successor = policy().newCluster(1);
        PolicyState state = old.allocator().saveState();
        if (state != null) {
            successor.allocator().restoreState(state);
        }
        old.replayInto(successor);
        return successor;
    }

    /** All that can be asked of an allocator is answered by the new one as by the old. */
    @Test
    void knowsWhatItsPredecessorKnew() {
        for (int seed = 0; seed < SEEDS; seed++) {
            AllocatorFixture old = busyCluster(seed);
            AllocatorFixture successor = successorOf(old);
            successor.advance(Duration.ofSeconds(1));
            assertThat(successor.made())
                    .as("seed %d, offers of what is offered", seed)
                    .isEmpty();
            for (FrameworkId framework : old.books().frameworks()) {
                FrameworkProfile profile = Objects.requireNonNull(old.books().framework(framework));
                for (Role role : profile.roles()) {
                    assertThat(successor.allocator().explain(framework, role))
                            .as("seed %d", seed)
                            .isEqualTo(old.allocator().explain(framework, role));
                }
            }
        }
    }

    @Test
    void decidesLikeAnotherThatWasToldTheSame() {
        for (int seed = 0; seed < SEEDS; seed++) {
            AllocatorFixture old = busyCluster(seed);
            List<Allocation> one = decisionsOf(successorOf(old));
            assertThat(one).as("seed %d", seed).isNotEmpty().isEqualTo(decisionsOf(successorOf(old)));
        }
    }

    /** What is decided when everything comes back and new agents come. */
    private static List<Allocation> decisionsOf(AllocatorFixture successor) {
        List<Allocation> all = new ArrayList<>();
        successor.whenOffered(all::addAll);
        for (AgentId agent : successor.agents()) {
            successor.held(agent).forEach((framework, held) -> successor.giveBack(framework, agent, held, null));
            successor.advance(Duration.ofMillis(100));
        }
        for (int i = 0; i < 20; i++) {
            successor.addAgent("new" + i, "cpus:2;mem:500");
            successor.advance(Duration.ofMillis(100));
        }
        return all;
    }

    @Test
    void keepsTwoOfOneFactoryApart() {
        AllocatorFactory factory = policy().factory();
        AllocatorFixture one = new AllocatorFixture(factory, policy().configuration(), 1);
        AllocatorFixture other = new AllocatorFixture(factory, policy().configuration(), 1);
        FrameworkId framework = one.addFramework("f1", "a");
        one.addAgent("s1", AGENT);
        assertThat(one.offers()).hasSize(1);
        assertThat(other.offers()).isEmpty();

        other.addAgent("s1", AGENT);
        assertThat(other.offers()).isEmpty();
        assertThat(other.allocator().explain(framework, new Role("a")).refusals())
                .isEqualTo(Map.of(RefusalReason.NOT_SUBSCRIBED, 1));
        other.addFramework("f1", "a");
        one.suppress(framework);
        one.allocator().close();
        assertThat(other.offers()).hasSize(1);
    }

    @Test
    void doesNothingAfterItsEnd() {
        cluster.addFramework("f1", "a");
        cluster.addAgent("s1", AGENT);
        cluster.decline(cluster.offer(), Duration.ofSeconds(2));
        cluster.addAgent("s2", AGENT);
        cluster.allocator().close();

        cluster.advance(Duration.ofHours(2));
        assertThat(cluster.made()).isEmpty();
        assertThat(cluster.context().waiting()).as("what is still scheduled").isZero();
    }

    @Test
    void refusesAStateThatItDoesNotUnderstand() {
        PolicyState strange = new PolicyState(1_000_000, new byte[] {1, 2, 3});
        assertThatThrownBy(() -> cluster.allocator().restoreState(strange))
                .isInstanceOf(IllegalArgumentException.class);
        cluster.addFramework("f1", "a");
        cluster.addAgent("s1", AGENT);
        assertThat(cluster.offers()).hasSize(1);
    }
}
