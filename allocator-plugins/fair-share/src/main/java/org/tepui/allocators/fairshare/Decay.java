// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.fairshare;

import java.time.Duration;

/** How the past fades: what was the case a half-life ago counts half of what is the case now. Immutable. */
final class Decay {
    /** Below this, three terms of the series are as exact as a double can be. */
    private static final double SMALL = 1e-5;

    private final double perNanosecond;

    /** @param halfLife more than zero */
    Decay(Duration halfLife) {
        this.perNanosecond = Math.log(2) / halfLife.toNanos();
    }

    /**
     * How much the last so many nanoseconds count in an average over all time: 1 - 2<sup>-time/half-life</sup>, 0 to
     * 1. All time before counts the rest. Exact also for a microsecond of a year, of which the power would show
     * nothing. A time below zero, when a clock was set back, counts nothing.
     */
    double partOfLast(long nanoseconds) {
        double x = Math.max(0, nanoseconds) * perNanosecond;
        return x < SMALL ? x * (1 - x / 2 * (1 - x / 3)) : -StrictMath.expm1(-x);
    }
}
