// SPDX-License-Identifier: Apache-2.0
package org.tepui.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tepui.allocator.Allocation;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkCapability;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;
import org.tepui.api.resources.Reservation;
import org.tepui.api.resources.Resources;

/** What is reserved goes to its role and to those below, however it came to be reserved. */
abstract class ReservationBehaviours extends PolicyPart {
    private static final Role ADS = new Role("ads");
    private static final Role ADS_WEB = new Role("ads/web");

    @Test
    void offersReservedResourcesToTheRoleAndThoseBelowOnly() {
        cluster.addAgent("s1", "cpus(ads):2;mem(ads):100");
        addFramework("f1", "*");
        addFramework("f2", "adsweb");
        assertThat(cluster.offers()).isEmpty();

        addFramework("f3", "ads/web");
        assertThat(cluster.offer().framework().value()).isEqualTo("f3");
        cluster.addAgent("s2", "cpus(ads):2;mem(ads):100");
        assertThat(cluster.offer().framework().value()).isEqualTo("f3");
        cluster.addAgent("s3", "cpus(ads/web):2;mem(ads/web):100");
        assertThat(cluster.offer().framework().value()).isEqualTo("f3");
    }

    @Test
    void dividesOneAgentBetweenReservedAndNot() {
        addFramework("f1", "ads");
        addFramework("f2", "other");
        cluster.addAgent("s1", "cpus(ads):2;mem(ads):100;cpus(other):1;mem(other):50");

        assertThat(cluster.offers())
                .extracting(Allocation::framework)
                .extracting(FrameworkId::value)
                .containsExactlyInAnyOrder("f1", "f2");
    }

    @Test
    void followsAReservationByAFramework() {
        FrameworkId framework = addFramework("f1", "ads");
        AgentId agent = cluster.addAgent("s1", "cpus:4;mem:100");
        Allocation offer = cluster.offer();
        Resources before = Resources.parse("cpus:1").allocate(ADS);
        Resources after = before.pushReservation(Reservation.dynamic(ADS));

        cluster.convert(framework, agent, before, after);
        cluster.finish(framework, agent, offer.resources().subtract(before).add(after));

        assertThat(cluster.offer().resources())
                .isEqualTo(offer.resources().subtract(before).add(after));
    }

    @Test
    void followsAReservationByAnOperator() {
        AgentId agent = cluster.addAgent("s1", "cpus:4;mem:100");
        Resources before = Resources.parse("cpus:4;mem:100");
        Resources after = before.pushReservation(Reservation.dynamic(ADS));

        assertThat(cluster.convertFree(agent, before, after)).isTrue();
        addFramework("f1", "*");
        assertThat(cluster.offers()).isEmpty();
        addFramework("f2", "ads");
        assertThat(cluster.offer().framework().value()).isEqualTo("f2");
        assertThat(cluster.convertFree(agent, after, before)).isFalse();
    }

    private static Resources reserved(String text, String role) {
        return Resources.parse(text).pushReservation(Reservation.dynamic(new Role(role)));
    }

    @Test
    void offersWhatIsReservedTogetherWithWhatIsNot() {
        addFramework("f1", "ads");
        cluster.addAgent("s1", "cpus:1;mem:100;cpus(ads):2;mem(ads):100");

        assertThat(cluster.offer().resources().unallocate())
                .isEqualTo(Resources.parse("cpus:1;mem:100;cpus(ads):2;mem(ads):100"));
    }

    @Test
    void offersNothingReservedToRolesAboveOrBeside() {
        cluster.addAgent("s1", "cpus(ads/web):2;mem(ads/web):100");
        addFramework("f1", "ads");
        addFramework("f2", "ads/mail");
        addFramework("f3", "ads/webs");
        cluster.advance(ROUND);
        assertThat(cluster.offers()).isEmpty();

        addFramework("f4", "ads/web/shop");
        assertThat(next()).isEqualTo("f4");
    }

    @Test
    void leavesTheUnreservedRestToOthers() {
        FrameworkId framework = addFramework("f1", "ads");
        AgentId agent = cluster.addAgent("s1", "cpus:4;mem:400");
        Allocation offer = cluster.offer();
        Resources before = Resources.parse("cpus:1;mem:100").allocate(ADS);
        Resources after = before.pushReservation(Reservation.dynamic(ADS));
        cluster.convert(framework, agent, before, after);
        cluster.suppress(framework);
        addFramework("f2", "other");
        cluster.finish(framework, agent, offer.resources().subtract(before).add(after));

        Allocation rest = cluster.offer();
        assertThat(rest.framework().value()).isEqualTo("f2");
        assertThat(rest.resources().unallocate()).isEqualTo(Resources.parse("cpus:3;mem:300"));
    }

