// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.fairshare;

import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.tepui.allocator.AllocatorContext;
import org.tepui.allocator.PolicyState;
import org.tepui.allocator.support.HierarchicalPolicy;
import org.tepui.allocator.support.ShareNode;

/**
 * Serves the one first who had and has the least for its weight, what it had counting less the longer ago it was.
 *
 * <h2>Goals, the most important first</h2>
 *
 * <ol>
 *   <li>Minimum shares: a role that asks for it has its minimum, whatever it used before, as soon as enough is free.
 *   <li>Fairness over time: siblings that ask for something all the time get it in proportion to their weights, and
 *       whoever got less for a while is served first until that is made up for, or forgotten.
 *   <li>No idle resources: what one does not ask for the others borrow. They are not cut off when it asks again: what
 *       becomes free is served to it first, and so it gets back its share as borrowers' tasks end.
 *   <li>No swings: who comes with an empty history gets more than its share, not everything, and the difference
 *       fades away with the histories.
 * </ol>
 *
 * <h2>Constraints</h2>
 *
 * Only scalar resources have shares. What was offered counts like what is used. Nothing is taken back from running
 * tasks, so that returning what was borrowed takes as long as the borrowers' tasks do. Time in which no allocator ran
 * counts as time in which nobody had anything. The history of a role or framework that is gone is kept for when it
 * comes back, as long as there is room.
 *
 * <h2>Algorithm</h2>
 *
 * The usage of a node of a resource is the average of what it has over all time, the past fading with the half-life
 * h: if it has a for a time t, an average u becomes u 2<sup>-t/h</sup> + a (1 - 2<sup>-t/h</sup>). What a node has is
 * constant between two allocations, so this is no approximation. In amounts rather than shares, because the cluster
 * grows and shrinks.
 *
 * <p>The rank of a node is its average in one half-life from now if nothing changes, (u + a) / 2: the dominant share
 * of that, or its sum by the weights of resources if the operator gave such, divided by the weight of the node. The
 * present has to count, because in one moment no average changes, and one node would get everything that is free. With
 * equal histories, or none, the order is that of dominant resource fairness. Children divide what their parent gets.
 *
 * <p>A role with a minimum share has reached it when it has as much of any one resource. Until then its rank is below
 * zero: what it has of its minimum, less one, so that the one who lacks most comes first. A role above has the minimum
 * of those below it together, unless it was given one of its own, and who has a minimum below another role gets it
 * when that role's turn comes.
 *
 * <h2>Example</h2>
 *
 * A cluster of 100 CPUs, roles A and B of the same weight, and a half-life of a day. On the first day only A asks, and
 * borrows all: its average rises from 0 to 50. Then B asks for as much as it can get. As A's tasks end, CPUs go to B
 * until (50 + a) / 2 = (0 + b) / 2, with a + b = 100: A has 25 and B has 75. If they keep that for a day, the averages
 * are 50/2 + 25/2 = 37.5 for A and 0/2 + 75/2 = 37.5 for B, and then both get 50. (If tasks are so short that shares
 * follow at once, both come near to 50 as the difference of the averages halves every half a day.)
 *
 * <h2>Source</h2>
 *
 * J. Kay, P. Lauder: A Fair Share Scheduler. Communications of the ACM 31 (1), 1988, for usage that decays; the
 * multifactor priority of Slurm, for half-life and weights of resources; the fair scheduler of Hadoop YARN, for minimum
 * shares that come first.
 */
final class FairSharePolicy implements HierarchicalPolicy {
    /** Ranks are made anew so often, within the bounds below. */
    private static final int RANKINGS_PER_HALF_LIFE = 1000;

    private static final Duration SHORTEST_RERANK = Duration.ofSeconds(1);
    private static final Duration LONGEST_RERANK = Duration.ofMinutes(1);

    private final AllocatorContext context;
    private final FairShareSettings settings;
    private final UsageHistory history;

    /** What a unit of each resource counts, by its number in the role tree. */
    private double[] weights = new double[0];

    FairSharePolicy(AllocatorContext context, FairShareSettings settings) {
        this.context = context;
        this.settings = settings;
        this.history = new UsageHistory(new Decay(settings.halfLife()), context::nanoTime);
    }

    @Override
    public Duration rerankInterval() {
        Duration interval = settings.halfLife().dividedBy(RANKINGS_PER_HALF_LIFE);
        Duration most = interval.compareTo(LONGEST_RERANK) > 0 ? LONGEST_RERANK : interval;
        return most.compareTo(SHORTEST_RERANK) < 0 ? SHORTEST_RERANK : most;
    }

    @Override
    public void beforeChange(ShareNode node) {
        if (node.parent() != null) {
            history.beforeChange(node);
        }
    }

    @Override
    public void removed(ShareNode node) {
        history.removed(node);
    }

    @Override
    public double rank(ShareNode node) {
        double reached = reachedOfMinimum(node);
        return reached < 1 ? reached - 1 : usage(node) / node.weight();
    }

    /** What a role has of its minimum share, in the resource of which it has the most of it; 1 without a minimum. */
    private double reachedOfMinimum(ShareNode node) {
        MinimumShare minimum = minimum(node);
        if (minimum == null) {
            return 1;
        }
        double reached = 0;
        boolean lacks = false;
        for (int resource = 0; resource < node.resources(); resource++) {
            long total = weight(node, resource) == 0 ? 0 : node.total(resource);
            double least = minimum.of(node.resourceName(resource), total);
            if (least > 0) {
                reached = Math.max(reached, node.allocated(resource) / least);
                lacks = true;
            }
        }
        return lacks ? reached : 1;
    }

    private @Nullable MinimumShare minimum(ShareNode node) {
        if (settings.minimumShares().isEmpty() || !node.isRole() || node.role() == null) {
            return null;
        }
        return settings.minimumShares().of(node.role());
    }

    private double usage(ShareNode node) {
        boolean dominant = settings.usageWeights().isEmpty();
        NodeUsage usage = history.of(node);
        double present = (1 + history.partSinceChange(usage)) / 2;
        double sum = 0;
        double largest = 0;
        for (int resource = 0; resource < node.resources(); resource++) {
            double before = usage.average(history.number(node, resource));
            double amount = before * (1 - present) + node.allocated(resource) * present;
            if (dominant) {
                long total = node.total(resource);
                largest = total > 0 ? Math.max(largest, amount / total) : largest;
            } else {
                sum += amount * weight(node, resource);
            }
        }
        return dominant ? largest : sum;
    }

    private double weight(ShareNode node, int resource) {
        if (resource >= weights.length) {
            int known = weights.length;
            weights = Arrays.copyOf(weights, node.resources());
            for (int i = known; i < weights.length; i++) {
                weights[i] = settings.usageWeights().of(node.resourceName(i));
            }
        }
        return weights[resource];
    }

    @Override
    public @Nullable PolicyState saveState() {
        return history.save(context.wallTime());
    }

    @Override
    public void restoreState(PolicyState state) {
        history.restore(state, context.wallTime());
    }
}
