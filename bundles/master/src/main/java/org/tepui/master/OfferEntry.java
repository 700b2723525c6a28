// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import org.jspecify.annotations.Nullable;
import org.tepui.api.OfferId;
import org.tepui.api.Role;
import org.tepui.api.resources.Resources;
import org.tepui.runtime.Timer;
import org.tepui.v1.Offer;

/** One offer in the books, while it is outstanding. Soft state: the offers of a master end with it. */
final class OfferEntry {
    final OfferId id;
    final FrameworkEntry framework;
    final AgentEntry agent;
    final Role role;
    /** Without an allocation: what the agent's books hold for it. */
    final Resources resources;
    /** As it was sent. */
    final Offer message;

    @Nullable
    Timer expiry;

    private OfferState state = OfferState.OUTSTANDING;

    OfferEntry(OfferId id, FrameworkEntry framework, AgentEntry agent, Role role, Resources resources, Offer message) {
        this.id = id;
        this.framework = framework;
        this.agent = agent;
        this.role = role;
        this.resources = resources;
        this.message = message;
    }

    OfferState state() {
        return state;
    }

    /** @throws IllegalStateException if that is no legal move */
    void moveTo(OfferState next) {
        if (!OfferState.MOVES.allows(state, next)) {
            throw new IllegalStateException("offer " + id + " cannot go from " + state + " to " + next);
        }
        state = next;
    }
}
