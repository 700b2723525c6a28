// SPDX-License-Identifier: Apache-2.0
package org.tepui.api;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How large a share each role has beside its siblings: a role of weight 2 gets twice what a sibling of weight 1 gets.
 * Roles that are not named have weight 1. Immutable.
 */
public final class Weights {
    /** The weight of a role that none was given to. */
    public static final double DEFAULT = 1.0;

    /** Bounds that keep the arithmetic of shares well away from the limits of a double. */
    private static final double MINIMUM = 1e-6;

    private static final double MAXIMUM = 1e9;

    private static final Weights NONE = new Weights(new TreeMap<>());

    private final SortedMap<Role, Double> byRole;

    private Weights(SortedMap<Role, Double> byRole) {
        this.byRole = Collections.unmodifiableSortedMap(byRole);
    }

    /** Every role has weight 1. */
    public static Weights none() {
        return NONE;
    }

    /**
     * These weights with some of them given anew.
     *
     * @throws IllegalArgumentException naming the role and its weight, if a weight is not allowed
     */
    public Weights with(Map<Role, Double> changes) {
        SortedMap<Role, Double> changed = new TreeMap<>(byRole);
        changes.forEach((role, weight) -> changed.put(role, check(role, weight)));
        return new Weights(changed);
    }

    /** The weight of a role, 1 unless it was given another. */
    public double of(Role role) {
        return byRole.getOrDefault(role, DEFAULT);
    }

    /** The weights that were given, by role. */
    public SortedMap<Role, Double> byRole() {
        return byRole;
    }

    /**
     * Returns the weight if it is allowed.
     *
     * @throws IllegalArgumentException naming the role and the weight
     */
    public static double check(Role role, double weight) {
        if (!(weight >= MINIMUM && weight <= MAXIMUM)) {
            throw new IllegalArgumentException(
                    "weight " + weight + " of role '" + role + "' is not allowed: " + MINIMUM + " to " + MAXIMUM);
        }
        return weight;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Weights weights && byRole.equals(weights.byRole);
    }

    @Override
    public int hashCode() {
        return byRole.hashCode();
    }

    @Override
    public String toString() {
        return byRole.toString();
    }
}