    @Test
    void offersToEverybodyWhatAFrameworkGivesUp() {
        FrameworkId framework = addFramework("f1", "ads");
        AgentId agent =
                addAgent(AllocatorFixture.agentProfile("s1", "cpus:1").withTotal(reserved("cpus:2;mem:100", "ads")));
        Allocation offer = cluster.offer();
        Resources after = offer.resources().popReservation();
        cluster.convert(framework, agent, offer.resources(), after);
        cluster.suppress(framework);
        cluster.finish(framework, agent, after);
        addFramework("f2", "other");

        assertThat(cluster.offer().resources().unallocate()).isEqualTo(Resources.parse("cpus:2;mem:100"));
    }

    @Test
    void followsAReservationThatIsRefined() {
        FrameworkId framework = addFramework("f1", "ads/web", FrameworkCapability.RESERVATION_REFINEMENT);
        FrameworkId other = addFramework("f2", "ads/mail", FrameworkCapability.RESERVATION_REFINEMENT);
        cluster.suppress(other);
        AgentId agent =
                addAgent(AllocatorFixture.agentProfile("s1", "cpus:1").withTotal(reserved("cpus:2;mem:100", "ads")));
        Allocation offer = cluster.offer();
        Resources refined = offer.resources().pushReservation(Reservation.dynamic(ADS_WEB));
        cluster.convert(framework, agent, offer.resources(), refined);
        cluster.suppress(framework);
        cluster.revive(other);
        cluster.finish(framework, agent, refined);
        cluster.advance(ROUND);
        assertThat(cluster.offers()).isEmpty();

        cluster.revive(framework);
        assertThat(cluster.offer().resources()).isEqualTo(refined);
    }

    @Test
    void movesAReservationToAnotherRole() {
        addFramework("f1", "ads");
        addFramework("f2", "mail");
        AgentId agent = cluster.addAgent("s1", "cpus(idle):2;mem(idle):100");
        assertThat(cluster.offers()).isEmpty();

        Resources before = Resources.parse("cpus(idle):2;mem(idle):100");
        assertThat(cluster.convertFree(agent, before, reserved("cpus:2;mem:100", "mail")))
                .isTrue();
        assertThat(next()).isEqualTo("f2");
    }

    @Test
    void refusesToChangeForAnOperatorWhatIsHeld() {
        AgentId agent = cluster.addAgent("s1", "cpus:4;mem:100");
        FrameworkId framework = addFramework("f1", "ads");
        Resources used = cluster.accept(cluster.offer(), "cpus:3", LONG);

        assertThat(cluster.convertFree(agent, Resources.parse("cpus:2"), reserved("cpus:2", "ads")))
                .isFalse();
        assertThat(cluster.convertFree(agent, Resources.parse("cpus:1"), reserved("cpus:1", "ads")))
                .isTrue();
        cluster.finish(framework, agent, used);
        cluster.advance(ROUND);
        assertThat(cluster.heldBy(framework))
                .isEqualTo(Resources.parse("cpus:3;mem:100").add(reserved("cpus:1", "ads")));
    }

    @Test
    void refusesToConvertWhatAFrameworkDoesNotHold() {
        FrameworkId framework = addFramework("f1", "ads");
        AgentId agent = cluster.addAgent("s1", "cpus:4;mem:100");
        Allocation offer = cluster.offer();
        Resources more = Resources.parse("cpus:5").allocate(ADS);

        assertThatThrownBy(() -> cluster.allocator()
                        .updateAllocation(framework, agent, more, more.pushReservation(Reservation.dynamic(ADS))))
                .isInstanceOf(IllegalArgumentException.class);
        cluster.finish(framework, agent, offer.resources());
        assertThat(cluster.offer().resources()).isEqualTo(offer.resources());
    }

    @Test
    void keepsWhatIsReservedForNobodyThatIsThere() {
        cluster.addAgent("s1", "cpus(ads):2;mem(ads):100;cpus:1;mem:100");
        addFramework("f1", "mail");
        assertThat(cluster.offer().resources().unallocate()).isEqualTo(Resources.parse("cpus:1;mem:100"));
        cluster.advance(ROUND);
        assertThat(cluster.offers()).isEmpty();
    }

    @Test
    void knowsReservationsThatAreInUse() {
        FrameworkId framework = new FrameworkId("f1");
        Resources used = Resources.parse("cpus(ads):1;mem(ads):60").allocate(ADS);
        cluster.addAgent(AllocatorFixture.agentProfile("s1", "cpus(ads):2;mem(ads):100"), Map.of(framework, used));
        addFramework("f2", "ads");

        assertThat(cluster.offer().resources().unallocate()).isEqualTo(Resources.parse("cpus(ads):1;mem(ads):40"));
    }
}
