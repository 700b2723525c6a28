// SPDX-License-Identifier: Apache-2.0
package org.tepui.api.metrics;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The durations of an operation: how many there were since the start, and the distribution of the last
 * {@value #WINDOW} of them.
 *
 * <p>The window is a ring of exact values, so that quantiles are exact for what it holds and memory is bounded. A
 * quantile between two values is interpolated, as Mesos does. Safe to use from any thread; {@link #record} neither
 * locks nor allocates. A summary taken while others record may see some of their values and not yet others.
 */
public final class TimerMetric {
    /** How many of the last durations the distribution covers. */
    public static final int WINDOW = 1000;

    private static final double NANOS_PER_MILLISECOND = 1_000_000.0;

    private final AtomicLong recorded = new AtomicLong();
    private final AtomicLongArray ring = new AtomicLongArray(WINDOW);

    TimerMetric() {}

    /**
     * Adds one duration.
     *
     * @param nanos in nanoseconds; a negative one counts as zero
     */
    public void record(long nanos) {
        long index = recorded.getAndIncrement();
        ring.set((int) (index % WINDOW), Math.max(0, nanos));
    }

    /** The durations recorded since the process started, not only those in the window. */
    public long count() {
        return recorded.get();
    }

    /** The distribution of the window, in milliseconds. */
    public Summary summary() {
        long count = recorded.get();
        int size = (int) Math.min(count, WINDOW);
        if (size == 0) {
            return new Summary(0, 0, new double[0]);
        }
        double last = ring.get((int) ((count - 1) % WINDOW)) / NANOS_PER_MILLISECOND;
        double[] sorted = new double[size];
        for (int i = 0; i < size; i++) {
            sorted[i] = ring.get(i) / NANOS_PER_MILLISECOND;
        }
        Arrays.sort(sorted);
        return new Summary(count, last, sorted);
    }

    /**
     * The distribution of the durations in the window at one moment. All values are milliseconds, and zero where
     * nothing was recorded.
     */
    public static final class Summary {
        private final long count;
        private final double last;
        private final double[] sorted;

        private Summary(long count, double last, double[] sorted) {
            this.count = count;
            this.last = last;
            this.sorted = sorted;
        }

        /** The durations recorded since the start. */
        public long count() {
            return count;
        }

        /** The most recent duration. */
        public double last() {
            return last;
        }

        /** The shortest duration in the window. */
        public double min() {
            return sorted.length == 0 ? 0 : sorted[0];
        }

        /** The longest duration in the window. */
        public double max() {
            return sorted.length == 0 ? 0 : sorted[sorted.length - 1];
        }

        /**
         * The duration below which a part of the window lies.
         *
         * @param part 0 to 1, such as 0.99
         * @throws IllegalArgumentException if outside of that
         */
        public double quantile(double part) {
            if (!(part >= 0 && part <= 1)) {
                throw new IllegalArgumentException("quantile " + part + " is not allowed: 0 to 1");
            }
            if (sorted.length == 0) {
                return 0;
            }
            double position = part * (sorted.length - 1);
            int below = (int) Math.floor(position);
            int above = Math.min(below + 1, sorted.length - 1);
            return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
        }
    }
}
