// SPDX-License-Identifier: Apache-2.0
package org.tepui.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.tepui.allocator.AgentProfile;
import org.tepui.allocator.AllocationDecision;
import org.tepui.allocator.FrameworkProfile;
import org.tepui.allocator.RefusalReason;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkCapability;
import org.tepui.api.FrameworkId;
import org.tepui.api.Quota;
import org.tepui.api.Role;
import org.tepui.api.resources.Quantities;
import org.tepui.api.resources.Resources;

/**
 * Tells from the master's books which reasons are true for each agent, and whether those that an allocator gives are
 * among them: the counts have to be those of some choice of one true reason for each agent.
 */
final class DecisionOracle {
    private final AllocatorFixture cluster;
    private final MasterBooks books;
    private final List<Quantities> clusterMinimum;

    DecisionOracle(AllocatorFixture cluster, List<Quantities> clusterMinimum) {
        this.cluster = cluster;
        this.books = cluster.books();
        this.clusterMinimum = clusterMinimum;
    }

    /** Checks what every framework is told, in its roles and in one that it does not have. */
    void checkAll() {
        for (FrameworkId framework : books.frameworks()) {
            Set<Role> roles = new TreeSet<>(rolesOf(framework));
            roles.add(new Role("nobodys"));
            roles.forEach(role -> check(framework, role));
        }
        check(new FrameworkId("nobody"), Role.ANY);
    }

    private Set<Role> rolesOf(FrameworkId framework) {
        return Objects.requireNonNull(books.framework(framework)).roles();
    }

    /** Checks that no framework waits for something that is free. */
    void checkThatNobodyWaits() {
        for (FrameworkId framework : books.frameworks()) {
            for (Role role : rolesOf(framework)) {
                check(framework, role);
                assertThat(cluster.allocator().explain(framework, role).refusals())
                        .as("reasons for %s in %s, which could be offered something", framework, role)
                        .doesNotContainKey(RefusalReason.WAITING);
            }
        }
    }

    private void check(FrameworkId framework, Role role) {
        AllocationDecision decision = cluster.allocator().explain(framework, role);
        List<AgentId> agents = books.agents();
        assertThat(decision.framework()).isEqualTo(framework);
        assertThat(decision.role()).isEqualTo(role);
        assertThat(decision.agents()).as("agents examined").isEqualTo(agents.size());
        List<Set<RefusalReason>> truths =
                agents.stream().map(agent -> truths(framework, role, agent)).toList();
        decision.refusals().values().forEach(count -> assertThat(count).isPositive());
        for (RefusalReason reason : RefusalReason.values()) {
            long forced = truths.stream().filter(Set.of(reason)::equals).count();
            long possible = truths.stream().filter(set -> set.contains(reason)).count();
            assertThat((long) decision.refusals().getOrDefault(reason, 0))
                    .as(
                            "agents with reason %s for %s in %s, of %s; true are %s of agents %s",
                            reason, framework, role, decision.refusals(), truths, agents)
                    .isBetween(forced, possible);
        }
    }

    /** The reasons that are true and come first: one where the books say it all. */
    private Set<RefusalReason> truths(FrameworkId id, Role role, AgentId agentId) {
        AgentProfile agent = Objects.requireNonNull(books.agent(agentId));
        FrameworkProfile framework = books.framework(id);
        if (framework == null || !framework.roles().contains(role) || !books.isActive(id)) {
            return EnumSet.of(RefusalReason.NOT_SUBSCRIBED);
        }
        if (books.suppressed(id).contains(role)) {
            return EnumSet.of(RefusalReason.SUPPRESSED);
        }
        RefusalReason unfit = whyUnfit(framework, role, agent);
        if (unfit != null) {
            return EnumSet.of(unfit);
        }
        Set<RefusalReason> truths = truthsOfFree(framework, role, agentId, books.free(agentId));
        if (cluster.context().preempted().stream()
                .anyMatch(preemption -> preemption.agent().equals(agentId))) {
            truths.add(RefusalReason.KEPT);
        }
        return truths;
    }

    private Set<RefusalReason> truthsOfFree(FrameworkProfile framework, Role role, AgentId agent, Resources free) {
        if (free.isEmpty()) {
            return EnumSet.of(RefusalReason.NOTHING_FREE);
        }
        Resources part = OfferRules.usable(framework, role, free);
        return part.isEmpty() ? EnumSet.of(RefusalReason.NOT_FOR_ROLE) : truthsOfPart(framework, role, agent, part);
    }

    private @Nullable RefusalReason whyUnfit(FrameworkProfile framework, Role role, AgentProfile agent) {
        Set<FrameworkCapability> can = framework.capabilities();
        if (!books.isActive(agent.id())) {
            return RefusalReason.AGENT_INACTIVE;
        }
        if (OfferRules.isTooOld(agent.capabilities(), can, role)) {
            return RefusalReason.AGENT_CAPABILITY;
        }
        if (OfferRules.isKeptForGpus(agent, can)) {
            return RefusalReason.GPU;
        }
        if (agent.remote() && !can.contains(FrameworkCapability.REGION_AWARE)) {
            return RefusalReason.REGION;
        }
        return OfferRules.admits(framework, role, agent) ? null : RefusalReason.CONSTRAINT;
    }

    /** What stands against something that could be used: with quotas, parts of it may fail for several reasons. */
    private Set<RefusalReason> truthsOfPart(FrameworkProfile framework, Role role, AgentId agent, Resources part) {
        List<Quantities> minimum = framework.minimumAllocatable().getOrDefault(role, clusterMinimum);
        if (!OfferRules.isWorthwhile(minimum, part)) {
            return EnumSet.of(RefusalReason.BELOW_MINIMUM);
        }
        long now = cluster.context().nanoTime();
        Set<RefusalReason> quotas = quotaReasons(role, part);
        Set<RefusalReason> truths = EnumSet.copyOf(quotas.isEmpty() ? EnumSet.of(RefusalReason.WAITING) : quotas);
        truths.add(RefusalReason.WAITING);
        if (!quotas.isEmpty()) {
            truths.add(RefusalReason.BELOW_MINIMUM);
            truths.add(RefusalReason.DECLINED);
        } else if (books.declines().forbid(framework.id(), role, agent, part, now)) {
            return EnumSet.of(RefusalReason.DECLINED);
        } else if (books.declines().allowHolding(framework.id(), role, agent, part, now)) {
            truths.add(RefusalReason.DECLINED);
        }
        return truths;
    }

    /** Limits that some of it would break, and guarantees that stand beside the role. */
    private Set<RefusalReason> quotaReasons(Role role, Resources part) {
        Set<RefusalReason> reasons = EnumSet.noneOf(RefusalReason.class);
        for (Map.Entry<Role, Quota> entry : books.quotas().byRole().entrySet()) {
            Role other = entry.getKey();
            if (other.covers(role)) {
                entry.getValue().limits().forEach((name, limit) -> {
                    long amount = MasterBooks.charged(part, name);
                    if (amount > 0 && books.consumed(other, name) + amount > limit) {
                        reasons.add(RefusalReason.ROLE_LIMIT);
                    }
                });
            }
            Quantities guarantees = entry.getValue().guarantees();
            for (int i = 0; i < guarantees.size(); i++) {
                boolean owed = books.consumed(other, guarantees.name(i)) < guarantees.thousandths(i);
                if (!other.covers(role) && owed && MasterBooks.charged(part, guarantees.name(i)) > 0) {
                    reasons.add(RefusalReason.GUARANTEES);
                }
            }
        }
        return reasons;
    }
}
