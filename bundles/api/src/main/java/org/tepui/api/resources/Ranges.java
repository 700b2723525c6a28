// SPDX-License-Identifier: Apache-2.0
package org.tepui.api.resources;

import java.util.Arrays;
import java.util.Comparator;

/**
 * Whole numbers given as inclusive intervals, in ascending order and with neighbours joined: {@code [1-2, 3-5, 9-9]}
 * is {@code [1-5, 9-9]}. Immutable.
 */
public final class Ranges implements ResourceValue {
    /** The largest number that an interval may hold. */
    public static final long MAXIMUM_BOUND = Scalar.MAXIMUM_THOUSANDTHS / 1000 - 1;

    /** How many intervals one value may have when it comes from outside. */
    public static final int MAXIMUM_INTERVALS = 32_768;

    private static final Ranges EMPTY = new Ranges(new long[0]);

    /** Begin and end of each interval in turn. */
    private final long[] bounds;

    private final long count;

    private Ranges(long[] bounds) {
        this.bounds = bounds;
        long members = 0;
        for (int i = 0; i < bounds.length; i += 2) {
            members += bounds[i + 1] - bounds[i] + 1;
        }
        this.count = members;
    }

    /** No number at all. */
    public static Ranges empty() {
        return EMPTY;
    }

    /**
     * The numbers of the given intervals, in any order.
     *
     * @param bounds begin and end of each interval in turn
     * @throws IllegalArgumentException if an interval is inverted or out of bounds, if two overlap, or if there are
     * too many
     */
    public static Ranges of(long... bounds) {
        if (bounds.length % 2 != 0 || bounds.length > 2 * MAXIMUM_INTERVALS) {
            throw new IllegalArgumentException(bounds.length + " bounds are not allowed: two for each of at most "
                    + MAXIMUM_INTERVALS + " intervals");
        }
        for (int i = 0; i < bounds.length; i += 2) {
            checkInterval(bounds[i], bounds[i + 1]);
        }
        long[] sorted = isAscending(bounds) ? bounds : sorted(bounds);
        return new Ranges(joined(sorted));
    }

    private static void checkInterval(long begin, long end) {
        if (begin > end) {
            throw new IllegalArgumentException(
                    "range " + begin + "-" + end + " is inverted: it begins at the smaller number");
        }
        if (begin < 0 || end > MAXIMUM_BOUND) {
            throw new IllegalArgumentException(
                    "range " + begin + "-" + end + " is not allowed: bounds are 0 to " + MAXIMUM_BOUND);
        }
    }

    private static boolean isAscending(long[] bounds) {
        for (int i = 2; i < bounds.length; i += 2) {
            if (bounds[i] < bounds[i - 2]) {
                return false;
            }
        }
        return true;
    }

    private static long[] sorted(long[] bounds) {
        long[][] intervals = new long[bounds.length / 2][];
        for (int i = 0; i < intervals.length; i++) {
            intervals[i] = new long[] {bounds[2 * i], bounds[2 * i + 1]};
        }
        Arrays.sort(intervals, Comparator.comparingLong(interval -> interval[0]));
        long[] sorted = new long[bounds.length];
        for (int i = 0; i < intervals.length; i++) {
            System.arraycopy(intervals[i], 0, sorted, 2 * i, 2);
        }
        return sorted;
    }

    private static long[] joined(long[] sorted) {
        long[] joined = new long[sorted.length];
        int size = 0;
        for (int i = 0; i < sorted.length; i += 2) {
            if (size > 0 && sorted[i] <= joined[size - 1]) {
                throw new IllegalArgumentException("ranges overlap: " + joined[size - 2] + "-" + joined[size - 1]
                        + " and " + sorted[i] + "-" + sorted[i + 1]);
            }
            size = append(joined, size, sorted[i], sorted[i + 1]);
        }
        return Arrays.copyOf(joined, size);
    }

    /**
     * Adds an interval that begins no earlier than the last one of an ascending array, joined with it where they
     * touch.
     */
    private static int append(long[] bounds, int size, long begin, long end) {
        if (size > 0 && begin <= bounds[size - 1] + 1) {
            bounds[size - 1] = Math.max(bounds[size - 1], end);
            return size;
        }
        bounds[size] = begin;
        bounds[size + 1] = end;
        return size + 2;
    }

    /** How many intervals there are. */
    public int intervals() {
        return bounds.length / 2;
    }

    /** The first number of an interval, counted from 0. */
    public long begin(int interval) {
        return bounds[2 * interval];
    }

    /** The last number of an interval, counted from 0. */
    public long end(int interval) {
        return bounds[2 * interval + 1];
    }

    /** How many numbers there are. */
    public long count() {
        return count;
    }

    @Override
    public ValueType type() {
        return ValueType.RANGES;
    }

    @Override
    public boolean isEmpty() {
        return bounds.length == 0;
    }

    @Override
    public Ranges plus(ResourceValue value) {
        Ranges other = (Ranges) value;
        if (isEmpty() || other.isEmpty()) {
            return isEmpty() ? other : this;
        }
        long[] a = bounds;
        long[] b = other.bounds;
        long[] union = new long[a.length + b.length];
        int i = 0;
        int j = 0;
        int size = 0;
        while (i < a.length || j < b.length) {
            if (j == b.length || (i < a.length && a[i] <= b[j])) {
                size = append(union, size, a[i], a[i + 1]);
                i += 2;
            } else {
                size = append(union, size, b[j], b[j + 1]);
                j += 2;
            }
        }
        return new Ranges(size == union.length ? union : Arrays.copyOf(union, size));
    }

    @Override
    public Ranges minus(ResourceValue value) {
        Ranges other = (Ranges) value;
        if (isEmpty() || other.isEmpty()) {
            return this;
        }
        long[] a = bounds;
        long[] b = other.bounds;
        if (Arrays.equals(a, b)) {
            return EMPTY;
        }
        // each cut splits one interval in two at most
        long[] rest = new long[a.length + b.length];
        int size = 0;
        int j = 0;
        for (int i = 0; i < a.length; i += 2) {
            long begin = a[i];
            long end = a[i + 1];
            while (j < b.length && b[j + 1] < begin) {
                j += 2;
            }
            int cut = j;
            while (cut < b.length && b[cut] <= end && begin <= end) {
                if (b[cut] > begin) {
                    size = append(rest, size, begin, b[cut] - 1);
                }
                begin = b[cut + 1] + 1;
                cut += 2;
            }
            if (begin <= end) {
                size = append(rest, size, begin, end);
            }
        }
        return size == 0 ? EMPTY : new Ranges(Arrays.copyOf(rest, size));
    }

    @Override
    public boolean contains(ResourceValue value) {
        Ranges other = (Ranges) value;
        long[] a = bounds;
        long[] b = other.bounds;
        int i = 0;
        for (int j = 0; j < b.length; j += 2) {
            while (i < a.length && a[i + 1] < b[j]) {
                i += 2;
            }
            if (i == a.length || a[i] > b[j] || a[i + 1] < b[j + 1]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public long thousandths() {
        return count * 1000;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Ranges ranges && Arrays.equals(bounds, ranges.bounds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bounds);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < intervals(); i++) {
            text.append(i == 0 ? "" : ", ").append(begin(i)).append('-').append(end(i));
        }
        return text.append(']').toString();
    }
}
