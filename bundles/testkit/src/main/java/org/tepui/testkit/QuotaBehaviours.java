// SPDX-License-Identifier: Apache-2.0
package org.tepui.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.tepui.allocator.Allocation;
import org.tepui.allocator.RefusalReason;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkCapability;
import org.tepui.api.FrameworkId;
import org.tepui.api.Quotas;
import org.tepui.api.Role;
import org.tepui.api.resources.Reservation;
import org.tepui.api.resources.Resource;
import org.tepui.api.resources.ResourceIdentity;
import org.tepui.api.resources.Resources;
import org.tepui.api.resources.Scalar;
import org.tepui.api.resources.ValueType;

/**
 * Roles get what they are guaranteed, nobody gets more than its limit, and what is held back for one is given as soon
 * as it need not be. That no offer goes beyond a limit is checked by {@link AllocatorFixture} everywhere.
 */
abstract class QuotaBehaviours extends PolicyPart {
    private static final String MACHINE = "cpus:2;mem:1024";
    private static final Role A = new Role("a");

    private void setQuota(String role, String guarantees, String limits) {
        assumeTrue(policy().keepsQuotas(), "the policy keeps no quotas");
        cluster.setQuota(role, guarantees, limits);
    }

    private List<String> offered() {
        return cluster.offers().stream()
                .map(offer -> offer.framework() + " " + offer.agent() + " "
                        + offer.resources().unallocate())
                .sorted()
                .toList();
    }

    private double cpusOf(String framework) {
        return cluster.heldBy(new FrameworkId(framework)).thousandths("cpus") / 1000.0;
    }

    @Test
    void keepsWhatIsGuaranteedUntilSomebodyComesForIt() {
        setQuota("a", MACHINE, "");
        cluster.addFramework("f1", "b");
        cluster.addAgent("s1", MACHINE);
        assertThat(cluster.offers()).isEmpty();

        cluster.addAgent("s2", MACHINE);
        assertThat(cluster.offers()).hasSize(1);
        assertThat(cpusOf("f1")).isEqualTo(2);

        cluster.addFramework("f2", "a");
        assertThat(cluster.offer().framework().value()).isEqualTo("f2");
    }

    @Test
    void servesThoseFirstWhoAreOwedSomething() {
        cluster.addAgent("s1", MACHINE);
        cluster.addAgent("s2", MACHINE);
        FrameworkId first = cluster.addFramework("f1", "b");
        List<Allocation> offers = cluster.offers();
        assertThat(offers).hasSize(2);
        setQuota("a", MACHINE, "");
        cluster.addFramework("f2", "a");
        assertThat(cluster.offers()).isEmpty();

        for (Allocation offer : offers) {
            cluster.finish(first, offer.agent(), offer.resources());
        }
        cluster.offers();
        assertThat(cpusOf("f2")).isGreaterThanOrEqualTo(2);
    }

    @Test
    void offersWhatIsDeclinedByThoseWhoAreOwedToNobodyElse() {
        setQuota("a", MACHINE, "");
        cluster.addFramework("f1", "a");
        cluster.addFramework("f2", "b");
        cluster.addAgent("s1", MACHINE);
        Allocation offer = cluster.offer();
        assertThat(offer.framework().value()).isEqualTo("f1");
        cluster.decline(offer, LONG);
        cluster.advance(Duration.ofSeconds(2));
        assertThat(cluster.offers()).isEmpty();

        // room for both: either agent may be the one that is given away
        cluster.addAgent("s2", "cpus:4;mem:2048");
        cluster.advance(Duration.ofSeconds(2));
        cluster.offers();
        assertThat(cpusOf("f1") + cpusOf("f2")).isEqualTo(6);
        assertThat(cpusOf("f1")).isGreaterThanOrEqualTo(2);
    }

    @Test
    void offersToTheOwedOnOtherAgentsWhatTheyDeclinedOnOne() {
        setQuota("a", MACHINE, "cpus:2;mem:1024");
        cluster.addAgent("s1", MACHINE);
        cluster.addAgent("s2", MACHINE);
        cluster.addAgent("s3", MACHINE);
        cluster.addFramework("f1", "a");
        for (int i = 0; i < 3; i++) {
            cluster.decline(cluster.offer(), LONG);
            cluster.advance(Duration.ofSeconds(2));
        }
        assertThat(cluster.offers()).isEmpty();
    }

