// SPDX-License-Identifier: Apache-2.0
package org.tepui.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tepui.allocator.Allocation;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;
import org.tepui.api.resources.Resources;

/** What was declined is held back for its time, with every part of it, and nothing else is. */
abstract class DeclineBehaviours extends PolicyPart {
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
    void offersAgainSoonWhatWasDeclinedForAMoment() {
        cluster.addAgent("s1", AGENT);
        cluster.addFramework("f1", "*");
        for (Duration refusal : List.of(Duration.ZERO, Duration.ofNanos(1), Duration.ofMillis(1))) {
            cluster.decline(cluster.offer(), refusal);
            cluster.advance(ROUND);
        }
        assertThat(cluster.offers()).hasSize(1);
    }

    @Test
    void holdsBackForAYear() {
        cluster.addAgent("s1", AGENT);
        cluster.addFramework("f1", "*");
        cluster.decline(cluster.offer(), Duration.ofDays(365));

        cluster.advance(Duration.ofDays(364));
        assertThat(cluster.offers()).isEmpty();
        cluster.advance(Duration.ofDays(2));
        assertThat(cluster.offers()).hasSize(1);
    }

    @Test
    void offersOtherAgentsThanTheOneThatWasDeclined() {
        cluster.addAgent("s1", AGENT);
        cluster.addFramework("f1", "*");
        cluster.decline(cluster.offer(), LONG);
        cluster.addAgent("s2", AGENT);

        assertThat(cluster.offer().agent().value()).isEqualTo("s2");
    }

    @Test
    void endsEachDeclineAtItsOwnTime() {
        AgentId agent = cluster.addAgent("s1", "cpus:2;mem:1000");
        FrameworkId framework = cluster.addFramework("f1", "*");
        Resources task = cluster.accept(cluster.offer(), "cpus:1;mem:500", Duration.ofSeconds(60));
        cluster.finish(framework, agent, task);
        cluster.decline(cluster.offer(), Duration.ofSeconds(5));
        cluster.advance(Duration.ofSeconds(4));
        assertThat(cluster.offers()).isEmpty();

        // the whole again, and the half that was declined first still not
        cluster.advance(Duration.ofSeconds(2));
        cluster.accept(cluster.offer(), "cpus:1;mem:500", Duration.ZERO);
        cluster.advance(Duration.ofSeconds(40));
        assertThat(cluster.offers()).isEmpty();
        cluster.advance(Duration.ofSeconds(20));
        assertThat(cluster.offers()).hasSize(1);
    }

    /** What comes back from a task together with what was declined is more than was declined. */
    @Test
    void letsMorePassThanWasDeclinedWhateverItIs() {
        for (String task : List.of("cpus:0.5", "mem:100", "ports:[3-4]")) {
            startAnew();
            AgentId agent = cluster.addAgent("s1", AGENT);
            FrameworkId framework = cluster.addFramework("f1", "*");
            Resources used = cluster.accept(cluster.offer(), task, LONG);
            cluster.advance(ROUND);
            assertThat(cluster.offers()).as(task).isEmpty();
            cluster.finish(framework, agent, used);
            assertThat(cluster.offers()).as(task).hasSize(1);
        }
    }

    @Test
    void keepsDeclinesWhileARoleIsSuppressed() {
        cluster.addAgent("s1", AGENT);
        FrameworkId framework = cluster.addFramework("f1", "a", "b");
        cluster.decline(cluster.offer(), LONG);
        cluster.decline(cluster.offer(), LONG);
        cluster.suppress(framework, "a");
        cluster.advance(ROUND);
        assertThat(cluster.offers()).isEmpty();
    }

    @Test
    void forgetsDeclinesInARoleThatWasLeft() {
        cluster.addAgent("s1", AGENT);
        cluster.addFramework("f1", "a");
        cluster.decline(cluster.offer(), LONG);
        update(AllocatorFixture.frameworkProfile("f1", List.of("b")));
        cluster.decline(cluster.offer(), LONG);
        cluster.advance(ROUND);
        assertThat(cluster.offers()).isEmpty();

        update(AllocatorFixture.frameworkProfile("f1", List.of("a", "b")));
        assertThat(cluster.offer().role()).isEqualTo(new Role("a"));
    }

    @Test
    void forgetsDeclinesOfAFrameworkThatIsGone() {
        cluster.addAgent("s1", AGENT);
        FrameworkId framework = cluster.addFramework("f1", "a");
        cluster.decline(cluster.offer(), LONG);
        cluster.removeFramework(framework);
        cluster.addFramework("f1", "a");

        assertThat(cluster.offer().framework()).isEqualTo(framework);
    }

    @Test
    void forgetsDeclinesOfAnAgentThatWentAndCame() {
        AgentId agent = cluster.addAgent("s1", AGENT);
        cluster.addFramework("f1", "a");
        cluster.decline(cluster.offer(), LONG);
        cluster.removeAgent(agent);
        cluster.addAgent("s1", AGENT);

        assertThat(cluster.offers()).hasSize(1);
    }

    @Test
    void forgetsDeclinesOfARoleThatIsRevivedOnly() {
        cluster.addAgent("s1", AGENT);
        FrameworkId framework = cluster.addFramework("f1", "a", "b");
        cluster.decline(cluster.offer(), LONG);
        cluster.decline(cluster.offer(), LONG);
        cluster.revive(framework, "b");

        cluster.decline(cluster.offer(), LONG);
        cluster.advance(ROUND);
        assertThat(cluster.offers()).isEmpty();
    }
}
