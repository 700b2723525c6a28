// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.priority;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tepui.allocator.TaskProfile;
import org.tepui.allocator.support.ClientView;
import org.tepui.allocator.support.RunningTask;
import org.tepui.api.resources.Quantities;

/**
 * What a framework still needs in a role, and since when.
 *
 * <p>A request is one need, from the time of the request on. Room that was made for it answers it, and so does a task
 * that the framework launched after it asked; then the next one begins to wait. It may ask again. A minimum is a need
 * as long as the framework wants offers, from its last offer on: it is not offered less.
 *
 * @param client who
 * @param since when it began to wait
 * @param needs any of them will do; empty if it needs nothing
 */
record Demand(ClientView client, long since, List<Need> needs) {
    /**
     * What a framework needs.
     *
     * @param fallback bundles for one that did not say what it needs
     * @param launched its tasks in this role
     * @param rooms that were made for it
     */
    static Demand of(
            ClientView client,
            List<Quantities> fallback,
            List<RunningTask> launched,
            List<PreemptionBooks.Room> rooms) {
        List<Need> needs = Need.of(client, fallback);
        if (needs.isEmpty() || client.requests().isEmpty()) {
            return new Demand(client, client.waitingSince(), needs);
        }
        long since = client.requestedAt();
        for (PreemptionBooks.Room room : rooms) {
            if (room.at() - client.requestedAt() >= 0) {
                needs.remove(room.need());
                since = Math.max(since, room.at());
            }
        }
        for (RunningTask task : launched) {
            if (task.startedAt() - client.requestedAt() >= 0) {
                since = Math.max(since, task.startedAt());
                if (rooms.stream().noneMatch(room -> room.isUsedBy(task)) && !needs.isEmpty()) {
                    answer(needs, task.profile());
                }
            }
        }
        return new Demand(client, since, needs);
    }

    /** Whether it holds as much as it needs beside what its tasks use: it has offers that would do. */
    boolean isOnTheTable(List<RunningTask> launched) {
        Map<String, Long> used = new TreeMap<>();
        launched.forEach(task -> task.profile()
                .resources()
                .quantities()
                .toMap()
                .forEach((name, amount) -> used.merge(name, amount, Long::sum)));
        Map<String, Long> offered = new TreeMap<>();
        for (int i = 0; i < client.resources(); i++) {
            String name = client.resourceName(i);
            offered.put(name, Math.max(0, client.allocated(i) - used.getOrDefault(name, 0L)));
        }
        Quantities amounts = Quantities.of(offered);
        return needs.stream().anyMatch(need -> amounts.contains(need.scalars()));
    }

    private static void answer(List<Need> needs, TaskProfile task) {
        for (int i = 0; i < needs.size(); i++) {
            if (needs.get(i).fits(task.resources().unallocate())) {
                needs.remove(i);
                return;
            }
        }
        needs.remove(0);
    }
}
