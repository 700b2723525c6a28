// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.fairshare;

import java.time.Duration;
import java.util.Map;
import org.tepui.allocator.support.HierarchicalOptions;
import org.tepui.api.configuration.ConfigurationReader;

/**
 * The settings of this policy, as {@link FairShareConfiguration} declares them.
 *
 * @param options those of the allocator that it is built on
 * @param halfLife after how long what was used counts half as much
 * @param minimumShares what roles get before all others
 * @param usageWeights what a unit of each resource counts
 */
record FairShareSettings(
        HierarchicalOptions options, Duration halfLife, MinimumShares minimumShares, UsageWeights usageWeights) {
    private static final String MINIMUM_SHARES = "minimum.shares";
    private static final String USAGE_WEIGHTS = "usage.weights";
    private static final Duration SHORTEST_HALF_LIFE = Duration.ofMinutes(1);
    private static final Duration LONGEST_HALF_LIFE = Duration.ofDays(52 * 7);

    /**
     * Reads the settings.
     *
     * @throws org.tepui.api.configuration.ConfigurationException naming every key that is not known or has a wrong
     *     value, and what is allowed
     */
    static FairShareSettings read(Map<String, String> configuration) {
        ConfigurationReader reader = ConfigurationReader.of(FairShareConfiguration.class, configuration);
        FairShareSettings settings = new FairShareSettings(
                HierarchicalOptions.read(reader),
                reader.duration("half.life", SHORTEST_HALF_LIFE, LONGEST_HALF_LIFE),
                minimumShares(reader),
                usageWeights(reader));
        reader.finish();
        return settings;
    }

    private static MinimumShares minimumShares(ConfigurationReader reader) {
        try {
            return MinimumShares.parse(reader.list(MINIMUM_SHARES));
        } catch (IllegalArgumentException e) {
            reader.reject(
                    MINIMUM_SHARES,
                    "roles with parts of the cluster or amounts, such as ads:0.3,ads/web:cpus 40 mem 81920, are"
                            + " allowed; " + e.getMessage());
            return MinimumShares.none();
        }
    }

    private static UsageWeights usageWeights(ConfigurationReader reader) {
        try {
            return UsageWeights.parse(reader.list(USAGE_WEIGHTS));
        } catch (IllegalArgumentException e) {
            reader.reject(
                    USAGE_WEIGHTS,
                    "resources with numbers, such as cpus:1,mem:0.25/GB, are allowed; " + e.getMessage());
            return UsageWeights.none();
        }
    }
}
