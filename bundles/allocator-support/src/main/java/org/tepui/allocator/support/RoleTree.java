// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator.support;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.tepui.api.Role;
import org.tepui.api.Weights;
import org.tepui.api.resources.Quantities;
import org.tepui.api.resources.Resources;

/**
 * Roles and the frameworks in them, each node with what it has, in the order in which the sorter would serve them.
 *
 * <p>A change of an allocation costs the depth of the tree; the nodes concerned are put in order again when
 * {@link #settle} is called. A change of totals or weights costs one pass over the tree then, however many changes
 * there were.
 */
final class RoleTree {
    private final Sorter sorter;
    private final ScalarTotals totals;
    private final QuotaBooks quotas;
    private final LongSupplier clock;
    private final TreeNode root;

    /** After how long ranks are computed again though nothing changed, or zero. */
    private final long rerankNanos;

    private long rankedAt;

    /** Only looked up, never walked. */
    private final Map<Role, RoleNode> roles = new HashMap<>();

    private final List<TreeNode> unsettled = new ArrayList<>();
    private boolean allUnsettled;
    private Weights weights = Weights.none();

    /** A role, and below it the frameworks in it and its child roles. */
    static final class RoleNode extends TreeNode {
        private final Role role;
        private final QuotaBooks quotas;
        private @Nullable TreeNode frameworks;

        /** The quota of this role itself. */
        private @Nullable QuotaNode ownQuota;

        private RoleNode(Role role, TreeNode parent, ScalarTotals totals, QuotaBooks quotas) {
            super(role.name(), parent, totals);
            this.role = role;
            this.quotas = quotas;
            findQuota();
        }

        private void findQuota() {
            ownQuota = quotas.of(role);
            if (ownQuota != null) {
                ownQuota.share = this;
            }
        }

        private void leave() {
            if (ownQuota != null) {
                ownQuota.share = null;
            }
        }

        @Override
        public long guaranteed(int resource) {
            int number = ownQuota == null ? -1 : quotas.number(resourceName(resource));
            return ownQuota == null || number < 0 ? 0 : ownQuota.guaranteed(number);
        }

        @Override
        public long limit(int resource) {
            int number = ownQuota == null ? -1 : quotas.number(resourceName(resource));
            return ownQuota == null || number < 0 ? Long.MAX_VALUE : ownQuota.limit(number);
        }

        @Override
        public Role role() {
            return role;
        }

        /** Whether somebody below may be owed something by a quota. */
        boolean mayBeOwed() {
            return ownQuota == null || quotas.isOwed(ownQuota);
        }

        @Override
        public boolean isRole() {
            return true;
        }
    }

    /**
     * Makes a tree without roles.
     *
     * @param clock of {@link ShareNode#waitingSince}
     */
    RoleTree(Sorter sorter, ScalarTotals totals, QuotaBooks quotas, LongSupplier clock) {
        this.sorter = sorter;
        this.quotas = quotas;
        this.totals = totals;
        this.clock = clock;
        this.rerankNanos = sorter.rerankInterval().toNanos();
        this.rankedAt = clock.getAsLong();
        this.root = new TreeNode("", null, totals);
    }

    TreeNode root() {
        return root;
    }

    /** The node of a role, or null if nobody is in it or below it. */
    @Nullable
    RoleNode find(Role role) {
        return roles.get(role);
    }

    /** Adds a framework to a role. It is not served until it is activated. */
    Client addClient(FrameworkEntry framework, Role role, int index, List<Quantities> clusterMinimum) {
        RoleNode node = nodeOf(role);
        TreeNode group = node.frameworks;
        if (group == null) {
            group = new TreeNode(role.name() + "/.", node, totals);
            node.frameworks = group;
            node.children++;
        }
        group.children++;
        Client client = new Client(framework, role, index, group, totals, clusterMinimum);
        client.quota = quotas.nearest(role);
        group.quota = client.quota;
        return client;
    }

    private RoleNode nodeOf(Role role) {
        RoleNode known = roles.get(role);
        if (known != null) {
            return known;
        }
        Role above = role.parent();
        TreeNode parent = above == null ? root : nodeOf(above);
        RoleNode node = new RoleNode(role, parent, totals, quotas);
        node.setWeight(weights.of(role));
        parent.children++;
        roles.put(role, node);
        return node;
    }

    /** Removes a framework from a role, and roles that nobody is left in. It has to hold nothing. */
    void removeClient(Client client) {
        deactivate(client);
        TreeNode group = client.group();
        RoleNode node = (RoleNode) group.parent();
        sorter.removed(client);
        if (--group.children == 0 && node != null) {
            sorter.removed(group);
            node.frameworks = null;
            node.children--;
            prune(node);
        }
    }

