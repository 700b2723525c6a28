// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator.support;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;
import org.tepui.api.Role;

/**
 * One who has a share: a role, the frameworks in a role taken together where the role also has children, or one
 * framework in a role. To be read on the allocator's loop.
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

    /** The role that it is, or that its frameworks are in; null for the root of all roles. */
    @Nullable
    Role role();

    /** Whether it is one framework in a role, a {@link ClientView}. */
    boolean isFramework();

    /** Whether it is a role, and not the frameworks in it. The root is none. */
    boolean isRole();

    /** The node above, or null for the root of all roles. */
    @Nullable
    ShareNode parent();

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

    /** What a role is guaranteed by its quota, in thousandths; zero for all other nodes. */
    long guaranteed(int resource);

    /** The most that a role may hold by its own quota, in thousandths; {@link Long#MAX_VALUE} without a limit. */
    long limit(int resource);

    /** Whether it, or somebody below it, is connected and not suppressed, and so is offered resources in its turn. */
    boolean isServed();

    /**
     * Since when it waits, by the clock of {@link org.tepui.allocator.AllocatorContext#nanoTime}: the time at which
     * it, or somebody below it, was offered something last, or began to be served if that was later. Without meaning
     * while it is not served.
     */
    long waitingSince();

    /** What the sorter attached, or null. */
    @Nullable
    Object attachment();

    /** Keeps something of the sorter's with this node, for as long as the node is there. */
    void attach(@Nullable Object attachment);
}
