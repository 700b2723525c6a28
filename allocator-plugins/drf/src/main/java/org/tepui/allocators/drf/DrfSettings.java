// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.drf;

import java.util.Collections;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.tepui.allocator.support.HierarchicalOptions;
import org.tepui.api.configuration.ConfigurationReader;

/**
 * The settings of this policy, as {@link DrfConfiguration} declares them.
 *
 * @param options those of the allocator that it is built on
 * @param excluded names of resources that do not count for fairness
 */
record DrfSettings(HierarchicalOptions options, SortedSet<String> excluded) {
    /**
     * Reads the settings.
     *
     * @throws org.tepui.api.configuration.ConfigurationException naming every key that is not known or has a wrong
     *     value, and what is allowed
     */
    static DrfSettings read(Map<String, String> configuration) {
        ConfigurationReader reader = ConfigurationReader.of(DrfConfiguration.class, configuration);
        HierarchicalOptions options = HierarchicalOptions.read(reader);
        SortedSet<String> excluded = new TreeSet<>(reader.list("fair.sharing.excluded.resource.names"));
        reader.finish();
        return new DrfSettings(options, Collections.unmodifiableSortedSet(excluded));
    }
}
