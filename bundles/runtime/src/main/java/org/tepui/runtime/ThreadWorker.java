// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A worker on a thread of its own. The queue has no bound; {@link #waiting()} is there to be watched. */
public final class ThreadWorker implements Worker, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ThreadWorker.class);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

    private final String name;
    private final ThreadPoolExecutor executor;
    private volatile @Nullable Thread thread;

    /** @param name of the worker and of its thread */
    public ThreadWorker(String name) {
        this.name = name;
        this.executor = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), this::newThread);
    }

    private Thread newThread(Runnable work) {
        Thread made = new Thread(work, name);
        thread = made;
        return made;
    }

    @Override
    public String name() {
        return name;
    }

    /** As the interface says; work for a closed worker fails with a {@link RejectedExecutionException}. */
    @Override
    public <T> void submit(
            String what, Callable<T> work, EventLoop loop, BiConsumer<@Nullable T, @Nullable Exception> done) {
        try {
            executor.execute(() -> run(what, work, loop, done));
        } catch (RejectedExecutionException e) {
            loop.execute(
                    what, () -> done.accept(null, new RejectedExecutionException("worker " + name + " is closed", e)));
        }
    }

    private static <T> void run(
            String what, Callable<T> work, EventLoop loop, BiConsumer<@Nullable T, @Nullable Exception> done) {
        T result;
        try {
            result = work.call();
        } catch (Exception e) {
            loop.execute(what, () -> done.accept(null, e));
            return;
        } catch (Error e) {
            loop.execute(what, () -> done.accept(null, new ExecutionException(e)));
            return;
        }
        loop.execute(what, () -> done.accept(result, null));
    }

    /** Pieces of work that wait for their turn. */
    public int waiting() {
        return executor.getQueue().size();
    }

    /** Does what was handed over already, then ends. Waits for at most 10 s, except on the worker itself. */
    @Override
    public void close() {
        executor.shutdown();
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            if (!executor.awaitTermination(CLOSE_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("worker {} did not end in {} s", name, CLOSE_LIMIT.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
