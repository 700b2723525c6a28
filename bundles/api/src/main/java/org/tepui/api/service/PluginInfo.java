// SPDX-License-Identifier: Apache-2.0
package org.tepui.api.service;

import java.time.Instant;
import java.util.List;

/**
 * A plug-in that is installed.
 *
 * @param name the symbolic name of its bundle
 * @param version of its bundle
 * @param bundleId of its bundle, until the next start of the container
 * @param origin where it came from
 * @param file in the deploy directory where it came from there; empty otherwise
 * @param since when it was installed, by the wall clock; the start of the container for those of the distribution
 * @param digest SHA-256 of the jar in hexadecimal digits; empty for those of the distribution
 * @param use what it is used for at present, a sentence; empty if nothing uses it
 * @param earlier versions that a rollback can return to, the next one first
 */
public record PluginInfo(
        String name,
        String version,
        long bundleId,
        Origin origin,
        String file,
        Instant since,
        String digest,
        String use,
        List<String> earlier) {
    /** Where a plug-in comes from. */
    public enum Origin {
        /** It belongs to the installation and cannot be removed. */
        DISTRIBUTION,
        /** Its jar was put into the deploy directory. */
        DEPLOY,
        /** An operator installed it by a call. */
        CALL
    }
}
