// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator.support;

import org.jspecify.annotations.Nullable;
import org.tepui.api.resources.Resources;

/**
 * A framework declined resources in a role on an agent, for some time: neither these nor a part of them are offered
 * to it there.
 */
final class DeclineFilter {
    final Client client;
    final AgentEntry agent;

    /** What was declined, without allocation role. */
    final Resources refused;

    /** When it ends, in ticks of {@link DeclineFilters}. */
    final long end;

    /** An older one of the same client on the same agent. */
    @Nullable
    DeclineFilter older;

    /** Neighbours among those of the same client. */
    @Nullable
    DeclineFilter previousOfClient;

    @Nullable
    DeclineFilter nextOfClient;

    /** Neighbours among those that end at the same tick. */
    @Nullable
    DeclineFilter previousAtEnd;

    @Nullable
    DeclineFilter nextAtEnd;

    DeclineFilter(Client client, AgentEntry agent, Resources refused, long end) {
        this.client = client;
        this.agent = agent;
        this.refused = refused;
        this.end = end;
    }

    /** Whether an offer of these resources is held back. */
    boolean blocks(Resources offer) {
        return refused.contains(offer);
    }
}
