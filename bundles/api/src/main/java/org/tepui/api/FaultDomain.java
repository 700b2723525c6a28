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

    /**
     * Reads {@code REGION/ZONE}.
     *
     * @throws IllegalArgumentException if that is not what the text is
     */
    public static FaultDomain parse(String text) {
        String[] names = text.split("/", -1);
        if (names.length != 2 || names[0].isBlank() || names[1].isBlank()) {
            String start = text.length() > 60 ? text.substring(0, 60) + "..." : text;
            throw new IllegalArgumentException("'" + start + "' is not a fault domain: REGION/ZONE is expected");
        }
        return new FaultDomain(names[0].strip(), names[1].strip());
    }
}
