// SPDX-License-Identifier: Apache-2.0
package org.tepui.api.resources;

import java.util.ArrayList;
import java.util.List;

/**
 * What calls reserved of an agent, on top of what the agent's configuration says: the part of its resources that the
 * agent has to remember. Pure functions.
 */
public final class DynamicReservations {
    private DynamicReservations() {}

    /** The part of an agent's resources of which the innermost reservation was made by a call. */
    public static Resources of(Resources total) {
        return total.filter(DynamicReservations::isDynamic);
    }

    /** Whether the innermost reservation of a resource was made by a call. */
    public static boolean isDynamic(Resource resource) {
        List<Reservation> stack = resource.identity().reservations();
        return !stack.isEmpty() && stack.get(stack.size() - 1).type() == Reservation.Type.DYNAMIC;
    }

    /**
     * The same amounts as the agent's configuration has them: with static reservations only.
     *
     * @throws IllegalArgumentException if that would leave a persistent volume without reservation
     */
    public static Resources strip(Resources resources) {
        List<Resource> stripped = new ArrayList<>(resources.size());
        for (Resource resource : resources) {
            List<Reservation> fixed = resource.identity().reservations().stream()
                    .filter(reservation -> reservation.type() == Reservation.Type.STATIC)
                    .toList();
            stripped.add(resource.withIdentity(resource.identity().withReservations(fixed)));
        }
        return Resources.of(stripped);
    }

    /**
     * What an agent has, once those reservations are made that fit what it is configured with.
     *
     * @param configured with static reservations only
     * @param reserved a part of it, with all reservations; what does not fit is left out
     */
    public static Resources apply(Resources configured, Resources reserved) {
        Resources rest = configured;
        Resources made = Resources.empty();
        for (Resource resource : reserved) {
            Resources one = Resources.of(resource);
            Resources without = strip(one);
            if (rest.contains(without)) {
                rest = rest.subtract(without);
                made = made.add(one);
            }
        }
        return rest.add(made);
    }
}
