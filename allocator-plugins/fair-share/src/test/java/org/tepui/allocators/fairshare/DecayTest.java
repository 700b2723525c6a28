// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.fairshare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class DecayTest {
    private static final Duration WEEK = Duration.ofDays(7);
    private final Decay decay = new Decay(WEEK);

    @Test
    void halvesInAHalfLife() {
        long week = WEEK.toNanos();
        assertThat(decay.partOfLast(week)).isEqualTo(0.5, within(1e-15));
        assertThat(decay.partOfLast(2 * week)).isEqualTo(0.75, within(1e-15));
        assertThat(decay.partOfLast(10 * week)).isEqualTo(1 - 1.0 / 1024, within(1e-15));
        assertThat(decay.partOfLast(Long.MAX_VALUE)).isLessThanOrEqualTo(1);
    }

    @Test
    void isExactForTimesThatAreShort() {
        for (long nanoseconds = 1; nanoseconds < WEEK.toNanos(); nanoseconds *= 7) {
            double x = Math.log(2) * nanoseconds / WEEK.toNanos();
            assertThat(decay.partOfLast(nanoseconds))
                    .as("%d ns", nanoseconds)
                    .isCloseTo(-StrictMath.expm1(-x), Percentage.withPercentage(1e-12));
        }
    }

    @Test
    void countsNoTimeThatDidNotPass() {
        assertThat(decay.partOfLast(0)).isZero();
        assertThat(decay.partOfLast(-WEEK.toNanos())).isZero();
    }
}
