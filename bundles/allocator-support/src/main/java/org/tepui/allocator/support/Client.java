// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator.support;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tepui.api.Role;
import org.tepui.api.resources.Quantities;
import org.tepui.api.resources.Resources;

/** One framework in one of its roles: the leaf of the role tree, and the one who is offered something. */
final class Client extends TreeNode {
    final FrameworkEntry framework;
    final Role role;

    /** A small number that no other client has, for tables. Given anew after the client is gone. */
    final int index;

    private final TreeNode group;

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

    /** The newest of its decline filters. */
    @Nullable
    DeclineFilter filters;

    Client(FrameworkEntry framework, Role role, int index, TreeNode group, ScalarTotals totals) {
        super(group.path() + "/" + framework.id.value(), group, totals);
        this.framework = framework;
        this.role = role;
        this.index = index;
        this.group = group;
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
    boolean isWorthwhile(Resources bundle, List<Quantities> clusterMinimum) {
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
