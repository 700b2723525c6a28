// SPDX-License-Identifier: Apache-2.0
package org.tepui.api;

/**
 * Where a machine stands: those of one zone fail together more often than those of one region, which are farther from
 * each other.
 *
 * @param region the name of the region, not empty
 * @param zone the name of the zone within the region, not empty
 */
public record FaultDomain(String region, String zone) {
    /** @throws IllegalArgumentException if a name is empty */
    public FaultDomain {
        if (region.isEmpty() || zone.isEmpty()) {
            throw new IllegalArgumentException("fault domain with region '" + region + "' and zone '" + zone
                    + "' is not allowed: both have a name");
        }
    }
}
