// SPDX-License-Identifier: Apache-2.0
package org.tepui.plugins;

import java.time.Instant;
import java.util.List;
import org.osgi.framework.Version;
import org.tepui.api.service.PluginInfo;
import org.tepui.api.service.PluginInfo.Origin;

/**
 * One version of a plug-in that was installed. Kept over restarts.
 *
 * @param name symbolic name of the bundle
 * @param version of the bundle
 * @param digest SHA-256 of the jar in hexadecimal digits, which is also the name under which it is kept
 * @param origin where it came from
 * @param file in the deploy directory; empty if it came from elsewhere
 * @param since when it was installed
 * @param over version of the bundle of that name that the distribution had then; empty if it had none
 */
record PluginRecord(
        String name, Version version, String digest, Origin origin, String file, Instant since, String over) {
    /** As operators see it. */
    PluginInfo info(long bundleId, String use, List<String> earlier) {
        return new PluginInfo(name, version.toString(), bundleId, origin, file, since, digest, use, earlier);
    }

    /** The plug-in as messages name it. */
    String title() {
        return name + " " + version;
    }
}
