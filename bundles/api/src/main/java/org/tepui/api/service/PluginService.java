// SPDX-License-Identifier: Apache-2.0
package org.tepui.api.service;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Installs, replaces and removes plug-ins of this container while it runs. Changes are made one after the other. A
 * future ends when the change is complete, durable and in use, or with a {@link PluginException}; it is completed on a
 * thread of the service, which must not be blocked.
 */
@ProviderType
public interface PluginService {
    /** The largest jar that is taken, in bytes. */
    int MAXIMUM_JAR_BYTES = 64 << 20;

    /**
     * Installs a plug-in, or a new version of one beside the old; the old one goes when nothing uses it any more.
     *
     * @param jar a bundle, at most {@link #MAXIMUM_JAR_BYTES}
     * @param downgrade whether a version lower than the one that is there is meant
     */
    CompletableFuture<PluginInfo> install(byte[] jar, boolean downgrade);

    /** The plug-ins that are installed, by name; of one name the one installed last first. */
    CompletableFuture<List<PluginInfo>> list();

    /** The jars in the deploy directory that were not installed, by name. */
    CompletableFuture<List<PluginRefusal>> refused();

    /**
     * Removes a plug-in. {@link #rollback} brings it back.
     *
     * @param version to remove only that version
     * @return what was removed
     */
    CompletableFuture<PluginInfo> remove(String name, Optional<String> version);

    /**
     * Returns to the version that was installed before the present one, or to the last one if none is installed.
     *
     * @return what is installed now: for a first version beside one of the distribution, that of the distribution
     */
    CompletableFuture<PluginInfo> rollback(String name);
}
