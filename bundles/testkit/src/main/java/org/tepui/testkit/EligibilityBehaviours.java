// SPDX-License-Identifier: Apache-2.0
package org.tepui.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.tepui.allocator.AgentConstraint;
import org.tepui.allocator.AgentProfile;
import org.tepui.allocator.Allocation;
import org.tepui.allocator.FrameworkProfile;
import org.tepui.allocator.RefusalReason;
import org.tepui.api.AgentCapability;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkCapability;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;
import org.tepui.api.resources.Attribute;
import org.tepui.api.resources.DiskInfo;
import org.tepui.api.resources.Quantities;
import org.tepui.api.resources.Reservation;
import org.tepui.api.resources.Resource;
import org.tepui.api.resources.ResourceIdentity;
import org.tepui.api.resources.Resources;
import org.tepui.api.resources.Scalar;
import org.tepui.api.resources.ValueType;

/** Nobody is offered what it cannot handle or does not want. */
abstract class EligibilityBehaviours extends PolicyPart {
    private static final Role ADS_WEB = new Role("ads/web");
    private static final Role A = new Role("a");

    private AgentId addAgent(Resources total, boolean remote, Set<AgentCapability> capabilities) {
        AgentProfile profile = new AgentProfile(new AgentId("s1"), "s1", List.of(), capabilities, null, remote, total);
        return cluster.addAgent(profile, Map.of());
    }

