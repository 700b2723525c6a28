// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.fairshare;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.tepui.api.Role;
import org.tepui.api.resources.Quantities;
import org.tepui.api.resources.Scalar;

/** The minimum shares of roles. A role that was given none has what the roles below it have together. Immutable. */
final class MinimumShares {
    private static final MinimumShares NONE = new MinimumShares(new TreeMap<>());
    private static final MinimumShare NOTHING = new MinimumShare(0, Quantities.empty());
    private static final MinimumShare EVERYTHING = new MinimumShare(1, Quantities.empty());

    private final Map<Role, MinimumShare> byRole;

    private MinimumShares(Map<Role, MinimumShare> byRole) {
        this.byRole = Collections.unmodifiableMap(byRole);
    }

    /** No role has one. */
    static MinimumShares none() {
        return NONE;
    }

    /**
     * Reads entries such as {@code ads:0.3} and {@code ads/web:cpus 40 mem 81920}.
     *
     * @throws IllegalArgumentException naming the entry or the role
     */
    static MinimumShares parse(List<String> entries) {
        Map<Role, MinimumShare> own = new TreeMap<>();
        for (String entry : entries) {
            int colon = entry.lastIndexOf(':');
            if (colon < 0) {
                throw new IllegalArgumentException("'" + entry + "' has no colon");
            }
            Role role = new Role(entry.substring(0, colon).trim());
            if (own.put(role, share(entry.substring(colon + 1).trim())) != null) {
                throw new IllegalArgumentException("role " + role + " is named twice");
            }
        }
        return new MinimumShares(withRolesAbove(own));
    }

    private static MinimumShare share(String text) {
        String[] words = text.split("\\s+", -1);
        if (words.length == 1) {
            return new MinimumShare(fraction(text), Quantities.empty());
        }
        Map<String, Long> amounts = new TreeMap<>();
        for (int i = 0; i < words.length; i += 2) {
            long amount = i + 1 == words.length ? 0 : Scalar.parse(words[i + 1]).thousandths();
            if (amount == 0 || amounts.put(words[i], amount) != null) {
                throw new IllegalArgumentException(
                        "'" + text + "' is not names and amounts in turns, each name once and no amount zero");
            }
        }
        return new MinimumShare(0, Quantities.of(amounts));
    }

    private static double fraction(String text) {
        double fraction = Double.NaN;
        try {
            fraction = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            // reported below, like a number out of bounds
        }
        if (!(fraction > 0 && fraction <= 1)) {
            throw new IllegalArgumentException("'" + text + "' is not a part of the cluster: more than 0, at most 1");
        }
        return fraction;
    }

    private static Map<Role, MinimumShare> withRolesAbove(Map<Role, MinimumShare> own) {
        Map<Role, MinimumShare> below = new TreeMap<>();
        MinimumShare together = NOTHING;
        for (Map.Entry<Role, MinimumShare> entry : own.entrySet()) {
            Role above = entry.getKey().parent();
            boolean counted = false;
            while (above != null && !counted) {
                below.merge(above, entry.getValue(), MinimumShare::plus);
                counted = own.containsKey(above);
                above = above.parent();
            }
            together = counted ? together : together.plus(entry.getValue());
        }
        if (EVERYTHING.isBelow(together)) {
            throw new IllegalArgumentException("all roles together have " + (float) together.fraction()
                    + " of the cluster, and at most 1 is allowed");
        }
        Map<Role, MinimumShare> all = new TreeMap<>(below);
        all.putAll(own);
        below.forEach((role, sum) -> {
            MinimumShare share = all.getOrDefault(role, sum);
            if (share.isBelow(sum)) {
                throw new IllegalArgumentException(
                        "role " + role + " has " + share + ", and the roles below it together " + sum);
            }
        });
        return all;
    }

    /** The minimum share of a role, or null if neither it nor a role below it was given one. */
    @Nullable
    MinimumShare of(Role role) {
        return byRole.get(role);
    }

    boolean isEmpty() {
        return byRole.isEmpty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MinimumShares shares && byRole.equals(shares.byRole);
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