    @Test
    void offersToTheOwedElsewhereWhileTheRestIsKeptForOthers() {
        setQuota("a", "cpus:2;mem:1024", "");
        setQuota("absent", "cpus:4;mem:2048", "");
        for (int i = 0; i < 3; i++) {
            cluster.addAgent("s" + i, MACHINE);
        }
        cluster.addFramework("f1", "a");
        Set<String> seen = new TreeSet<>();
        for (int i = 0; i < 3; i++) {
            Allocation offer = cluster.offer();
            seen.add(offer.agent().value());
            cluster.decline(offer, LONG);
            cluster.advance(Duration.ofSeconds(2));
        }
        assertThat(seen).hasSize(3);
        assertThat(cluster.offers()).isEmpty();
    }

    @Test
    void offersToAChildWhatItsSiblingGivesBackUnderAFullParent() {
        setQuota("p", "", "cpus:4");
        FrameworkId sibling = cluster.addFramework("f1", "p/b");
        cluster.addAgent("s1", MACHINE);
        cluster.addAgent("s2", MACHINE);
        List<Allocation> offers = cluster.offers();
        assertThat(offers).hasSize(2);
        setQuota("p/a", "cpus:2", "");
        cluster.addFramework("f2", "p/a");
        cluster.addAgent("s3", "cpus:2;mem:10");
        assertThat(cluster.offers()).isEmpty();

        cluster.setActive(offers.get(0).agent(), false);
        cluster.finish(sibling, offers.get(0).agent(), offers.get(0).resources());
        cluster.advance(Duration.ofSeconds(1));
        assertThat(cluster.offer().framework().value()).isEqualTo("f2");
    }

    @Test
    void offersNoMoreThanTheLimitOfOneAgent() {
        setQuota("a", "cpus:1;mem:512", "cpus:1;mem:512");
        cluster.addFramework("f1", "a");
        cluster.addAgent("s1", "cpus:4;mem:2048;ports:[1-10]");

        assertThat(offered()).containsExactly("f1 s1 cpus:1;mem:512;ports:[1-10]");
        cluster.addFramework("f2", "b");
        assertThat(offered()).containsExactly("f2 s1 cpus:3;mem:1536");
    }

    @Test
    void offersNothingToARoleWhoseLimitIsZero() {
        setQuota("a", "", "cpus:0;mem:0");
        FrameworkId framework = cluster.addFramework("f1", "a");
        cluster.addAgent("s1", MACHINE);
        assertThat(cluster.offers()).isEmpty();
        assertThat(cluster.allocator().explain(framework, A).refusals()).isEqualTo(Map.of(RefusalReason.ROLE_LIMIT, 1));

        cluster.updateQuotas(Quotas.none());
        assertThat(cluster.offers()).hasSize(1);
    }

    @Test
    void limitsAllFrameworksOfARoleTogether() {
        setQuota("a", "", "cpus:3");
        cluster.addFramework("f1", "a");
        cluster.addFramework("f2", "a");
        for (int i = 0; i < 4; i++) {
            cluster.addAgent("s" + i, "cpus:1;mem:10");
        }
        cluster.offers();
        assertThat(cpusOf("f1") + cpusOf("f2")).isEqualTo(3);
    }

    @Test
    void limitsARoleWithAllThoseBelowIt() {
        setQuota("a", "", "cpus:3");
        setQuota("a/b", "", "cpus:2");
        cluster.addFramework("f1", "a/b/x");
        cluster.addFramework("f2", "a/c");
        cluster.addFramework("f3", "a");
        for (int i = 0; i < 6; i++) {
            cluster.addAgent("s" + i, "cpus:1;mem:10");
        }
        cluster.offers();
        assertThat(cpusOf("f1")).isLessThanOrEqualTo(2);
        assertThat(cpusOf("f1") + cpusOf("f2") + cpusOf("f3")).isEqualTo(3);
    }

