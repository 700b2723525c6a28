// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.priority;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tepui.allocator.ResourceRequest;
import org.tepui.allocator.support.AgentView;
import org.tepui.allocator.support.ClientView;
import org.tepui.api.AgentId;
import org.tepui.api.resources.Quantities;
import org.tepui.api.resources.Resources;
import org.tepui.api.resources.ValueType;

/**
 * What a framework needs on one agent to make use of it.
 *
 * @param agent on which, or null for any
 * @param amounts of each resource, whoever it is reserved for
 * @param exactly ranges and sets that have to be there, such as ports; without reservations
 * @param text the need in words
 */
record Need(@Nullable AgentId agent, Quantities amounts, Resources exactly, String text) {
    /** Of how many requests of a framework notice is taken. */
    private static final int MOST = 8;

    /**
     * What a framework needs: one of its requests if it made any, or else one bundle of the minimum that it asked for,
     * or else one of those given here.
     */
    static List<Need> of(ClientView client, List<Quantities> fallback) {
        List<Need> needs = new ArrayList<>();
        for (ResourceRequest request : client.requests()) {
            Resources wanted = request.resources().unallocate().toUnreserved();
            if (!wanted.isEmpty() && needs.size() < MOST) {
                Resources exactly =
                        wanted.filter(resource -> resource.identity().type() != ValueType.SCALAR);
                needs.add(new Need(request.agent(), wanted.quantities(), exactly, wanted.toString()));
            }
        }
        if (needs.isEmpty()) {
            List<Quantities> own = client.minimum();
            for (Quantities bundle : own == null ? fallback : own) {
                if (!bundle.isEmpty()) {
                    needs.add(new Need(null, bundle, Resources.empty(), bundle.toString()));
                }
            }
        }
        return needs;
    }

    /** The amounts without ranges and sets. */
    Quantities scalars() {
        return amounts.subtractAvailable(exactly.quantities());
    }

    /** Whether it may be satisfied on an agent at all. */
    boolean isFor(AgentView offered) {
        return agent == null || agent.equals(offered.profile().id());
    }

    /** Whether an offer satisfies it. */
    boolean fits(Resources offer) {
        return !offer.isEmpty()
                && offer.quantities().contains(amounts)
                && (exactly.isEmpty() || offer.toUnreserved().contains(exactly));
    }
}
