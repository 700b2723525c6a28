// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A named executor for work that may block: file input and output, starting processes. Work is done in the order in
 * which it was handed over, one piece at a time, and what comes of it returns to a loop as an event.
 */
public interface Worker {
    /** The name of the worker, as it appears in logs, thread names and metrics. */
    String name();

    /**
     * Does a piece of work on this worker, then hands its result or its failure to the loop. From any thread.
     *
     * @param what names the work in logs and metrics
     * @param work may block and may throw
     * @param loop where the result is wanted
     * @param done gets the result and null, or null and the failure; runs on the loop
     */
    <T> void submit(String what, Callable<T> work, EventLoop loop, BiConsumer<@Nullable T, @Nullable Exception> done);
}
