// SPDX-License-Identifier: Apache-2.0
package org.tepui.api;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The quota of every role that has one, at any depth of the role tree. Immutable. */
public final class Quotas {
    private static final Quotas NONE = new Quotas(new TreeMap<>());

    private final SortedMap<Role, Quota> byRole;

    private Quotas(SortedMap<Role, Quota> byRole) {
        this.byRole = Collections.unmodifiableSortedMap(byRole);
    }

    /** No role has a quota. */
    public static Quotas none() {
        return NONE;
    }

    /** These with some of them given anew; one that says nothing takes the role's quota away. */
    public Quotas with(Map<Role, Quota> changes) {
        SortedMap<Role, Quota> changed = new TreeMap<>(byRole);
        changes.forEach((role, quota) -> {
            if (quota.isNone()) {
                changed.remove(role);
            } else {
                changed.put(role, quota);
            }
        });
        return new Quotas(changed);
    }

    /** The quota of a role, {@link Quota#NONE} if it was given none. */
    public Quota of(Role role) {
        return byRole.getOrDefault(role, Quota.NONE);
    }

    /** Whether no role has a quota. */
    public boolean isEmpty() {
        return byRole.isEmpty();
    }

    /** The quotas that say something, by role. */
    public SortedMap<Role, Quota> byRole() {
        return byRole;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Quotas quotas && byRole.equals(quotas.byRole);
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
