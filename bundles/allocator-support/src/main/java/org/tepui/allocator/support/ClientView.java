// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator.support;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;
import org.tepui.allocator.ResourceRequest;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;
import org.tepui.api.resources.Quantities;
import org.tepui.api.resources.Resources;

/** One framework in one of its roles, as a policy sees it. To be read on the allocator's loop. */
@ProviderType
public interface ClientView extends ShareNode {
    /** The framework. */
    FrameworkId frameworkId();

    @Override
    Role role();

    /** What the framework asked for last, in whatever role; empty if it never asked. */
    List<ResourceRequest> requests();

    /**
     * When it asked last, by the clock of {@link org.tepui.allocator.AllocatorContext#nanoTime}; without meaning if it
     * never asked.
     */
    long requestedAt();

    /**
     * Bundles of which an offer to it has to hold one, as the framework asked in this role, empty if it takes any
     * offer; null if it left that to the cluster.
     */
    @Nullable
    List<Quantities> minimum();

    /**
     * What of some resources would be offered to it on an agent if nobody else were there: the part that it can take
     * by capabilities, constraints and reservations. Empty if the agent is not active, if that is too little to be
     * worth an offer, or if it declined as much. Quotas are left out of account.
     *
     * @param resources without allocation role: what is free there, for example, and what tasks hold besides
     */
    Resources usable(AgentView agent, Resources resources);
}
