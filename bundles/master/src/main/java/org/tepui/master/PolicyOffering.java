// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.tepui.allocator.AllocatorFactory;

/**
 * A policy that is installed: the service of one bundle.
 *
 * @param name by which operators choose it
 * @param version of its bundle
 * @param bundleId of its bundle, or 0 for one that is in no bundle; of two with the same name the higher one is newer
 * @param factory makes its allocators
 * @param configuration what this machine's files set for it
 */
public record PolicyOffering(
        String name, String version, long bundleId, AllocatorFactory factory, Map<String, String> configuration) {
    /** Copies the configuration. */
    public PolicyOffering {
        configuration = Collections.unmodifiableMap(new TreeMap<>(configuration));
    }

    /** One that is in no bundle. */
    public static PolicyOffering of(AllocatorFactory factory, Map<String, String> configuration) {
        return new PolicyOffering(factory.name(), "0.0.0", 0, factory, configuration);
    }

    /** Whether that is the same service. */
    boolean isSame(PolicyOffering other) {
        return factory == other.factory;
    }

    /** As messages name it. */
    String title() {
        return name + " " + version;
    }
}
