// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.fairshare;

import org.tepui.api.resources.Quantities;

/**
 * What a role gets before those who have their minimum. Immutable.
 *
 * @param fraction of all that the cluster has, 0 to 1
 * @param amounts besides that
 */
record MinimumShare(double fraction, Quantities amounts) {
    /** Rounding of sums of decimal fractions. */
    private static final double TOLERANCE = 1e-9;

    /** The amount of one resource in thousandths, of the total that the cluster has of it. */
    double of(String resource, long total) {
        return fraction * total + amounts.thousandths(resource);
    }

    MinimumShare plus(MinimumShare other) {
        return new MinimumShare(fraction + other.fraction, amounts.add(other.amounts));
    }

    /**
     * Whether this is too little for roles that have so much together. Fractions and amounts cannot be compared with
     * each other.
     */
    boolean isBelow(MinimumShare together) {
        return fraction > 0
                ? together.fraction > fraction + TOLERANCE
                : together.fraction == 0 && !amounts.contains(together.amounts);
    }

    @Override
    public String toString() {
        String part = fraction == 0 && !amounts.isEmpty() ? "" : String.valueOf((float) fraction);
        return part + (part.isEmpty() || amounts.isEmpty() ? "" : " and ") + amounts;
    }
}
