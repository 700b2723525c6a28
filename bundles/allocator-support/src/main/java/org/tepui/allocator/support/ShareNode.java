// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator.support;

import org.osgi.annotation.versioning.ProviderType;

/**
 * One who has a share: a role, the frameworks in a role taken together where the role also has children, or one
 * framework in a role. To be read within the call that was given it.
 *
 * <p>Only scalar resources count. They are numbered from 0, for all nodes alike; numbers are given as names appear
 * and stay.
 */
@ProviderType
public interface ShareNode {
    /**
     * The role's name; for the frameworks in it the same with {@code /.}, and for one of them with its identity after
     * that.
     */
    String path();

    /** The weight of a role; 1 for all other nodes. */
    double weight();

    /** How many scalar resources are known. */
    int resources();

    /** The name of a resource. */
    String resourceName(int resource);

    /** What this node and all below it have, offers included, in thousandths. */
    long allocated(int resource);

    /** What the cluster has, in thousandths. */
    long total(int resource);
}
