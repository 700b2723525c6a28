// SPDX-License-Identifier: Apache-2.0
package org.tepui.api.metrics;

import java.util.concurrent.atomic.LongAdder;

/**
 * A number of events since the process started. It only grows. Safe to use from any thread, and cheap when many
 * threads write it.
 */
public final class Counter {
    private final LongAdder sum = new LongAdder();

    Counter() {}

    /** Counts one event. */
    public void increment() {
        sum.increment();
    }

    /**
     * Counts several events at once.
     *
     * @param events zero or more
     * @throws IllegalArgumentException if negative
     */
    public void add(long events) {
        if (events < 0) {
            throw new IllegalArgumentException("a counter only grows, " + events + " cannot be added");
        }
        sum.add(events);
    }

    /** The events counted so far. */
    public long value() {
        return sum.sum();
    }
}
