// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.priority;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tepui.allocator.TaskProfile;
import org.tepui.allocator.support.AgentView;
import org.tepui.allocator.support.ClusterView;
import org.tepui.allocator.support.RunningTask;
import org.tepui.allocator.support.ShareNode;
import org.tepui.api.Role;
import org.tepui.api.resources.Quantities;
import org.tepui.api.resources.Resources;

/**
 * What may be taken from roles while one plan is made: tasks within their budgets, and nothing below guarantees. What
 * a role uses is what its running tasks hold, without those that were asked to end and without what is only offered to
 * it, so that rather too little is taken than too much.
 */
final class Allowances {
    private final ClusterView cluster;
    private final PrioritySettings settings;
    private final PreemptionBooks books;
    private final long now;

    /** What roles are guaranteed by quota or configuration, in thousandths by name; empty for most. */
    private final Map<Role, Map<String, Long>> guarantees = new HashMap<>();

    /** What roles with guarantees use, with the roles below them. */
    private final Map<Role, Map<String, Long>> uses = new HashMap<>();

    private final Map<Role, Integer> budgets = new HashMap<>();
    private final Map<Role, TreeSet<Integer>> labels = new HashMap<>();

    Allowances(ClusterView cluster, PrioritySettings settings, PreemptionBooks books, long now) {
        this.cluster = cluster;
        this.settings = settings;
        this.books = books;
        this.now = now;
        for (AgentView agent : cluster.agents()) {
            for (RunningTask task : agent.tasks()) {
                count(task.profile());
            }
        }
    }

    private void count(TaskProfile task) {
        labels.computeIfAbsent(task.role(), role -> new TreeSet<>()).add(task.priority());
        if (!books.isAsked(task)) {
            use(task, 1);
        }
    }

    private void use(TaskProfile task, int sign) {
        for (Role role = task.role(); role != null; role = role.parent()) {
            for (String name : guarantee(role).keySet()) {
                Map<String, Long> use = uses.computeIfAbsent(role, key -> new TreeMap<>());
                use.merge(name, sign * kept(task).thousandths(name), Long::sum);
            }
        }
    }

    /** The part of a task's resources that counts for guarantees. */
    private static Resources kept(TaskProfile task) {
        return task.resources().nonRevocable().nonShared();
    }

    private Map<String, Long> guarantee(Role role) {
        return guarantees.computeIfAbsent(role, this::findGuarantee);
    }

    private Map<String, Long> findGuarantee(Role role) {
        Quantities own = settings.guarantees().get(role);
        Map<String, Long> amounts = own == null ? new TreeMap<>() : new TreeMap<>(own.toMap());
        ShareNode node = cluster.role(role);
        for (int i = 0; node != null && i < node.resources(); i++) {
            if (node.guaranteed(i) > 0) {
                amounts.merge(node.resourceName(i), node.guaranteed(i), Math::max);
            }
        }
        return amounts;
    }

    /**
     * Where a task stands among those of its role by their labels: 0 for the lowest label. Labels of different roles
     * do not compare, and a role does not save its tasks by large numbers.
     */
    int level(TaskProfile task) {
        TreeSet<Integer> known = labels.get(task.role());
        return known == null || known.size() == 1
                ? 0
                : known.headSet(task.priority()).size();
    }

    /** Counts a task as taken for a beneficiary, unless that is more than its role can lose. */
    boolean take(TaskProfile task, Role beneficiary) {
        Role role = task.role();
        int left = budgets.computeIfAbsent(role, key -> settings.preemption().budget() - books.spent(key, now));
        if (left <= 0 || !leavesGuarantees(task, beneficiary)) {
            return false;
        }
        budgets.put(role, left - 1);
        use(task, -1);
        return true;
    }

    /** Roles above both do not lose anything. */
    private boolean leavesGuarantees(TaskProfile task, Role beneficiary) {
        for (Role role = task.role(); role != null && !role.covers(beneficiary); role = role.parent()) {
            Map<String, Long> use = uses.getOrDefault(role, Map.of());
            for (Map.Entry<String, Long> guaranteed : guarantee(role).entrySet()) {
                long lost = kept(task).thousandths(guaranteed.getKey());
                if (lost > 0 && use.getOrDefault(guaranteed.getKey(), 0L) - lost < guaranteed.getValue()) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Takes back what {@link #take} counted. */
    void giveBack(TaskProfile task) {
        budgets.merge(task.role(), 1, Integer::sum);
        use(task, 1);
    }
}
