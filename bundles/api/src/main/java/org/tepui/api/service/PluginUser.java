// SPDX-License-Identifier: Apache-2.0
package org.tepui.api.service;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Registered as a service by what uses the services of plug-ins: a master that runs a policy. Whoever installs and
 * removes plug-ins asks it, so that a bundle goes only after its user took up another one.
 *
 * <p>A plug-in is named by the id of its bundle, which the container adds to each of its services as {@code
 * service.bundleid}. Of several bundles whose services have the same name (a new version of a policy beside the old)
 * a user takes the one that was installed last, which is the one with the highest id.
 *
 * <p>The calls are quick and safe to use from any thread.
 */
@ProviderType
public interface PluginUser {
    /** How a user stands to a bundle. */
    enum Standing {
        /** It uses nothing of it and is not about to. */
        UNUSED,
        /** It brings up what it wants to use instead of what it uses now. */
        PREPARING,
        /** It uses it. */
        IN_USE,
        /** It tried it, or looked at it, and does without. */
        REJECTED
    }

    /**
     * What a user has to say about a bundle.
     *
     * @param standing whether it uses it
     * @param reason a sentence for the operator: what it is used for, or why it was rejected; may be empty
     */
    record Use(Standing standing, String reason) {
        /** Of a bundle that has nothing to do with the user. */
        public static final Use NONE = new Use(Standing.UNUSED, "");
    }

    /**
     * How this user stands to a bundle at present. From the moment at which a service that it wants was registered
     * until it uses or rejects it, that is {@link Standing#PREPARING}.
     */
    Use useOf(long bundleId);

    /**
     * Asks to do without a bundle from now on, taking up the best other one. The bundle may still be {@link
     * Standing#IN_USE} when this returns: it can be uninstalled once {@link #useOf} says otherwise.
     *
     * @return why not, if there is no other, and nothing was changed; empty if it is on the way or was not used
     */
    Optional<String> release(long bundleId);
}