    @Test
    void keepsTheGuaranteeOfAChildFromItsSiblings() {
        setQuota("a", "cpus:4", "cpus:4");
        setQuota("a/b", "cpus:1", "");
        cluster.addFramework("f1", "a/c");
        cluster.addFramework("f2", "d");
        for (int i = 0; i < 4; i++) {
            cluster.addAgent("s" + i, "cpus:1;mem:10");
        }
        cluster.offers();
        assertThat(cpusOf("f1")).isEqualTo(3);
        assertThat(cpusOf("f2")).isZero();

        cluster.addFramework("f3", "a/b/x");
        cluster.offers();
        assertThat(cpusOf("f3")).isEqualTo(1);
    }

    /** A parent's guarantee is met by what its children have, and what they leave of it is for any of them. */
    @Test
    void countsWhatChildrenHaveForTheirParent() {
        setQuota("a", "cpus:3", "");
        setQuota("a/b", "cpus:2", "");
        cluster.addFramework("f1", "d");
        for (int i = 0; i < 5; i++) {
            cluster.addAgent("s" + i, "cpus:1;mem:10");
        }
        cluster.offers();
        assertThat(cpusOf("f1")).isEqualTo(2);

        cluster.addFramework("f2", "a/b");
        cluster.offers();
        assertThat(cpusOf("f2")).isEqualTo(3);
    }

    @Test
    void countsReservationsAsConsumedAndOffersThemWhateverTheLimit() {
        setQuota("a", "cpus:2", "cpus:2");
        cluster.addAgent("s1", "cpus(a):3;mem(a):10;cpus:1;mem:10");
        cluster.addFramework("f1", "a");
        cluster.addFramework("f2", "b");

        cluster.offers();
        assertThat(cpusOf("f1")).isEqualTo(3);
        assertThat(cpusOf("f2")).isEqualTo(1);
    }

    @Test
    void countsWhatAnOperatorReserves() {
        setQuota("a", "cpus:2", "");
        AgentId agent = cluster.addAgent("s1", "cpus:4;mem:100");
        cluster.addFramework("f1", "b");
        assertThat(cluster.offers()).hasSize(1);
        assertThat(cpusOf("f1")).isEqualTo(2);

        Resources reserved = Resources.parse("cpus:2").pushReservation(Reservation.dynamic(new Role("a/x")));
        assertThat(cluster.convertFree(agent, Resources.parse("cpus:2"), reserved))
                .isTrue();
        cluster.addAgent("s2", "cpus:1;mem:10");
        cluster.offers();
        assertThat(cpusOf("f1")).isEqualTo(3);
    }

    @Test
    void offersRevocableResourcesBeyondTheLimit() {
        setQuota("a", "", "cpus:0");
        ResourceIdentity revocable =
                ResourceIdentity.of("cpus", ValueType.SCALAR).withRevocable(true);
        Resources total = Resources.parse("cpus:1;mem:10").add(Resource.of(revocable, new Scalar(4000)));
        cluster.addFramework(
                AllocatorFixture.frameworkProfile("f1", List.of("a"), FrameworkCapability.REVOCABLE_RESOURCES),
                true,
                Set.of());
        cluster.addAgent(AllocatorFixture.agentProfile("s1", "cpus:1").withTotal(total), Map.of());

        Resources offer = cluster.offer().resources();
        assertThat(offer.revocable().thousandths("cpus")).isEqualTo(4000);
        assertThat(offer.nonRevocable().thousandths("cpus")).isZero();
    }

    @Test
    void offersElsewhereWhatARoleAtItsLimitGivesBack() {
        setQuota("a", "", "cpus:2;mem:1024");
        FrameworkId framework = cluster.addFramework("f1", "a");
        cluster.addAgent("s1", MACHINE);
        cluster.addAgent("s2", MACHINE);
        Allocation offer = cluster.offer();
        cluster.setActive(offer.agent(), false);
        assertThat(cluster.offers()).isEmpty();

        cluster.finish(framework, offer.agent(), offer.resources());
        cluster.advance(Duration.ofSeconds(1));
        assertThat(cluster.offer().agent()).isNotEqualTo(offer.agent());
    }

