// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tepui.api.Role;
import org.tepui.api.resources.Quantities;
import org.tepui.api.resources.Resource;
import org.tepui.api.resources.Resources;
import org.tepui.api.resources.ValueType;

/**
 * What each role consumes of its quota, with all the roles below it: what is reserved for it, used or not, and what
 * its tasks hold besides. Counted anew by a walk over all agents, as an operator's call may cost.
 */
final class RoleUsage {
    private final Map<Role, Quantities> consumed = new HashMap<>();
    private final Map<Role, Quantities> offered = new HashMap<>();
    private Quantities capacity = Quantities.empty();

    private RoleUsage() {}

    static RoleUsage of(Agents agents) {
        RoleUsage usage = new RoleUsage();
        for (AgentEntry agent : agents.all()) {
            if (agent.state().inBooks()) {
                usage.count(agent);
            } else if (agent.state() == AgentState.RECOVERED) {
                // it is expected back: without it the cluster would be small after each start of a master
                usage.countTotal(AgentRules.total(agent.info));
            }
        }
        return usage;
    }

    private void count(AgentEntry agent) {
        countTotal(agent.total);
        for (TaskEntry task : agent.tasks.values()) {
            if (task.charged()) {
                charge(consumed, task.role, limited(task.resources));
            }
        }
        for (OfferEntry offer : agent.offers.values()) {
            charge(offered, offer.role, limited(offer.resources));
        }
    }

    private void countTotal(Resources total) {
        Resources scalars = scalars(total);
        capacity = capacity.add(scalars.quantities());
        if (total.hasReserved()) {
            for (Resource resource : scalars.reserved()) {
                charge(
                        consumed,
                        resource.identity().reservationRole(),
                        Resources.of(resource).quantities());
            }
        }
    }

    private static void charge(Map<Role, Quantities> accounts, Role role, Quantities amounts) {
        for (@Nullable Role each = role; each != null; each = each.parent()) {
            accounts.merge(each, amounts, Quantities::add);
        }
    }

    private static Resources scalars(Resources resources) {
        return resources.nonRevocable().filter(resource -> resource.identity().type() == ValueType.SCALAR);
    }

    /** What of a bundle counts against the quota of the role that gets it: what is reserved counts already. */
    static Quantities limited(Resources resources) {
        return scalars(resources).unreserved().quantities();
    }

    /** What the role and those below it have for sure. */
    Quantities consumed(Role role) {
        return consumed.getOrDefault(role, Quantities.empty());
    }

    /** What the role and those below it are being offered, without what is reserved. */
    Quantities offered(Role role) {
        return offered.getOrDefault(role, Quantities.empty());
    }

    /** The scalars of all agents. */
    Quantities capacity() {
        return capacity;
    }
}