    private void prune(RoleNode node) {
        TreeNode next = node;
        while (next instanceof RoleNode empty && empty.children == 0) {
            roles.remove(empty.role);
            empty.leave();
            sorter.removed(empty);
            next = empty.parent();
            if (next != null) {
                next.children--;
            }
        }
    }

    void setWeights(Weights changed) {
        weights = changed;
        roles.forEach((role, node) -> node.setWeight(changed.of(role)));
        allUnsettled = true;
    }

    /** There are other quotas than before. */
    void quotasChanged() {
        roles.values().forEach(RoleNode::findQuota);
        allUnsettled = true;
    }

    /** The cluster has more or less than before. */
    void totalsChanged() {
        allUnsettled = true;
    }

    /** Counts resources for a framework in a role and all roles above. */
    void allocate(Client client, Resources resources) {
        for (TreeNode node = client; node != null; node = node.parent()) {
            sorter.beforeChange(node);
            node.allocate(resources);
            unsettle(node);
        }
    }

    /** Takes back what {@link #allocate} counted. */
    void release(Client client, Resources resources) {
        for (TreeNode node = client; node != null; node = node.parent()) {
            sorter.beforeChange(node);
            node.release(resources);
            unsettle(node);
        }
    }

    private void unsettle(TreeNode node) {
        if (!node.unsettled && !allUnsettled) {
            node.unsettled = true;
            unsettled.add(node);
        }
    }

    /** Notes that a framework was offered something at this moment. */
    void served(Client client) {
        long now = clock.getAsLong();
        for (TreeNode node = client; node != null; node = node.parent()) {
            node.waitingSince = now;
        }
    }

    /** Has every rank computed again, if they depend on time and it is time. */
    void age() {
        long now = clock.getAsLong();
        if (rerankNanos > 0 && now - rankedAt >= rerankNanos) {
            rankedAt = now;
            allUnsettled = true;
        }
    }

    /** Puts every node in its place. */
    void settle() {
        if (allUnsettled) {
            settleBelow(root);
            allUnsettled = false;
        } else {
            for (TreeNode node : unsettled) {
                settle(node);
            }
        }
        unsettled.clear();
    }

    private void settle(TreeNode node) {
        TreeNode parent = node.parent();
        if (parent == null || !node.unsettled) {
            node.unsettled = false;
            return;
        }
        int active = parent.active.indexOf(node);
        int fresh = parent.fresh.indexOf(node);
        node.settle(sorter);
        if (active >= 0) {
            parent.active.resettle(active);
        }
        if (fresh >= 0) {
            parent.fresh.resettle(fresh);
        }
    }

    private void settleBelow(TreeNode parent) {
        for (int i = 0; i < parent.active.size(); i++) {
            TreeNode child = parent.active.get(i);
            child.settle(sorter);
            settleBelow(child);
        }
        parent.active.sort();
        parent.fresh.sort();
    }

    /** From now on a framework is served in its turn, and has to look at every agent. */
    void activate(Client client) {
        if (!client.served) {
            client.served = true;
            TreeNode node = client;
            TreeNode parent = node.parent();
            while (parent != null) {
                node.waitingSince = clock.getAsLong();
                node.settle(sorter);
                parent.active.add(node);
                boolean first = parent.active.size() == 1;
                node = parent;
                parent = first ? parent.parent() : null;
            }
        }
        freshen(client);
    }

    /** From now on a framework is not served. */
    void deactivate(Client client) {
        if (client.served) {
            client.served = false;
            tire(client);
            TreeNode node = client;
            TreeNode parent = node.parent();
            while (parent != null) {
                parent.active.remove(node);
                node = parent;
                parent = parent.active.size() == 0 ? parent.parent() : null;
            }
        }
    }

    /** An active framework has to look at every agent again. */
    void freshen(Client client) {
        TreeNode node = client;
        TreeNode parent = node.parent();
        while (parent != null && parent.fresh.indexOf(node) < 0) {
            parent.fresh.add(node);
            node = parent;
            parent = node.parent();
        }
    }

    private void tire(Client client) {
        TreeNode node = client;
        TreeNode parent = node.parent();
        while (parent != null && parent.fresh.indexOf(node) >= 0) {
            parent.fresh.remove(node);
            node = parent;
            parent = parent.fresh.size() == 0 ? parent.parent() : null;
        }
    }

    /** Whether any framework has agents to look at that it did not look at before. */
    boolean hasFresh() {
        return root.fresh.size() > 0;
    }

    /** Every framework has looked at every agent. */
    void clearFresh() {
        clearFresh(root);
    }

    private static void clearFresh(TreeNode parent) {
        for (int i = 0; i < parent.fresh.size(); i++) {
            clearFresh(parent.fresh.get(i));
        }
        parent.fresh.clear();
    }
}