    @Test
    void offersWhatIsNoLongerKeptForOthers() {
        setQuota("a", MACHINE, "");
        cluster.addFramework("f1", "b");
        cluster.addAgent("s1", MACHINE);
        assertThat(cluster.offers()).isEmpty();

        // somewhere else, to be had by the other
        cluster.addFramework("f2", "a");
        cluster.decline(cluster.offer(), LONG);
        cluster.addAgent("s2", MACHINE);
        cluster.advance(Duration.ofSeconds(2));
        cluster.offers();
        assertThat(cpusOf("f1") + cpusOf("f2")).isEqualTo(4);
    }

    @Test
    void followsLimitsUpAndDown() {
        setQuota("a", "", "cpus:2");
        FrameworkId framework = cluster.addFramework("f1", "a");
        for (int i = 0; i < 6; i++) {
            cluster.addAgent("s" + i, "cpus:1;mem:10");
        }
        List<Allocation> offers = cluster.offers();
        assertThat(cpusOf("f1")).isEqualTo(2);
        setQuota("a", "", "cpus:4");
        cluster.offers();
        assertThat(cpusOf("f1")).isEqualTo(4);

        setQuota("a", "", "cpus:3");
        for (Allocation offer : offers) {
            if (offer.resources().thousandths("cpus") > 0) {
                cluster.finish(framework, offer.agent(), offer.resources());
            }
        }
        cluster.advance(Duration.ofSeconds(1));
        cluster.offers();
        assertThat(cpusOf("f1")).isEqualTo(3);
    }

    @Test
    void doesNotHoldBackWhatIsOwedByAgentsThatAreOut() {
        setQuota("a", "cpus:2", "");
        AgentId agent = cluster.addAgent("s1", MACHINE);
        cluster.addAgent("s2", MACHINE);
        cluster.setActive(agent, false);
        cluster.addFramework("f1", "b");
        cluster.offers();
        assertThat(cpusOf("f1")).isZero();

        cluster.setActive(agent, true);
        cluster.offers();
        assertThat(cpusOf("f1")).isEqualTo(2);
    }

    @Test
    void leavesOutWhatCannotBeDivided() {
        setQuota("a", "", "gpus:1;cpus:1");
        cluster.addFramework(
                AllocatorFixture.frameworkProfile("f1", List.of("a"), FrameworkCapability.GPU_RESOURCES),
                true,
                Set.of());
        cluster.addAgent("s1", "cpus:1.5;mem:100;gpus:2");

        assertThat(cluster.offer().resources().unallocate()).isEqualTo(Resources.parse("cpus:1;mem:100;gpus:1"));
    }

    @Test
    void explainsLimitsAndGuarantees() {
        setQuota("a", "", "cpus:1;mem:100");
        setQuota("b", "cpus:6;mem:300", "");
        FrameworkId limited = cluster.addFramework("f1", "a");
        FrameworkId other = cluster.addFramework("f2", "c");
        for (int i = 0; i < 4; i++) {
            cluster.addAgent("s" + i, "cpus:2;mem:100");
        }
        cluster.offers();

        assertThat(cluster.allocator().explain(limited, A).agents()).isEqualTo(4);
        assertThat(cluster.allocator().explain(other, new Role("c")).refusals()).containsKey(RefusalReason.GUARANTEES);
        setQuota("b", "", "");
        cluster.offers();
        cluster.addAgent("s5", "cpus:2;mem:100");
        cluster.setActive(other, false);
        cluster.offers();
        assertThat(cpusOf("f1")).isEqualTo(1);
        assertThat(cluster.allocator().explain(limited, A).refusals()).containsEntry(RefusalReason.ROLE_LIMIT, 1);
    }

    @Test
    void refusesQuotasThatItDoesNotKeep() {
        cluster.updateQuotas(Quotas.none());
        if (!policy().keepsQuotas()) {
            Quotas some = Quotas.none().with(Map.of(A, AllocatorFixture.quota("cpus:1", "")));
            assertThatThrownBy(() -> cluster.allocator().updateQuotas(some))
                    .isInstanceOf(UnsupportedOperationException.class);
        }
        cluster.addAgent("s1", MACHINE);
        cluster.addFramework("f1", "b");
        assertThat(cluster.offers()).hasSize(1);
    }
}
