// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator.support;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.tepui.api.Quota;

/**
 * A role with a quota, or the root of all of them, whose limit is what the cluster has to give. All amounts are by the
 * numbers of {@link QuotaBooks}, in thousandths.
 *
 * <p>What a node is <em>owed</em> is what it and those below it still have to consume until every guarantee is met:
 * the larger of what its own guarantee lacks and of what those below are owed together. What it is owed beyond those
 * below is its <em>own</em>: any of its frameworks may consume that.
 */
final class QuotaNode {
    /** The nearest role above that has a quota, or the root; null for the root. */
    final @Nullable QuotaNode parent;

    private final long[] guarantees;
    private final long[] limits;
    private final long[] consumed;
    private final long[] owed;
    private final long[] owedBelow;

    /** Resources, one bit each, of which somebody got less because of this node, and agents wait for it to change. */
    private long binding;

    /** The same before the walk over those agents that is going on. */
    private long bindingBefore;

    /** Where its role is in the role tree, or null while nobody is in it or below it. */
    @Nullable
    TreeNode share;

    /** Whether there may be more room than there was. */
    boolean grown;

    /** The number of {@link QuotaBooks}' growths at which nothing was left for those charged here. */
    long exhaustedAt = -1;

    /** Whether, when it grew, there was less room than is owed to those below. */
    boolean wasShort;

    /** The root. */
    QuotaNode(int resources) {
        this.parent = null;
        this.guarantees = new long[resources];
        this.limits = new long[resources];
        this.consumed = new long[resources];
        this.owed = new long[resources];
        this.owedBelow = new long[resources];
    }

    QuotaNode(QuotaNode parent, Quota quota, String[] names) {
        this.parent = parent;
        this.guarantees = new long[names.length];
        this.limits = new long[names.length];
        this.consumed = new long[names.length];
        this.owed = new long[names.length];
        this.owedBelow = new long[names.length];
        for (int i = 0; i < names.length; i++) {
            guarantees[i] = quota.guarantees().thousandths(names[i]);
            limits[i] = quota.limits().getOrDefault(names[i], Long.MAX_VALUE);
        }
    }

    /** Adds its guarantee to what is owed, once nodes above and below are there. */
    void begin() {
        for (int i = 0; i < owed.length; i++) {
            settle(i);
        }
    }

    long guaranteed(int resource) {
        return guarantees[resource];
    }

    long limit(int resource) {
        return limits[resource];
    }

    /** What is left until the limit, negative if there is more than that. */
    long room(int resource) {
        return limits[resource] == Long.MAX_VALUE ? Long.MAX_VALUE : limits[resource] - consumed[resource];
    }

    /** What those below are owed. */
    long owedBelow(int resource) {
        return owedBelow[resource];
    }

    /** What any of its frameworks may consume of what it is owed. */
    long own(int resource) {
        return owed[resource] - owedBelow[resource];
    }

    /** Whether it or somebody below is owed anything. */
    boolean isOwed() {
        for (long amount : owed) {
            if (amount > 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether less is left than what those below are owed. */
    boolean isShort(int resource) {
        return room(resource) < owedBelow[resource];
    }

    /** Whether somebody is there who may consume what it is owed itself. */
    boolean isOwnWanted(int resource) {
        return own(resource) > 0 && share != null && share.isServed();
    }

    /** Counts as consumed here; the nodes above are told by the caller, one after the other. */
    void consume(int resource, long amount) {
        consumed[resource] += amount;
        settle(resource);
    }

    /** Changes what the cluster has to give. For the root only. */
    void supply(int resource, long amount) {
        limits[resource] += amount;
    }

    private void settle(int resource) {
        long lacking = guarantees[resource] - consumed[resource];
        long now = Math.max(0, Math.max(lacking, owedBelow[resource]));
        long before = owed[resource];
        owed[resource] = now;
        if (parent != null && now != before) {
            parent.owedBelow[resource] += now - before;
            if (parent.parent == null) {
                parent.owed[resource] = parent.owedBelow[resource];
            }
        }
    }

    /** Notes that somebody got less of a resource because of this node. */
    void bind(int resource) {
        binding |= bit(resource);
    }

    /** Whether somebody waits for more of a resource. */
    boolean isBinding(int resource) {
        return ((binding | bindingBefore) & bit(resource)) != 0;
    }

    /** Those who wait are asked again from now on. */
    void beginWalk() {
        bindingBefore = binding;
        binding = 0;
    }

    /** The walk is over; if not all were asked, they wait as before. */
    void endWalk(boolean askedAll) {
        binding |= askedAll ? 0 : bindingBefore;
        bindingBefore = 0;
        grown = false;
        wasShort = false;
    }

    /** Beyond 63 names the last bit stands for all of them, at the price of looking in vain. */
    private static long bit(int resource) {
        return 1L << Math.min(resource, Long.SIZE - 1);
    }

    @Override
    public String toString() {
        return "consumed " + Arrays.toString(consumed) + " owed " + Arrays.toString(owed);
    }
}
