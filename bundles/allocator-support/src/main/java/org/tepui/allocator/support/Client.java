// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator.support;

import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.tepui.allocator.AgentConstraint;
import org.tepui.allocator.ResourceRequest;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;
import org.tepui.api.resources.Quantities;
import org.tepui.api.resources.Resources;

/** One framework in one of its roles: the leaf of the role tree, and the one who is offered something. */
final class Client extends TreeNode implements ClientView {
    final FrameworkEntry framework;
    final Role role;

    /** A small number that no other client has, for tables. Given anew after the client is gone. */
    final int index;

    private final TreeNode group;
    private final List<Quantities> clusterMinimum;

    /** Whether it is served. */
    boolean served;

    /** Whether the framework has this role now; it may hold resources in one that it left. */
    boolean subscribed;

    /** Whether the framework wants no offers in this role. */
    boolean suppressed;

    /** On how many agents it holds something. */
    int agents;

    /** Kinds of agents that it is not offered, as bits of {@link AgentEntry}. */
    int excludedTraits;

    boolean takesRevocable;
    boolean takesShared;
    boolean takesRefined;

    /** Bundles of which an offer has to hold one, or null for those of the cluster. */
    @Nullable
    List<Quantities> minimum;

    /** Which agents it wants, or null for all. */
    private @Nullable AgentConstraint constraint;

    /** Agents, by index, for which the constraint was asked, and those among them that it admits. */
    private BitSet asked = new BitSet(0);

    private BitSet admitted = new BitSet(0);

    /** The newest of its decline filters. */
    @Nullable
    DeclineFilter filters;

    Client(
            FrameworkEntry framework,
            Role role,
            int index,
            TreeNode group,
            ScalarTotals totals,
            List<Quantities> clusterMinimum) {
        super(group.path() + "/" + framework.id.value(), group, totals);
        this.framework = framework;
        this.role = role;
        this.index = index;
        this.group = group;
        this.clusterMinimum = clusterMinimum;
    }

    @Override
    public FrameworkId frameworkId() {
        return framework.id;
    }

    @Override
    public Role role() {
        return role;
    }

    @Override
    public boolean isFramework() {
        return true;
    }

    @Override
    public boolean isServed() {
        return served;
    }

    @Override
    public List<ResourceRequest> requests() {
        return framework.requests;
    }

    @Override
    public long requestedAt() {
        return framework.requestedAt;
    }

    @Override
    public @Nullable List<Quantities> minimum() {
        return minimum;
    }

    @Override
    public Resources usable(AgentView agent, Resources resources) {
        AgentEntry entry = (AgentEntry) agent;
        if (!entry.active || (entry.traits() & excludedTraits) != 0 || !admits(entry)) {
            return Resources.empty();
        }
        Resources part = takes(resources);
        boolean blocked = part.isEmpty() || !isWorthwhile(part) || entry.filters.blocks(this, part, false);
        return blocked ? Resources.empty() : part;
    }

    /** Takes over which agents it wants; null for all. Returns whether there is a constraint. */
    boolean constrain(@Nullable AgentConstraint changed) {
        if (!Objects.equals(constraint, changed)) {
            constraint = changed;
            asked = new BitSet(0);
            admitted = new BitSet(0);
        }
        return changed != null;
    }

    /** Whether it wants to be offered an agent. */
    boolean admits(AgentEntry agent) {
        if (constraint == null) {
            return true;
        }
        if (!asked.get(agent.index)) {
            asked.set(agent.index);
            admitted.set(agent.index, constraint.admits(agent.profile()));
        }
        return admitted.get(agent.index);
    }

    /** An agent is another than before. */
    void askAgain(AgentEntry agent) {
        asked.clear(agent.index);
    }

    TreeNode group() {
        return group;
    }

    /** The part of free resources that may be offered to it, by reservation and by kind. */
    Resources takes(Resources free) {
        Resources taken = free.allocatableTo(role);
        taken = takesRevocable ? taken : taken.nonRevocable();
        taken = takesShared ? taken : taken.nonShared();
        return takesRefined ? taken : taken.unrefined();
    }

    /** Whether a bundle is large enough to be offered to it. */
    boolean isWorthwhile(Resources bundle) {
        List<Quantities> allowed = minimum == null ? clusterMinimum : minimum;
        return isWorthwhile(allowed, bundle);
    }

    static boolean isWorthwhile(List<Quantities> allowed, Resources bundle) {
        if (allowed.isEmpty()) {
            return true;
        }
        Quantities amounts = bundle.quantities();
        for (int i = 0; i < allowed.size(); i++) {
            if (amounts.contains(allowed.get(i))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    /** The index, so that no order depends on where objects lie in memory. */
    @Override
    public int hashCode() {
        return index;
    }
}
