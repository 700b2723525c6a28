// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.fairshare;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.tepui.allocator.support.ShareNode;

/**
 * What one node of the role tree had on average over time, the past fading: of each resource a number of thousandths,
 * by the numbers of {@link UsageHistory}. The average is that of a moment, {@link #time}, and what the node has did not
 * change since.
 */
final class NodeUsage {
    final String path;

    /** The node, or null while there is none. */
    @Nullable
    ShareNode node;

    /** How large it was among all when they were put in order last. */
    double size;

    private double[] average;
    private long time;

    NodeUsage(String path, double[] average, long time) {
        this.path = path;
        this.average = average;
        this.time = time;
    }

    /** The moment of the average, by {@link org.tepui.allocator.AllocatorContext#nanoTime}. */
    long time() {
        return time;
    }

    double average(int resource) {
        return resource < average.length ? average[resource] : 0;
    }

    /** Lets the average fade: none of the resources was used for the given part of all time, which ended now. */
    void fade(double part, long now) {
        for (int resource = 0; resource < average.length; resource++) {
            average[resource] *= 1 - part;
        }
        time = now;
    }

    /** Adds to the average of one resource. */
    void add(int resource, double amount) {
        if (resource >= average.length) {
            average = Arrays.copyOf(average, resource + 1);
        }
        average[resource] += amount;
    }

    /** How many resources it has an average of, zeros included. */
    int resources() {
        return average.length;
    }

    /** Whether nothing is left of what it had. */
    boolean isEmpty() {
        for (double amount : average) {
            if (amount > 0) {
                return false;
            }
        }
        return true;
    }
}
