// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator.support;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Says in which order the children of one node of the role tree are served. Called on the allocator's loop.
 *
 * <p>Among equals the one goes first that was given something less often, and then the one whose path comes first.
 */
@ConsumerType
public interface Sorter {
    /**
     * The rank of a node among its siblings: the lowest is served first.
     *
     * <p>It has to follow from what the node shows, so that it needs to be computed again only for nodes whose
     * allocation changed, and for all when totals or weights did.
     *
     * @return any number but NaN
     */
    double rank(ShareNode node);
}
