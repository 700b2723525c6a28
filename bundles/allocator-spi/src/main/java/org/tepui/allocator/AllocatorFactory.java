// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator;

import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Makes allocators of one policy. A policy's bundle registers one as a service; the master chooses a policy by its
 * name and owns the allocators it makes, so that a bundle may come and go while allocators are replaced in an orderly
 * way.
 *
 * <p>A factory has no state: two allocators of one factory may live at the same time, during a swap, and do not know
 * of each other.
 */
@ConsumerType
public interface AllocatorFactory {
    /**
     * The name of the policy, by which operators choose it: lower case letters, digits and hyphens, such as
     * {@code drf}.
     */
    String name();

    /**
     * Makes an allocator that knows nothing yet. Called on the loop that will call the allocator.
     *
     * @param context what the allocator may use, for as long as it lives
     * @param configuration the operator's settings by key; a key that is absent has its default, and the keys that a
     *     container adds to the service's properties are passed over
     * @throws org.tepui.api.configuration.ConfigurationException if the configuration is refused, naming every key at
     *     fault with its value and what is allowed
     */
    Allocator create(AllocatorContext context, Map<String, String> configuration);
}
