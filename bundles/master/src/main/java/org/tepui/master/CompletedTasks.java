// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.tepui.api.TaskId;
import org.tepui.v1.Task;

/**
 * The tasks of one framework that are over and settled, oldest first; bounded. They are by far the most that a master
 * holds and are seldom asked for: so they are kept serialized, one array each, which takes a tenth of the memory and
 * spares the collector most of its work. Of an id that was used twice the last task is kept.
 *
 * <p>Soft state: a failover of the master forgets them.
 */
final class CompletedTasks {
    private final Map<TaskId, byte[]> tasks = new LinkedHashMap<>();

    /**
     * Adds one, as the v1 API shows it.
     *
     * @param maximum above it the oldest are forgotten
     */
    void add(TaskId id, Task task, int maximum) {
        tasks.remove(id);
        tasks.put(id, task.toByteArray());
        Iterator<byte[]> oldest = tasks.values().iterator();
        while (tasks.size() > maximum) {
            oldest.next();
            oldest.remove();
        }
    }

    Optional<Task> find(TaskId id) {
        byte @Nullable [] task = tasks.get(id);
        return task == null ? Optional.empty() : Optional.of(parse(task));
    }

    void forEach(Consumer<Task> action) {
        tasks.values().forEach(task -> action.accept(parse(task)));
    }

    private static Task parse(byte[] task) {
        try {
            return Task.parseFrom(task);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a task that was serialized here cannot be read", e);
        }
    }
}
