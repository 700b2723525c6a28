// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tepui.api.FrameworkId;
import org.tepui.api.TaskId;
import org.tepui.v1.FrameworkInfo;
import org.tepui.v1.FrameworkInfo.Capability;

/**
 * The frameworks that have tasks here, with these tasks, and a bounded memory of those that had.
 *
 * <p>Hard state: frameworks with tasks, their infos, whether they ended. Soft state, lost at a restart: what is
 * completed.
 */
final class FrameworkManager {
    /** A framework and its tasks. */
    static final class Entry {
        private final FrameworkId id;
        private final Map<TaskId, AgentTask> tasks = new LinkedHashMap<>();
        private final Deque<AgentTask> completed = new ArrayDeque<>();
        private @Nullable FrameworkInfo info;
        private boolean ended;

        private Entry(FrameworkId id) {
            this.id = id;
        }

        FrameworkId id() {
            return id;
        }

        /** As the master told it; empty only for one that is known from the log of its tasks alone. */
        Optional<FrameworkInfo> info() {
            return Optional.ofNullable(info);
        }

        /** Whether the master ended it: its tasks are killed and nobody hears of them. */
        boolean ended() {
            return ended;
        }

        Collection<AgentTask> tasks() {
            return tasks.values();
        }

        /** Tasks that ended and were acknowledged, oldest first. */
        Collection<AgentTask> completed() {
            return completed;
        }

        boolean has(Capability.Type capability) {
            return info != null && info.getCapabilitiesList().stream().anyMatch(c -> c.getType() == capability);
        }
    }

    private final AgentConfig.Bounds bounds;
    private final AgentMetrics metrics;
    private final Map<FrameworkId, Entry> active = new LinkedHashMap<>();
    private final Map<FrameworkId, Entry> completed = new LinkedHashMap<>();
    private int taskCount;

    FrameworkManager(AgentConfig.Bounds bounds, AgentMetrics metrics) {
        this.bounds = bounds;
        this.metrics = metrics;
    }

    /**
     * Takes note of a framework that is to get tasks, or of what changed in one that has.
     *
     * @return true if it is news
     */
    boolean learn(FrameworkId id, FrameworkInfo info) {
        Entry entry = entry(id);
        boolean news = !info.equals(entry.info);
        entry.info = info;
        return news;
    }

    /** Whether the framework has tasks here. */
    boolean isActive(FrameworkId id) {
        return active.containsKey(id);
    }

    /** The framework, if it has tasks here or had some not long ago. */
    Optional<Entry> find(FrameworkId id) {
        Entry entry = active.get(id);
        return Optional.ofNullable(entry != null ? entry : completed.get(id));
    }

    /** The frameworks that have tasks here, in the order in which they came. */
    Collection<Entry> active() {
        return active.values();
    }

    /** Frameworks that had tasks here, oldest first. */
    Collection<Entry> completed() {
        return completed.values();
    }

    void ended(FrameworkId id) {
        entry(id).ended = true;
    }

    void add(AgentTask task) {
        entry(task.key().framework()).tasks.put(task.key().task(), task);
        taskCount++;
    }

    Optional<AgentTask> task(TaskKey key) {
        Entry entry = active.get(key.framework());
        return Optional.ofNullable(entry == null ? null : entry.tasks.get(key.task()));
    }

    /** The task of this id that ended here last and was acknowledged, as far as memory reaches. */
    Optional<AgentTask> completedTask(TaskKey key) {
        return find(key.framework())
                .flatMap(entry -> entry.completed.stream()
                        .filter(task -> task.key().equals(key))
                        .reduce((earlier, later) -> later));
    }

    /** All tasks that have not both ended and been acknowledged. */
    List<AgentTask> tasks() {
        List<AgentTask> tasks = new ArrayList<>(taskCount);
        active.values().forEach(entry -> tasks.addAll(entry.tasks.values()));
        return tasks;
    }

    int taskCount() {
        return taskCount;
    }

    /** The tasks of a framework, those that ended and were not acknowledged among them. */
    List<AgentTask> tasksOf(FrameworkId id) {
        Entry entry = active.get(id);
        return entry == null ? List.of() : List.copyOf(entry.tasks.values());
    }

    /** Moves a task to what is remembered. With its last task a framework goes there too. */
    void complete(AgentTask task) {
        Entry entry = active.get(task.key().framework());
        if (entry == null || !entry.tasks.remove(task.key().task(), task)) {
            return;
        }
        taskCount--;
        entry.completed.add(task);
        if (entry.completed.size() > bounds.completedTasks()) {
            entry.completed.remove();
        }
        retireIfIdle(entry);
    }

    /** A framework without tasks is only remembered. */
    void retireIfIdle(Entry entry) {
        if (!entry.tasks.isEmpty() || active.remove(entry.id) == null) {
            return;
        }
        completed.put(entry.id, entry);
        if (completed.size() > bounds.completedFrameworks()) {
            completed.remove(completed.keySet().iterator().next());
        }
        metrics.frameworks(active.size());
    }

    private Entry entry(FrameworkId id) {
        Entry entry = active.get(id);
        if (entry == null) {
            Entry earlier = completed.remove(id);
            entry = earlier == null ? new Entry(id) : earlier;
            entry.ended = false;
            active.put(id, entry);
            metrics.frameworks(active.size());
        }
        return entry;
    }
}
