// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.drf;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.tepui.allocator.support.ShareNode;
import org.tepui.allocator.support.Sorter;

/**
 * Serves the one with the smallest weighted dominant share first.
 *
 * <h2>Goals, the most important first</h2>
 *
 * <ol>
 *   <li>Sharing incentive: among n of equal weight, each gets at least what a cluster of an n-th part of the size
 * would give it.
 *   <li>Strategy-proofness: nobody gets more by asking for something else than it needs.
 *   <li>Envy-freeness: nobody would rather have what another of its weight has.
 *   <li>Pareto efficiency: nobody can get more without another getting less.
 * </ol>
 *
 * <h2>Constraints</h2>
 *
 * Only scalar resources have shares, those that the operator excluded do not. What was offered counts like what is
 * used. Roles above come first: a role's children divide what their parent gets, each by its weight among its
 * siblings. Whole agents are offered, so that shares are as fair as the frameworks are quick to decline what they do
 * not need.
 *
 * <h2>Algorithm</h2>
 *
 * The share of a node in a resource is what it has of it, divided by what the cluster has. Its dominant share is the
 * largest of these, and its rank the dominant share divided by its weight. The next offer goes to the child of the
 * lowest rank, and from there to its child of the lowest rank, down to a framework. That is progressive filling: it
 * raises the lowest share until somebody is satisfied or something runs out.
 *
 * <h2>Example</h2>
 *
 * A cluster of 9 CPUs and 18 GB, tasks of A need 1 CPU and 4 GB, those of B 3 CPUs and 1 GB. One task of A is 1/9 of
 * the CPUs and 2/9 of the memory, so memory dominates; one of B is 1/3 of the CPUs. Filling: A 2/9; B 1/3; A 4/9; B
 * 2/3; A 6/9; and no CPU is left. A has three tasks, B two, and both two thirds of what dominates for them.
 *
 * <h2>Source</h2>
 *
 * A. Ghodsi, M. Zaharia, B. Hindman, A. Konwinski, S. Shenker, I. Stoica: Dominant Resource Fairness: Fair Allocation
 * of Multiple Resource Types. NSDI 2011.
 */
final class DrfSorter implements Sorter {
    private final Set<String> excluded;

    /** Makes a sorter to which the named resources make no difference. */
    DrfSorter(Set<String> excluded) {
        this.excluded = Collections.unmodifiableSet(new TreeSet<>(excluded));
    }

    @Override
    public double rank(ShareNode node) {
        double dominant = 0;
        for (int resource = 0; resource < node.resources(); resource++) {
            long allocated = node.allocated(resource);
            if (allocated > 0 && (excluded.isEmpty() || !excluded.contains(node.resourceName(resource)))) {
                dominant = Math.max(dominant, (double) allocated / Math.max(1, node.total(resource)));
            }
        }
        return dominant / node.weight();
    }
}
