// SPDX-License-Identifier: Apache-2.0
package org.tepui.bench.allocator;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.tepui.bench.report.Figures;

/** What the same thing took each time, each time divided by how often it was done. */
final class Samples {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double NANOS_PER_MICRO = 1e3;

    private final List<Sample> samples = new ArrayList<>();

    private record Sample(Cost cost, int times) {}

    /**
     * Adds what something took.
     *
     * @param times how often it was done for that; at least once
     */
    void add(Cost cost, int times) {
        samples.add(new Sample(cost, times));
    }

    boolean isEmpty() {
        return samples.isEmpty();
    }

    Figures wallMillis() {
        return figures(cost -> cost.wallNanos() / NANOS_PER_MILLI);
    }

    Figures cpuMillis() {
        return figures(cost -> cost.cpuNanos() / NANOS_PER_MILLI);
    }

    Figures wallMicros() {
        return figures(cost -> cost.wallNanos() / NANOS_PER_MICRO);
    }

    Figures cpuMicros() {
        return figures(cost -> cost.cpuNanos() / NANOS_PER_MICRO);
    }

    Figures bytes() {
        return figures(Cost::bytes);
    }

    /** How often it was done in a second. */
    Figures perSecond() {
        return Figures.of(samples.stream()
                .map(sample -> sample.times * 1e9 / Math.max(1, sample.cost.wallNanos()))
                .toList());
    }

    /** What the last quarter of the samples took, compared to the first: more than 1 is more. In time of the CPU. */
    double growth() {
        int quarter = Math.max(1, samples.size() / 4);
        double first = median(samples.subList(0, quarter));
        double last = median(samples.subList(samples.size() - quarter, samples.size()));
        return last / Math.max(1, first);
    }

    private static double median(List<Sample> some) {
        return Figures.of(some.stream()
                        .map(sample -> (double) sample.cost.cpuNanos() / sample.times)
                        .toList())
                .median();
    }

    private Figures figures(ToDoubleFunction<Cost> quantity) {
        return Figures.of(samples.stream()
                .map(sample -> quantity.applyAsDouble(sample.cost) / sample.times)
                .toList());
    }
}
