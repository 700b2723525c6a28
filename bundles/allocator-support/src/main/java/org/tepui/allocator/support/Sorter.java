// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator.support;

import java.time.Duration;
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
     * <p>It has to follow from what the node shows, and from time where {@link #rerankInterval} says so: it is
     * computed again only for nodes whose allocation changed, and for all when totals, weights or quotas did or when
     * the interval is over.
     *
     * @return any number but NaN
     */
    double rank(ShareNode node);

    /**
     * After how long every rank is computed again, because it depends on time: on waiting, or on a history that
     * fades. Computed before the first round after that, so that it costs nothing while nothing is decided.
     *
     * @return more than zero, or zero if ranks do not depend on time, which is so unless the sorter says otherwise
     */
    default Duration rerankInterval() {
        return Duration.ZERO;
    }

    /**
     * What a node has is about to change; it shows what it had until now. A sorter that adds up usage over time takes
     * note. Called for a framework and every node above it, so it has to be quick.
     */
    default void beforeChange(ShareNode node) {}

    /**
     * A node is gone, because nobody is in it any more and nothing is allocated to it. A sorter that keeps something
     * for it on its own takes note. If somebody comes again, that is a new node with the same path.
     */
    default void removed(ShareNode node) {}
}
