// SPDX-License-Identifier: Apache-2.0
package org.tepui.launcher;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The containers of this process, stopped in the reverse order of their start. Safe to use from any thread. */
final class Containers {
    private static final long COMMAND_GRACE_SECONDS = 5;

    private final Deque<List<Container>> groups = new ArrayDeque<>();
    private final List<Runnable> last = new ArrayList<>();
    private @Nullable Process command;
    private volatile boolean stopping;

    /**
     * Takes containers in that start, and stop, together.
     *
     * @throws LaunchException if a stop has begun
     */
    synchronized void add(List<Container> group) throws LaunchException {
        if (stopping) {
            throw LaunchException.failure("stopped before it was ready");
        }
        groups.push(group);
    }

    /** Takes in the command that uses the containers: it is ended before they are. */
    synchronized void beforeStop(Process process) {
        command = process;
    }

    /** Takes in what is done after all are stopped. */
    synchronized void afterStop(Runnable action) {
        last.add(action);
    }

    /** Whether a stop has begun. */
    boolean stopping() {
        return stopping;
    }

    /**
     * Stops all; a second call waits for the first.
     *
     * @return the names of those that did not stop in time
     */
    synchronized List<String> stop() {
        stopping = true;
        List<String> late = new ArrayList<>();
        try {
            endCommand();
            while (!groups.isEmpty()) {
                late.addAll(stop(groups.pop()));
            }
            last.forEach(Runnable::run);
            last.clear();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return late;
    }

    private void endCommand() throws InterruptedException {
        Process process = command;
        if (process != null && process.isAlive()) {
            process.destroy();
            if (!process.waitFor(COMMAND_GRACE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }

    private static List<String> stop(List<Container> group) throws InterruptedException {
        List<String> late = new ArrayList<>();
        ExecutorService executor = Executors.newFixedThreadPool(Math.max(1, group.size()));
        try {
            List<Future<Boolean>> stops = new ArrayList<>();
            group.forEach(container -> stops.add(executor.submit(container::stop)));
            for (int i = 0; i < stops.size(); i++) {
                if (!stops.get(i).get()) {
                    late.add(group.get(i).name());
                }
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a container could not be stopped", e.getCause());
        } finally {
            executor.shutdown();
        }
        return late;
    }
}
