// SPDX-License-Identifier: Apache-2.0
package org.tepui.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tepui.allocator.AgentConstraint;
import org.tepui.allocator.AgentProfile;
import org.tepui.allocator.Allocation;
import org.tepui.allocator.AllocatorFactory;
import org.tepui.allocator.FrameworkProfile;
import org.tepui.allocator.RefusalReason;
import org.tepui.api.AgentCapability;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkCapability;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;
import org.tepui.api.resources.Attribute;
import org.tepui.api.resources.Reservation;
import org.tepui.api.resources.Resource;
import org.tepui.api.resources.ResourceIdentity;
import org.tepui.api.resources.Resources;
import org.tepui.api.resources.Scalar;
import org.tepui.api.resources.TextValue;
import org.tepui.api.resources.ValueType;

/**
 * What every allocator keeps to about kinds of resources, agents and frameworks: reservations go to their roles, and
 * nobody is offered what it cannot handle. The test class of a policy extends it and names its factory.
 */
public abstract class AllocatorKindsContract {
    private static final Role ADS = new Role("ads");
    private static final Role ADS_WEB = new Role("ads/web");

    /** The allocator under test, knowing nothing. */
    protected AllocatorFixture cluster = new AllocatorFixture(factory(), configuration(), 1);

    /** The policy under test. */
    protected abstract AllocatorFactory factory();

    /** Its configuration; empty unless a policy says otherwise. */
    protected Map<String, String> configuration() {
        return Map.of();
    }

    @BeforeEach
    final void startAnew() {
        cluster = new AllocatorFixture(factory(), configuration(), 1);
    }

    private FrameworkId addFramework(String name, String role, FrameworkCapability... capabilities) {
        return cluster.addFramework(
                AllocatorFixture.frameworkProfile(name, List.of(role), capabilities), true, Set.of());
    }

    private AgentId addAgent(Resources total, boolean remote, Set<AgentCapability> capabilities) {
        AgentProfile profile = new AgentProfile(new AgentId("s1"), "s1", List.of(), capabilities, null, remote, total);
        return cluster.addAgent(profile, Map.of());
    }

    private static Set<AgentCapability> modern() {
        return EnumSet.of(AgentCapability.MULTI_ROLE, AgentCapability.HIERARCHICAL_ROLE);
    }

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
    void keepsMachinesWithGpusForThoseWhoUseThem() {
        addFramework("f1", "*");
        addAgent(Resources.parse("cpus:8;mem:1000;gpus:1"), false, modern());
        assertThat(cluster.offers()).isEmpty();

        addFramework("f2", "*", FrameworkCapability.GPU_RESOURCES);
        assertThat(cluster.offer().framework().value()).isEqualTo("f2");
    }

    @Test
    void keepsOtherRegionsForThoseWhoKnowThem() {
        addFramework("f1", "*");
        addAgent(Resources.parse("cpus:8;mem:1000"), true, modern());
        assertThat(cluster.offers()).isEmpty();

        addFramework("f2", "*", FrameworkCapability.REGION_AWARE);
        assertThat(cluster.offer().framework().value()).isEqualTo("f2");
    }

    @Test
    void sparesOldAgentsFrameworksWithSeveralRoles() {
        addFramework("f1", "a");
        addAgent(Resources.parse("cpus:8;mem:1000"), false, Set.of());

        assertThat(cluster.offers()).isEmpty();
    }

    @Test
    void sparesOldAgentsRolesWithSlashes() {
        addFramework("f1", "a/b");
        addAgent(Resources.parse("cpus:8;mem:1000"), false, EnumSet.of(AgentCapability.MULTI_ROLE));
        assertThat(cluster.offers()).isEmpty();

        addFramework("f2", "a");
        assertThat(cluster.offer().framework().value()).isEqualTo("f2");
    }

    @Test
    void offersRevocableResourcesToThoseWhoTakeThem() {
        ResourceIdentity revocable =
                ResourceIdentity.of("cpus", ValueType.SCALAR).withRevocable(true);
        addFramework("f1", "a");
        addAgent(Resources.of(Resource.of(revocable, new Scalar(4000))), false, modern());
        assertThat(cluster.offers()).isEmpty();

        addFramework("f2", "a", FrameworkCapability.REVOCABLE_RESOURCES);
        assertThat(cluster.offer().framework().value()).isEqualTo("f2");
    }

    @Test
    void offersRefinedReservationsToThoseWhoUnderstandThem() {
        Resources refined = Resources.parse("cpus(ads):4;mem(ads):100").pushReservation(Reservation.dynamic(ADS_WEB));
        addFramework("f1", "ads/web");
        addAgent(refined, false, modern());
        assertThat(cluster.offers()).isEmpty();

        addFramework("f2", "ads/web", FrameworkCapability.RESERVATION_REFINEMENT);
        assertThat(cluster.offer().framework().value()).isEqualTo("f2");
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

    private FrameworkId addPicky(String name, String attribute) {
        FrameworkProfile plain = AllocatorFixture.frameworkProfile(name, List.of("ads"));
        AgentConstraint constraint = agent ->
                agent.attributes().stream().anyMatch(present -> present.name().equals(attribute));
        FrameworkProfile picky = new FrameworkProfile(
                plain.id(), name, plain.roles(), plain.capabilities(), Map.of(), Map.of(ADS, constraint));
        return cluster.addFramework(picky, true, Set.of());
    }

    private static AgentProfile agentWith(String name, String attribute) {
        AgentProfile plain = AllocatorFixture.agentProfile(name, "cpus:4;mem:100");
        return new AgentProfile(
                plain.id(),
                name,
                List.of(new Attribute(attribute, new TextValue("yes"))),
                plain.capabilities(),
                null,
                false,
                plain.total());
    }

    @Test
    void offersOnlyAgentsThatAFrameworkAskedFor() {
        FrameworkId framework = addPicky("f1", "ssd");
        cluster.addAgent(agentWith("s1", "tape"), Map.of());
        cluster.addAgent(agentWith("s2", "ssd"), Map.of());

        assertThat(cluster.offer().agent().value()).isEqualTo("s2");
        assertThat(cluster.allocator().explain(framework, ADS).refusals()).containsEntry(RefusalReason.CONSTRAINT, 1);
        addFramework("f2", "*");
        assertThat(cluster.offer().framework().value()).isEqualTo("f2");
    }

    @Test
    void asksAgainWhenTheAgentOrTheConstraintChanged() {
        FrameworkId framework = addPicky("f1", "ssd");
        cluster.addAgent(agentWith("s1", "tape"), Map.of());
        assertThat(cluster.offers()).isEmpty();

        cluster.updateAgent(agentWith("s1", "ssd"));
        Allocation offer = cluster.offer();
        cluster.finish(framework, offer.agent(), offer.resources());
        assertThat(cluster.offer().agent()).isEqualTo(offer.agent());

        cluster.addAgent(agentWith("s2", "tape"), Map.of());
        assertThat(cluster.offers()).isEmpty();
        cluster.updateFramework(AllocatorFixture.frameworkProfile("f1", List.of("ads")), Set.of());
        assertThat(cluster.offer().agent().value()).isEqualTo("s2");
    }

    @Test
    void forgetsWhatItKnewOfAnAgentThatIsGone() {
        addPicky("f1", "ssd");
        AgentId first = cluster.addAgent(agentWith("s1", "tape"), Map.of());
        assertThat(cluster.offers()).isEmpty();
        cluster.removeAgent(first);

        cluster.addAgent(agentWith("s2", "ssd"), Map.of());
        assertThat(cluster.offer().agent().value()).isEqualTo("s2");
    }
}
