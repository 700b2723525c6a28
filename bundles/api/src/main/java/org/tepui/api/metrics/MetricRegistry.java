// SPDX-License-Identifier: Apache-2.0
package org.tepui.api.metrics;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;

/**
 * The metrics of one service by name. Safe to use from any thread.
 *
 * <p>Names are those of Mesos where Mesos has the metric ({@code master/tasks_running}). A counter or gauge appears
 * in a snapshot under its name; a timer {@code t} appears as {@code t_ms} (the last duration) and {@code t_ms/count},
 * {@code /min}, {@code /max}, {@code /p50}, {@code /p90}, {@code /p95}, {@code /p99} and {@code /p999}, in
 * milliseconds.
 *
 * <p>The number of metrics is bounded, because some are named after frameworks: beyond {@link #capacity()} a metric
 * works and is not listed, and {@code metrics/unlisted} counts these.
 */
public final class MetricRegistry {
    /** How many metrics a registry lists unless told otherwise. */
    public static final int DEFAULT_CAPACITY = 100_000;

    private static final int MAXIMUM_NAME_LENGTH = 512;
    private static final String UNLISTED = "metrics/unlisted";
    private static final Object[][] QUANTILES = {
        {"/p50", 0.5}, {"/p90", 0.9}, {"/p95", 0.95}, {"/p99", 0.99}, {"/p999", 0.999}
    };

    /** Each value is a {@link Counter}, a {@link TimerMetric} or a {@link DoubleSupplier}. */
    private final ConcurrentHashMap<String, Object> metrics = new ConcurrentHashMap<>();

    private final List<MetricRegistry> parts = new CopyOnWriteArrayList<>();

    private final AtomicInteger listed = new AtomicInteger();
    private final Counter unlisted = new Counter();
    private final int capacity;

    /** Makes a registry of {@value #DEFAULT_CAPACITY} metrics at most. */
    public MetricRegistry() {
        this(DEFAULT_CAPACITY);
    }

    /**
     * Makes a registry.
     *
     * @param capacity how many metrics it lists, 1 or more
     * @throws IllegalArgumentException if less than 1
     */
    public MetricRegistry(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity " + capacity + " is not allowed: 1 or more");
        }
        this.capacity = capacity;
    }

    /** How many metrics are listed at most. */
    public int capacity() {
        return capacity;
    }

    /**
     * The counter of this name, made at the first call.
     *
     * @throws IllegalArgumentException if the name is taken by a metric of another kind, or is not a name
     */
    public Counter counter(String name) {
        return existingOrNew(name, Counter.class, new Counter());
    }

    /**
     * The timer of this name, made at the first call.
     *
     * @param name without the suffix {@code _ms}
     * @throws IllegalArgumentException if the name is taken by a metric of another kind, or is not a name
     */
    public TimerMetric timer(String name) {
        return existingOrNew(name, TimerMetric.class, new TimerMetric());
    }

    /**
     * Lists a value that is asked for at every snapshot. A second gauge of the same name takes the place of the
     * first, as when a service is restarted.
     *
     * @param value called from any thread; while it throws or answers something that is not finite, the gauge is left
     *     out
     * @throws IllegalArgumentException if the name is taken by a metric of another kind, or is not a name
     */
    public void gauge(String name, DoubleSupplier value) {
        Object previous = existingOrNew(name, Object.class, value);
        if (previous == value) {
            return;
        }
        if (!(previous instanceof DoubleSupplier)) {
            throw taken(name, previous);
        }
        metrics.replace(name, previous, value);
    }

    /**
     * Takes a metric from the list. Those who hold the counter or timer may go on to use it, unlisted.
     *
     * @return false if there was none of this name
     */
    public boolean remove(String name) {
        boolean removed = metrics.remove(name) != null;
        if (removed) {
            listed.decrementAndGet();
        }
        return removed;
    }

    /**
     * Lists the metrics of a part of the service, too, until it is {@linkplain #exclude excluded}. Of several metrics
     * with one name this registry's own is listed, or that of the part which was included first.
     *
     * @param part does not include this registry
     */
    public void include(MetricRegistry part) {
        parts.add(part);
    }

    /**
     * Lists the metrics of a part no more.
     *
     * @return false if it was not included
     */
    public boolean exclude(MetricRegistry part) {
        return parts.remove(part);
    }

    /** The values of all metrics now, by key. The map belongs to the caller. */
    public SortedMap<String, Double> snapshot() {
        SortedMap<String, Double> values = new TreeMap<>();
        for (Map.Entry<String, Object> entry : metrics.entrySet()) {
            Object metric = entry.getValue();
            if (metric instanceof Counter counter) {
                values.put(entry.getKey(), (double) counter.value());
            } else if (metric instanceof TimerMetric timer) {
                putTimer(values, entry.getKey() + "_ms", timer.summary());
            } else {
                putGauge(values, entry.getKey(), (DoubleSupplier) metric);
            }
        }
        if (unlisted.value() > 0) {
            values.put(UNLISTED, (double) unlisted.value());
        }
        for (MetricRegistry part : parts) {
            for (Map.Entry<String, Double> entry : part.snapshot().entrySet()) {
                values.putIfAbsent(entry.getKey(), entry.getValue());
            }
        }
        return values;
    }

    private <T> T existingOrNew(String name, Class<T> kind, T fresh) {
        Object existing = metrics.get(checkName(name));
        if (existing == null) {
            if (listed.incrementAndGet() > capacity) {
                listed.decrementAndGet();
                unlisted.increment();
                return fresh;
            }
            existing = metrics.putIfAbsent(name, fresh);
            if (existing == null) {
                return fresh;
            }
            listed.decrementAndGet();
        }
        if (!kind.isInstance(existing)) {
            throw taken(name, existing);
        }
        return kind.cast(existing);
    }

    private static IllegalArgumentException taken(String name, Object existing) {
        String kind = existing instanceof Counter ? "counter" : existing instanceof TimerMetric ? "timer" : "gauge";
        return new IllegalArgumentException("metric '" + name + "' is a " + kind + " already");
    }

    private static String checkName(String name) {
        boolean allowed = !name.isEmpty() && name.length() <= MAXIMUM_NAME_LENGTH;
        if (!allowed || name.chars().anyMatch(c -> Character.isISOControl(c) || Character.isWhitespace(c))) {
            throw new IllegalArgumentException("metric name '" + name.substring(0, Math.min(40, name.length()))
                    + "' is not allowed: 1 to " + MAXIMUM_NAME_LENGTH + " characters without white space");
        }
        return name;
    }

    private static void putGauge(SortedMap<String, Double> values, String name, DoubleSupplier gauge) {
        double value;
        try {
            value = gauge.getAsDouble();
        } catch (RuntimeException e) {
            // a gauge belongs to somebody who may be shutting down: the other metrics are shown all the same
            return;
        }
        if (Double.isFinite(value)) {
            values.put(name, value);
        }
    }

    private static void putTimer(SortedMap<String, Double> values, String name, TimerMetric.Summary summary) {
        values.put(name + "/count", (double) summary.count());
        if (summary.count() == 0) {
            return;
        }
        values.put(name, summary.last());
        values.put(name + "/min", summary.min());
        values.put(name + "/max", summary.max());
        for (Object[] quantile : QUANTILES) {
            values.put(name + quantile[0], summary.quantile((Double) quantile[1]));
        }
    }
}
