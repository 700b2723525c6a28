// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator.support;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.tepui.api.configuration.ConfigurationReader;
import org.tepui.api.resources.Quantities;

/**
 * The settings of the hierarchical allocator. A policy that is built on it declares their keys among its own, best
 * with the defaults that are given here, which are those of the Mesos master where it has them.
 *
 * @param allocationInterval the least time for which a decline holds, and the most that a declined agent waits before
 *     it is offered to others: 10ms
 *     to 1h
 * @param minimumAllocatable bundles of which an offer has to hold at least one; without any, every offer will do
 * @param keepGpus whether agents with GPUs are kept for frameworks that can use them
 * @param reoffersPerSecond how many declined offers are made to others in a second, so that frameworks that decline
 *     everything do not keep the
 *     master busy: 1 to 1,000,000
 */
public record HierarchicalOptions(
        Duration allocationInterval, List<Quantities> minimumAllocatable, boolean keepGpus, int reoffersPerSecond) {
    /** The key of the least time for which a decline holds. */
    public static final String ALLOCATION_INTERVAL = "allocation.interval";

    /** The key of the bundles of which an offer has to hold one. */
    public static final String MIN_ALLOCATABLE_RESOURCES = "min.allocatable.resources";

    /** The key of whether GPUs are kept for frameworks that can use them. */
    public static final String FILTER_GPU_RESOURCES = "filter.gpu.resources";

    /** The key of how many declined offers are made to others in a second. */
    public static final String REOFFERS_PER_SECOND = "reoffers.per.second";

    /** The default of {@link #ALLOCATION_INTERVAL}. */
    public static final String DEFAULT_ALLOCATION_INTERVAL = "1s";

    /** The default of {@link #MIN_ALLOCATABLE_RESOURCES}. */
    public static final String DEFAULT_MIN_ALLOCATABLE_RESOURCES = "cpus:0.01|mem:32";

    /** The default of {@link #REOFFERS_PER_SECOND}. */
    public static final int DEFAULT_REOFFERS_PER_SECOND = 10_000;

    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(10);
    private static final Duration LONGEST_INTERVAL = Duration.ofHours(1);
    private static final int MOST_REOFFERS = 1_000_000;

    /** Copies the list. */
    public HierarchicalOptions {
        minimumAllocatable = List.copyOf(minimumAllocatable);
    }

    /** Every setting at its default. */
    public static HierarchicalOptions defaults() {
        return new HierarchicalOptions(
                Duration.ofSeconds(1), minimum(DEFAULT_MIN_ALLOCATABLE_RESOURCES), true, DEFAULT_REOFFERS_PER_SECOND);
    }

    /** Reads the settings. What is wrong is reported to the reader, whose declaration has to have the four keys. */
    public static HierarchicalOptions read(ConfigurationReader reader) {
        return new HierarchicalOptions(
                reader.duration(ALLOCATION_INTERVAL, SHORTEST_INTERVAL, LONGEST_INTERVAL),
                bundles(reader, MIN_ALLOCATABLE_RESOURCES),
                reader.flag(FILTER_GPU_RESOURCES),
                reader.integer(REOFFERS_PER_SECOND, 1, MOST_REOFFERS));
    }

    /**
     * Reads bundles such as {@code cpus:0.01|mem:32}: amounts of which one has to be there. What is wrong is reported
     * to the reader, and reads as none.
     */
    public static List<Quantities> bundles(ConfigurationReader reader, String key) {
        try {
            return minimum(reader.text(key));
        } catch (IllegalArgumentException e) {
            reader.reject(key, "bundles such as cpus:0.01|mem:32 are allowed; " + e.getMessage());
            return List.of();
        }
    }

    private static List<Quantities> minimum(String text) {
        List<Quantities> bundles = new ArrayList<>();
        if (!text.isBlank()) {
            for (String part : text.split("\\|", -1)) {
                bundles.add(Quantities.parse(part));
            }
        }
        return bundles;
    }
}
