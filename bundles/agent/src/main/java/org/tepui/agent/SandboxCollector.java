// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.runtime.Disk;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.Timer;

/**
 * Removes the sandboxes of tasks that ended, the oldest first.
 *
 * <p>The rule is that of Mesos: a sandbox is kept for the retention (a week) times what is left of the disk beyond the
 * headroom, {@code 1 - headroom - used part}; so with a headroom of 10 % and a disk that is half full for 40 % of a
 * week, and not at all when 90 % are full. It is looked at every minute. The age of a sandbox counts from the
 * acknowledgement of its task's end; of those that an agent finds at its start, from then. Soft state.
 */
final class SandboxCollector {
    private static final Logger LOG = LoggerFactory.getLogger(SandboxCollector.class);
    private static final String LATEST = "latest";

    private final EventLoop loop;
    private final Disk disk;
    private final AgentWorkers workers;
    private final AgentConfig config;
    private final SandboxPaths paths;
    private final AgentMetrics metrics;
    private final Deque<Ended> ended = new ArrayDeque<>();
    private @Nullable Timer timer;

    /** A sandbox that may go, and since when. */
    private record Ended(Path sandbox, long sinceNanos) {}

    SandboxCollector(EventLoop loop, Disk disk, AgentWorkers workers, AgentConfig config, AgentMetrics metrics) {
        this.loop = loop;
        this.disk = disk;
        this.workers = workers;
        this.config = config;
        this.paths = new SandboxPaths(config.workDirectory());
        this.metrics = metrics;
    }

    /**
     * Starts to look, first for sandboxes of earlier lives.
     *
     * @param inUse those of the tasks that are here
     */
    void start(Set<Path> inUse) {
        loop.assertInLoop();
        Set<Path> kept = new LinkedHashSet<>(inUse);
        workers.files().submit("find sandboxes", this::sandboxes, loop, (found, failure) -> {
            if (found == null) {
                LOG.warn("Cannot look for sandboxes of earlier lives: {}", String.valueOf(failure));
            } else {
                found.stream().filter(sandbox -> !kept.contains(sandbox)).forEach(this::ended);
            }
        });
        scheduleCheck();
    }

    /** Looks no more. */
    void stop() {
        if (timer != null) {
            timer.cancel();
        }
    }

    /** The task of this sandbox ended, and its end was acknowledged. */
    void ended(Path sandbox) {
        ended.add(new Ended(sandbox, loop.clock().nanoTime()));
        metrics.sandboxesWaiting(ended.size());
    }

    private List<Path> sandboxes() throws IOException {
        List<Path> found = new ArrayList<>();
        Path slaves = paths.workDirectory().resolve("slaves");
        for (Path agent : below(slaves)) {
            for (Path framework : below(agent.resolve("frameworks"))) {
                for (Path executor : below(framework.resolve("executors"))) {
                    found.addAll(below(executor.resolve("runs")));
                }
            }
        }
        return found;
    }

    private List<Path> below(Path directory) throws IOException {
        return disk.list(directory).stream()
                .filter(name -> !name.equals(LATEST))
                .map(directory::resolve)
                .toList();
    }

    private void scheduleCheck() {
        timer = loop.schedule("look for sandboxes", config.timings().sandboxCheck(), () -> {
            scheduleCheck();
            if (!ended.isEmpty()) {
                workers.files().submit("look at disk", this::usedPart, loop, (used, failure) -> {
                    if (used == null) {
                        LOG.warn("Cannot tell how full the disk is: {}", String.valueOf(failure));
                    } else {
                        collect(used);
                    }
                });
            }
        });
    }

    private Double usedPart() throws IOException {
        long total = disk.totalBytes(config.workDirectory());
        return total == 0 ? 1.0 : 1.0 - (double) disk.usableBytes(config.workDirectory()) / total;
    }

    private void collect(double usedPart) {
        double part = Math.max(0, 1 - config.timings().diskHeadroom() - usedPart);
        long allowedNanos = (long) (config.timings().sandboxRetention().toNanos() * part);
        long now = loop.clock().nanoTime();
        for (Iterator<Ended> each = ended.iterator(); each.hasNext(); ) {
            Ended oldest = each.next();
            if (now - oldest.sinceNanos() < allowedNanos) {
                break;
            }
            each.remove();
            remove(oldest.sandbox());
        }
        metrics.sandboxesWaiting(ended.size());
        LOG.debug("Sandboxes are kept for {}", Duration.ofNanos(allowedNanos));
    }

    private void remove(Path sandbox) {
        workers.files().submit("remove sandbox", () -> delete(sandbox), loop, (removed, failure) -> {
            if (removed == null) {
                metrics.sandboxesNotRemoved.increment();
                LOG.warn("Cannot remove sandbox {}: {}", sandbox, String.valueOf(failure));
            } else {
                metrics.sandboxesRemoved.increment();
                prune(sandbox);
            }
        });
    }

    private Path delete(Path sandbox) throws IOException {
        disk.delete(sandbox);
        return sandbox;
    }

    /**
     * Removes what led to the sandbox if nothing else is there. On the worker that makes sandboxes: none is made
     * meanwhile.
     */
    private void prune(Path sandbox) {
        workers.sandboxes().submit("remove directories", () -> pruneNow(sandbox), loop, (pruned, failure) -> {
            if (failure != null) {
                LOG.debug("Could not remove the directories of {}: {}", sandbox, failure.toString());
            }
        });
    }

    private Boolean pruneNow(Path sandbox) throws IOException {
        Path runs = sandbox.resolve("..").normalize();
        if (!below(runs).isEmpty()) {
            return false;
        }
        Path executor = runs.resolve("..").normalize();
        disk.delete(executor);
        Path executors = executor.resolve("..").normalize();
        if (disk.list(executors).isEmpty()) {
            disk.delete(executors.resolve("..").normalize());
        }
        return true;
    }
}
