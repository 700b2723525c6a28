// SPDX-License-Identifier: Apache-2.0
package org.tepui.api;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tepui.api.resources.Quantities;
import org.tepui.api.resources.Scalar;

/**
 * What a role is sure to get, and what it can get at most, over the whole cluster and with all the roles below it.
 * Scalar resources only. Immutable.
 *
 * @param guarantees what is kept for the role while it wants more than it has
 * @param limits the most the role may hold by resource name, in thousandths, zero included; a resource that is absent
 *     is not limited
 */
public record Quota(Quantities guarantees, SortedMap<String, Long> limits) {
    /** Nothing guaranteed and nothing limited: as if there were no quota. */
    public static final Quota NONE = new Quota(Quantities.empty(), new TreeMap<>());

    /** @throws IllegalArgumentException if a limit is negative or lower than the guarantee of the same resource */
    public Quota {
        limits = Collections.unmodifiableSortedMap(new TreeMap<>(limits));
        for (Map.Entry<String, Long> limit : limits.entrySet()) {
            long guarantee = guarantees.thousandths(limit.getKey());
            if (limit.getValue() < guarantee) {
                throw new IllegalArgumentException("limit " + Scalar.format(limit.getValue()) + " of '" + limit.getKey()
                        + "' is not allowed: at least the guarantee, " + Scalar.format(guarantee));
            }
        }
    }

    /** Whether it says nothing. */
    public boolean isNone() {
        return guarantees.isEmpty() && limits.isEmpty();
    }
}
