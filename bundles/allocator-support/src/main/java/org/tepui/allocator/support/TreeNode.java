// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator.support;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.tepui.api.Role;
import org.tepui.api.resources.Resources;

/**
 * A node of the role tree: the root, a role, the frameworks in a role taken together, or (as {@link Client}) one of
 * them.
 *
 * <p>A node knows what it has now, and the key (rank and number of allocations) by which its parent last put it in
 * order. The two differ between an event and the next round: {@link RoleTree} notes the node and settles it then.
 */
class TreeNode implements ShareNode {
    private static final long[] NOTHING = new long[0];

    private final String path;
    private final @Nullable TreeNode parent;
    private final ScalarTotals totals;

    /** Children that somebody below may be served through, in the order of service. */
    final ChildOrder active = new ChildOrder();

    /** Those of {@link #active} with somebody below who has not looked at all agents yet. */
    final ChildOrder fresh = new ChildOrder();

    /** Children of any kind, served or not. */
    int children;

    /**
     * Where what its frameworks get is charged, or null while there are no quotas; only of frameworks, and of those of
     * a role taken together.
     */
    @Nullable
    QuotaNode quota;

    /** Waits to be settled. */
    boolean unsettled;

    /** When it, or somebody below, was offered something last or began to be served. */
    long waitingSince;

    private double weight = 1;
    private long[] allocated = NOTHING;
    private long allocations;
    private @Nullable Object attachment;
    private double settledRank;
    private long settledAllocations;

    TreeNode(String path, @Nullable TreeNode parent, ScalarTotals totals) {
        this.path = path;
        this.parent = parent;
        this.totals = totals;
    }

    @Override
    public @Nullable TreeNode parent() {
        return parent;
    }

    void setWeight(double weight) {
        this.weight = weight;
    }

    /** Counts resources as allocated here. The parent is told by the caller. */
    void allocate(Resources resources) {
        allocated = totals.accumulate(allocated.length == 0 ? new long[4] : allocated, resources, 1);
        allocations++;
    }

    void release(Resources resources) {
        allocated = totals.accumulate(allocated, resources, -1);
    }

    /** Takes over what it has now into its key. Its parent has to put it in order again. */
    void settle(Sorter sorter) {
        settledRank = sorter.rank(this);
        settledAllocations = allocations;
        unsettled = false;
    }

    /** Orders siblings by the keys they were settled with. */
    int compareKey(TreeNode other) {
        if (settledRank != other.settledRank) {
            return settledRank < other.settledRank ? -1 : 1;
        }
        int order = Long.compare(settledAllocations, other.settledAllocations);
        return order != 0 ? order : path.compareTo(other.path);
    }

    /** What it has of each scalar resource, by number. */
    long[] allocated() {
        return Arrays.copyOf(allocated, totals.size());
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public @Nullable Role role() {
        return parent == null ? null : parent.role();
    }

    @Override
    public boolean isFramework() {
        return false;
    }

    @Override
    public boolean isRole() {
        return false;
    }

    @Override
    public long guaranteed(int resource) {
        return 0;
    }

    @Override
    public long limit(int resource) {
        return Long.MAX_VALUE;
    }

    @Override
    public boolean isServed() {
        return active.size() > 0;
    }

    @Override
    public long waitingSince() {
        return waitingSince;
    }

    @Override
    public @Nullable Object attachment() {
        return attachment;
    }

    @Override
    public void attach(@Nullable Object attached) {
        attachment = attached;
    }

    @Override
    public double weight() {
        return weight;
    }

    @Override
    public int resources() {
        return totals.size();
    }

    @Override
    public String resourceName(int resource) {
        return totals.name(resource);
    }

    @Override
    public long allocated(int resource) {
        return resource < allocated.length ? allocated[resource] : 0;
    }

    @Override
    public long total(int resource) {
        return totals.total(resource);
    }

    @Override
    public String toString() {
        return path;
    }
}
