// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.priority;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tepui.allocator.AllocatorContext;
import org.tepui.allocator.Preemption;
import org.tepui.allocator.support.AgentView;
import org.tepui.allocator.support.ClientView;
import org.tepui.allocator.support.ClusterView;
import org.tepui.allocator.support.HierarchicalPolicy;
import org.tepui.allocator.support.ShareNode;
import org.tepui.api.Role;
import org.tepui.api.resources.Quantities;

/**
 * Serves roles by strict priority classes, and ends tasks of lower classes where that makes room for higher ones.
 *
 * <h2>Goals, the most important first</h2>
 *
 * <ol>
 *   <li>Strictness: what becomes free goes to the highest class that can use it.
 *   <li>Guarantees: a role that has less than it is guaranteed goes before all classes, and is not preempted.
 *   <li>No starvation: a role that waits is served within a time that is known beforehand.
 *   <li>Preemption is worth its price: a task is ended only if its room, with what is free and what else is ended on
 *       that agent, then fits a need that a framework named; the least important and youngest tasks are, as few of
 *       them as will do, not too many in a minute, and everybody is told why.
 * </ol>
 *
 * <h2>Constraints</h2>
 *
 * Classes order siblings in the tree of roles: children divide what their parent gets. Roles of the same class, and the
 * frameworks of one role, divide what they get by weighted dominant shares. Whole agents are offered, so that a role
 * may come out somewhat above its guarantee, and one offer may be all that a role gets in its turn. Aging moves offers
 * only, and never makes anybody preempt more.
 *
 * <h2>Algorithm</h2>
 *
 * <em>Order.</em> First come roles below their guarantee: those that have not reached it in any of the resources that
 * it names, the one that has the smallest part of it first. Then those that are overdue, the one that waited longest
 * first. Then the classes, from the highest, and within a class the smallest weighted dominant share. <em>Aging.</em>
 * Of n different classes (that of roles without a class is one of them) let a role have the i-th from below, counted
 * from 1. For every aging interval that it waited without an offer it counts as one class higher, and after
 * n - i + 1 of them it is overdue. With r siblings, at most r - 1 offers go before its own then. An offer ends the
 * waiting.
 *
 * <p><em>Preemption</em> is planned by {@link PreemptionPlanner}, once in an interval. The agent where tasks are being
 * ended is kept free until they have ended, and then offered to the beneficiary first, so that nobody takes the room
 * that was made for it: see {@link PreemptionBooks}. All of that is soft state. After a failover or swap the room goes
 * to whoever is first in order, and the budget of a minute begins anew.
 *
 * <h2>Example</h2>
 *
 * Classes prod:1000 and batch:100, an aging interval of 5 minutes, one agent of 8 CPUs, on which batch runs tasks of 4
 * CPUs: A for an hour, B for a minute. There are three classes: 0, 100 and 1000. A framework in prod asks for 4 CPUs
 * and waits for 30 seconds. B is planned to end: both are of class 100, and B is younger; A would have been enough,
 * too, and both would be one more than needed. B ends within its grace, and prod is offered 4 CPUs. Had batch waited
 * all the time while prod filled the cluster, it would count as class 1000 after 5 minutes and be overdue after 10, and
 * the next agent with something free would be offered to it, even if prod wanted it.
 *
 * <h2>Source</h2>
 *
 * Priority queues with aging: A. Silberschatz, P. Galvin, G. Gagne: Operating System Concepts, chapter on CPU
 * scheduling. Preemption from the lowest priority in bands: A. Verma and others: Large-scale cluster management at
 * Google with Borg. EuroSys 2015. Shares within a class: A. Ghodsi and others: Dominant Resource Fairness. NSDI 2011.
 */
final class PriorityPolicy implements HierarchicalPolicy {
    /** Before all ranks of {@link #OVERDUE}: with the part of the guarantee that is met added. */
    private static final double BELOW_GUARANTEE = -2e10;

    /** Before all ranks of classes: with the time in seconds at which the waiting began added. */
    private static final double OVERDUE = -1e10;

    /** Shares are as good as the same from here on, which weights close to zero lead to. */
    private static final double HIGHEST_SHARE = 1e9;

    private static final int RERANKS_PER_INTERVAL = 16;

    private final AllocatorContext context;
    private final PrioritySettings settings;
    private final PriorityClasses classes;
    private final long agingNanos;
    private final long origin;
    private final Preemptor preemptor;

    /** What follows from the settings for a node, which carries it as long as it is there. */
    private record Standing(int level, @Nullable Quantities guarantee) {}

    PriorityPolicy(AllocatorContext context, PrioritySettings settings) {
        this.context = context;
        this.settings = settings;
        this.classes = settings.classes();
        this.agingNanos = settings.agingInterval().toNanos();
        this.origin = context.nanoTime();
        this.preemptor = new Preemptor(context, settings);
    }

    @Override
    public void begin(ClusterView cluster) {
        preemptor.begin(cluster);
    }

    @Override
    public double rank(ShareNode node) {
        double share = Math.min(HIGHEST_SHARE, dominantShare(node) / node.weight());
        double within = share / (1 + share);
        Role role = node.role();
        if (role == null || node.isFramework()) {
            return within;
        }
        Standing standing = standing(node, role);
        if (standing.guarantee != null) {
            double met = met(node, standing.guarantee);
            if (met < 1) {
                return BELOW_GUARANTEE + met;
            }
        }
        long level = standing.level;
        if (node.isServed()) {
            level += (context.nanoTime() - node.waitingSince()) / agingNanos;
            if (level >= classes.levels()) {
                return OVERDUE + (node.waitingSince() - origin) / 1e9;
            }
        }
        return within - level;
    }

    private Standing standing(ShareNode node, Role role) {
        if (node.attachment() instanceof Standing known) {
            return known;
        }
        Standing standing = new Standing(
                classes.level(role), node.isRole() ? settings.guarantees().get(role) : null);
        node.attach(standing);
        return standing;
    }

    private static double dominantShare(ShareNode node) {
        double dominant = 0;
        for (int resource = 0; resource < node.resources(); resource++) {
            long allocated = node.allocated(resource);
            if (allocated > 0) {
                dominant = Math.max(dominant, (double) allocated / Math.max(1, node.total(resource)));
            }
        }
        return dominant;
    }

    /** The largest part of any guaranteed amount that a role has. */
    private static double met(ShareNode node, Quantities guarantee) {
        double met = 0;
        for (int resource = 0; resource < node.resources(); resource++) {
            long guaranteed = guarantee.thousandths(node.resourceName(resource));
            if (guaranteed > 0) {
                met = Math.max(met, (double) node.allocated(resource) / guaranteed);
            }
        }
        return met;
    }

    @Override
    public Duration rerankInterval() {
        return settings.agingInterval().dividedBy(RERANKS_PER_INTERVAL);
    }

    @Override
    public boolean admits(ClientView client, AgentView agent) {
        return preemptor.admits(client, agent);
    }

    @Override
    public void roundEnded() {
        preemptor.roundEnded();
    }

    @Override
    public List<Preemption> planPreemptions() {
        return preemptor.plan();
    }
}