    private static Set<AgentCapability> modern() {
        return EnumSet.of(AgentCapability.MULTI_ROLE, AgentCapability.HIERARCHICAL_ROLE);
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

    /** Wants agents with an attribute. */
    private record HasAttribute(String text) implements AgentConstraint {
        @Override
        public boolean admits(AgentProfile agent) {
            return agent.attributes().containsAll(Attribute.parse(text));
        }
    }

    private static AgentProfile agent(String name, String attributes) {
        AgentProfile plain = AllocatorFixture.agentProfile(name, AGENT);
        return new AgentProfile(
                plain.id(), name, Attribute.parse(attributes), plain.capabilities(), null, false, plain.total());
    }

    private static FrameworkProfile constrained(String attributes, String... roles) {
        FrameworkProfile plain = AllocatorFixture.frameworkProfile("f1", List.of(roles));
        return new FrameworkProfile(
                plain.id(),
                "f1",
                plain.roles(),
                plain.capabilities(),
                Map.of(),
                Map.of(A, new HasAttribute(attributes)));
    }

    @Test
    void offersAgentsThatAFrameworkWants() {
        cluster.addFramework(constrained("rack:r1", "a"), true, Set.of());
        addAgent(agent("s1", "rack:r2"));
        cluster.advance(ROUND);
        assertThat(cluster.offers()).isEmpty();

        addAgent(agent("s2", "rack:r1;speed:3"));
        assertThat(cluster.offer().agent().value()).isEqualTo("s2");
    }

    @Test
    void forgetsWhatItKnewOfAnAgentThatIsGone() {
        cluster.addFramework(constrained("rack:r1", "a"), true, Set.of());
        AgentId first = addAgent(agent("s1", "rack:r2"));
        assertThat(cluster.offers()).isEmpty();
        cluster.removeAgent(first);

        addAgent(agent("s2", "rack:r1"));
        assertThat(cluster.offer().agent().value()).isEqualTo("s2");
    }

    @Test
    void offersToOthersWhatOneDoesNotWant() {
        FrameworkId picky = cluster.addFramework(constrained("rack:r1", "a"), true, Set.of());
        addAgent(agent("s1", "rack:r2"));
        assertThat(cluster.offers()).isEmpty();
        assertThat(cluster.allocator().explain(picky, A).refusals()).containsOnlyKeys(RefusalReason.CONSTRAINT);

        addFramework("f2", "*");
        assertThat(next()).isEqualTo("f2");
    }

    @Test
    void keepsConstraintsToTheirRole() {
        cluster.addFramework(constrained("rack:r1", "a", "b"), true, Set.of());
        for (int i = 0; i < 4; i++) {
            addAgent(agent("s" + i, "rack:r2"));
            assertThat(cluster.offer().role()).isEqualTo(new Role("b"));
        }
    }

    @Test
    void followsConstraintsThatChange() {
        cluster.addFramework(constrained("rack:r1", "a"), true, Set.of());
        addAgent(agent("s1", "rack:r2"));
        addAgent(agent("s2", "rack:r3"));
        assertThat(cluster.offers()).isEmpty();

        update(constrained("rack:r2", "a"));
        assertThat(cluster.offer().agent().value()).isEqualTo("s1");
        update(AllocatorFixture.frameworkProfile("f1", List.of("a")));
        assertThat(cluster.offer().agent().value()).isEqualTo("s2");
    }

    @Test
    void followsAttributesThatChange() {
        cluster.addFramework(constrained("rack:r1", "a"), true, Set.of());
        addAgent(agent("s1", "rack:r2"));
        assertThat(cluster.offers()).isEmpty();

        cluster.updateAgent(agent("s1", "rack:r1"));
        assertThat(cluster.offer().agent().value()).isEqualTo("s1");
    }

    @Test
    void offersWhatAFrameworkLearntToUse() {
        addFramework("f1", "*");
        addAgent(Resources.parse("cpus:8;mem:1000;gpus:1"), true, modern());
        update(AllocatorFixture.frameworkProfile("f1", List.of("*"), FrameworkCapability.GPU_RESOURCES));
        assertThat(cluster.offers()).isEmpty();

        update(AllocatorFixture.frameworkProfile(
                "f1", List.of("*"), FrameworkCapability.GPU_RESOURCES, FrameworkCapability.REGION_AWARE));
        assertThat(cluster.offers()).hasSize(1);
    }

    @Test
    void offersAnAgentThatIsNotRemoteAnyMore() {
        addFramework("f1", "*");
        AgentId agent = addAgent(Resources.parse("cpus:8;mem:1000"), true, modern());
        assertThat(cluster.offers()).isEmpty();

        cluster.updateAgent(AllocatorFixture.agentProfile(agent.value(), "cpus:8;mem:1000"));
        assertThat(cluster.offers()).hasSize(1);
    }

    @Test
    void offersTheRestOfAnAgentWithRevocableResources() {
        ResourceIdentity revocable =
                ResourceIdentity.of("cpus", ValueType.SCALAR).withRevocable(true);
        Resources total = Resources.parse("cpus:2;mem:100").add(Resource.of(revocable, new Scalar(4000)));
        addFramework("f1", "a");
        addAgent(total, false, modern());
        assertThat(cluster.offer().resources().unallocate()).isEqualTo(Resources.parse("cpus:2;mem:100"));

        addFramework("f2", "a", FrameworkCapability.REVOCABLE_RESOURCES);
        Allocation offer = cluster.offer();
        assertThat(offer.framework().value()).isEqualTo("f2");
        assertThat(offer.resources().unallocate()).isEqualTo(total.revocable());
    }

    @Test
    void offersSharedVolumesToThoseWhoShare() {
        DiskInfo disk =
                new DiskInfo(new DiskInfo.Persistence("v1", null), new DiskInfo.Mapping("data", null, true), null);
        ResourceIdentity volume = ResourceIdentity.of("disk", ValueType.SCALAR)
                .withReservations(List.of(Reservation.dynamic(A)))
                .withDisk(disk)
                .withShared(true);
        Resources total = Resources.parse("cpus:2;mem:100").add(Resource.of(volume, new Scalar(1000)));
        addFramework("f1", "a");
        addAgent(total, false, modern());
        assertThat(cluster.offer().resources().unallocate()).isEqualTo(Resources.parse("cpus:2;mem:100"));

        startAnew();
        addFramework("f2", "a", FrameworkCapability.SHARED_RESOURCES);
        addAgent(total, false, modern());
        assertThat(cluster.offer().resources().unallocate()).isEqualTo(total);
    }

    @Test
    void offersLeftoversFromTheMinimumOn() {
        cluster.addFramework("f1", "a");
        AgentId agent = cluster.addAgent("s1", "cpus:2;mem:1000");
        FrameworkId framework = cluster.offer().framework();
        Resources all = Resources.parse("cpus:2;mem:1000").allocate(A);
        for (Quantities least : policy().minimumAllocatable()) {
            Map<String, Long> amounts = least.toMap();
            for (Map.Entry<String, Long> amount : amounts.entrySet()) {
                Resources part = all.filter(resource -> resource.name().equals(amount.getKey()));
                if (amounts.size() == 1 && part.thousandths(amount.getKey()) > amount.getValue()) {
                    Resources tooLittle = scalar(amount.getKey(), amount.getValue() - 1);
                    cluster.finish(framework, agent, tooLittle);
                    cluster.advance(ROUND);
                    assertThat(cluster.made()).as("%s", tooLittle).isEmpty();
                    cluster.finish(framework, agent, scalar(amount.getKey(), 1));
                    assertThat(cluster.offers()).as("%s", least).hasSize(1);
                }
            }
        }
    }

    private static Resources scalar(String name, long thousandths) {
        Resource amount = Resource.of(name, new Scalar(thousandths));
        return Resources.of(amount).allocate(A);
    }

    @Test
    void takesAnyOfSeveralBundlesForEnough() {
        FrameworkProfile plain = AllocatorFixture.frameworkProfile("f1", List.of("a"));
        List<Quantities> bundles = List.of(Quantities.parse("cpus:2;mem:100"), Quantities.parse("disk:500"));
        cluster.addFramework(
                new FrameworkProfile(plain.id(), "f1", plain.roles(), plain.capabilities(), Map.of(A, bundles)),
                true,
                Set.of());
        cluster.addAgent("s1", "cpus:8;mem:50;disk:400");
        cluster.addAgent("s2", "cpus:1;mem:500");
        cluster.advance(ROUND);
        assertThat(cluster.offers()).isEmpty();

        cluster.addAgent("s3", "cpus:2;mem:100");
        assertThat(cluster.offer().agent().value()).isEqualTo("s3");
        cluster.addAgent("s4", "cpus:0.1;disk:600");
        assertThat(cluster.offer().agent().value()).isEqualTo("s4");
    }

    @Test
    void offersAnythingToThoseWhoAskForAnything() {
        FrameworkProfile plain = AllocatorFixture.frameworkProfile("f1", List.of("a"));
        cluster.addFramework(
                new FrameworkProfile(plain.id(), "f1", plain.roles(), plain.capabilities(), Map.of(A, List.of())),
                true,
                Set.of());
        cluster.addAgent("s1", "ports:[1-2]");

        assertThat(cluster.offers()).hasSize(1);
    }
}
