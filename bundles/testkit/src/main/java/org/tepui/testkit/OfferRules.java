// SPDX-License-Identifier: Apache-2.0
package org.tepui.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.tepui.allocator.AgentConstraint;
import org.tepui.allocator.AgentProfile;
import org.tepui.allocator.Allocation;
import org.tepui.allocator.FrameworkProfile;
import org.tepui.api.AgentCapability;
import org.tepui.api.FrameworkCapability;
import org.tepui.api.Role;
import org.tepui.api.resources.Quantities;
import org.tepui.api.resources.Resource;
import org.tepui.api.resources.Resources;

/** What every offer of every policy has to keep to, by the master's books. */
final class OfferRules {
    private final MasterBooks books;

    /** Whether agents with GPUs are kept for those who use them, as it is unless an operator says otherwise. */
    boolean keepsGpus = true;

    OfferRules(MasterBooks books) {
        this.books = books;
    }

    /** Checks an offer that is about to be made. */
    void check(Allocation allocation, long now) {
        AgentProfile agent = books.agent(allocation.agent());
        FrameworkProfile framework = books.framework(allocation.framework());
        assertThat(agent).as("agent of %s", allocation).isNotNull();
        assertThat(framework).as("framework of %s", allocation).isNotNull();
        if (agent != null && framework != null) {
            checkWhoWithWhom(allocation, agent, framework);
            checkResources(allocation, framework);
        }
        Resources resources = allocation.resources().unallocate();
        assertThat(books.declines()
                        .forbid(allocation.framework(), allocation.role(), allocation.agent(), resources, now))
                .as("%s was declined for a time that is not over", allocation)
                .isFalse();
    }

    private void checkWhoWithWhom(Allocation allocation, AgentProfile agent, FrameworkProfile framework) {
        Role role = allocation.role();
        assertThat(books.isActive(agent.id()))
                .as("agent is active for %s", allocation)
                .isTrue();
        assertThat(books.isActive(framework.id()))
                .as("framework is active for %s", allocation)
                .isTrue();
        assertThat(framework.roles()).as("roles for %s", allocation).contains(role);
        assertThat(books.suppressed(framework.id()))
                .as("suppressed roles for %s", allocation)
                .doesNotContain(role);
        Set<FrameworkCapability> can = framework.capabilities();
        Set<AgentCapability> agentCan = agent.capabilities();
        assertThat(isTooOld(agentCan, can, role))
                .as("agent is too old for %s", allocation)
                .isFalse();
        assertThat(keepsGpus && isKeptForGpus(agent, can))
                .as("agent has GPUs, for %s", allocation)
                .isFalse();
        assertThat(agent.remote() && !can.contains(FrameworkCapability.REGION_AWARE))
                .as("agent is in another region, for %s", allocation)
                .isFalse();
        assertThat(admits(framework, role, agent))
                .as("offer constraints for %s", allocation)
                .isTrue();
    }

    static boolean isTooOld(Set<AgentCapability> agent, Set<FrameworkCapability> framework, Role role) {
        boolean severalRoles = framework.contains(FrameworkCapability.MULTI_ROLE);
        return (severalRoles && !agent.contains(AgentCapability.MULTI_ROLE))
                || (role.parent() != null && !agent.contains(AgentCapability.HIERARCHICAL_ROLE));
    }

    static boolean isKeptForGpus(AgentProfile agent, Set<FrameworkCapability> framework) {
        return agent.total().thousandths("gpus") > 0 && !framework.contains(FrameworkCapability.GPU_RESOURCES);
    }

    static boolean admits(FrameworkProfile framework, Role role, AgentProfile agent) {
        AgentConstraint constraint = framework.constraints().get(role);
        return constraint == null || constraint.admits(agent);
    }

    /** The part of free resources that a framework may be offered in a role, by reservation and by kind. */
    static Resources usable(FrameworkProfile framework, Role role, Resources free) {
        return free.filter(
                resource -> isUsable(framework, resource) && resource.identity().isAllocatableTo(role));
    }

    private static boolean isUsable(FrameworkProfile framework, Resource resource) {
        Set<FrameworkCapability> can = framework.capabilities();
        return (!resource.identity().isRevocable() || can.contains(FrameworkCapability.REVOCABLE_RESOURCES))
                && (!resource.identity().isShared() || can.contains(FrameworkCapability.SHARED_RESOURCES))
                && (resource.identity().reservations().size() < 2
                        || can.contains(FrameworkCapability.RESERVATION_REFINEMENT));
    }

    /** Whether a bundle holds one of those that make an offer worthwhile; any is, if there are none. */
    static boolean isWorthwhile(List<Quantities> bundles, Resources offer) {
        Quantities amounts = offer.quantities();
        return bundles.isEmpty() || bundles.stream().anyMatch(amounts::contains);
    }

    private void checkResources(Allocation allocation, FrameworkProfile framework) {
        Role role = allocation.role();
        Resources offered = allocation.resources();
        assertThat(offered.isEmpty()).as("%s is empty", allocation).isFalse();
        for (Resource resource : offered) {
            assertThat(resource.identity().allocationRole()).isEqualTo(role);
            assertThat(resource.identity().isAllocatableTo(role))
                    .as("%s may go to %s", resource, role)
                    .isTrue();
            assertThat(isUsable(framework, resource))
                    .as("%s is of a kind that %s takes", resource, framework.id())
                    .isTrue();
        }
        Resources free = books.free(allocation.agent());
        assertThat(free.contains(offered.unallocate()))
                .as("%s is offered of %s", allocation, free)
                .isTrue();
        List<Quantities> minimum = framework.minimumAllocatable().get(role);
        assertThat(minimum == null || isWorthwhile(minimum, offered))
                .as("%s is as much as %s asked for", allocation, framework.id())
                .isTrue();
    }

    /** Checks an offer that was made: what is neither reserved nor revocable goes up to the limits of roles. */
    void checkLimits(Allocation allocation) {
        for (Role role = allocation.role(); role != null; role = role.parent()) {
            Role limited = role;
            books.quotas().of(role).limits().forEach((name, limit) -> {
                if (MasterBooks.charged(allocation.resources(), name) > 0) {
                    assertThat(books.consumed(limited, name))
                            .as("%s consumed by %s after %s", name, limited, allocation)
                            .isLessThanOrEqualTo(limit);
                }
            });
        }
    }
}
