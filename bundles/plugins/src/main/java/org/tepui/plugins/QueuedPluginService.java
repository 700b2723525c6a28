// SPDX-License-Identifier: Apache-2.0
package org.tepui.plugins;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.api.service.PluginException;
import org.tepui.api.service.PluginException.Kind;
import org.tepui.api.service.PluginInfo;
import org.tepui.api.service.PluginRefusal;
import org.tepui.api.service.PluginService;

/** Makes changes one after the other, on the one thread that owns the plug-ins and looks at the deploy directory. */
final class QueuedPluginService implements PluginService, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(QueuedPluginService.class);
    private static final int MOST_WAITING = 16;
    private static final long CLOSE_SECONDS = 5;

    private final PluginManager manager;
    private final DeployDirectory deploy;
    private final ScheduledExecutorService executor;
    private final AtomicInteger waiting = new AtomicInteger();

    QueuedPluginService(PluginManager manager, DeployDirectory deploy) {
        this.manager = manager;
        this.deploy = deploy;
        ScheduledThreadPoolExecutor single = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "plugins");
            thread.setDaemon(true);
            return thread;
        });
        single.setRemoveOnCancelPolicy(true);
        executor = single;
    }

    /** Looks at the deploy directory from now on. */
    void watch(long intervalMilliseconds) {
        var unused = executor.scheduleWithFixedDelay(this::look, 0, intervalMilliseconds, TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            deploy.look();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            // a scheduled task that throws would not be run again
            log.error("A bug: the look at the deploy directory failed", e);
        }
    }

    @Override
    public CompletableFuture<PluginInfo> install(byte[] jar, boolean downgrade) {
        return submit(() -> manager.install(jar, "the jar", Optional.empty(), downgrade));
    }

    @Override
    public CompletableFuture<List<PluginInfo>> list() {
        return submit(manager::list);
    }

    @Override
    public CompletableFuture<List<PluginRefusal>> refused() {
        return submit(deploy::refused);
    }

    @Override
    public CompletableFuture<PluginInfo> remove(String name, Optional<String> version) {
        return submit(() -> manager.remove(name, version, "call"));
    }

    @Override
    public CompletableFuture<PluginInfo> rollback(String name) {
        return submit(() -> manager.rollback(name, "call"));
    }

    private <T> CompletableFuture<T> submit(Callable<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        if (waiting.incrementAndGet() > MOST_WAITING || executor.isShutdown()) {
            waiting.decrementAndGet();
            result.completeExceptionally(new PluginException(
                    Kind.CONFLICT, "too many changes of plug-ins wait already: try again when they are done"));
            return result;
        }
        executor.execute(() -> {
            waiting.decrementAndGet();
            try {
                result.complete(work.call());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                result.completeExceptionally(
                        new PluginException(Kind.FAILED, "the container stops: nothing was changed"));
            } catch (PluginException e) {
                result.completeExceptionally(e);
            } catch (Exception e) {
                log.error("A bug: a change of plug-ins failed", e);
                result.completeExceptionally(
                        new PluginException(Kind.FAILED, "a bug, the log has more: " + PluginBundles.rootCause(e)));
            } catch (Error e) {
                result.completeExceptionally(
                        new PluginException(Kind.FAILED, "the node cannot go on: " + PluginBundles.rootCause(e)));
                throw e;
            }
        });
        return result;
    }

    /** Ends the thread; a change under way is given up, and undone where it was not written down. */
    @Override
    public void close() {
        executor.shutdownNow();
        try {
            if (!executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                log.warn("A change of plug-ins did not end within {} s", CLOSE_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
