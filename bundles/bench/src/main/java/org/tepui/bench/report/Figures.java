// SPDX-License-Identifier: Apache-2.0
package org.tepui.bench.report;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What several rounds gave for one quantity.
 *
 * @param cold the figure of the first round in a fresh JVM, where that was measured apart; not part of the others
 * @param minimum of the warm rounds
 * @param median of the warm rounds
 * @param maximum of the warm rounds
 */
public record Figures(Optional<Double> cold, double minimum, double median, double maximum) {
    /**
     * The figures of warm rounds.
     *
     * @throws IllegalArgumentException if there is no round
     */
    public static Figures of(List<Double> rounds) {
        if (rounds.isEmpty()) {
            throw new IllegalArgumentException("there are no rounds to take figures of");
        }
        double[] sorted =
                rounds.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Figures(Optional.empty(), sorted[0], median, sorted[sorted.length - 1]);
    }

    /**
     * The first round is the cold one; where it is the only one, it stands for all.
     *
     * @throws IllegalArgumentException if there is no round
     */
    public static Figures coldFirst(List<Double> rounds) {
        Figures warm = of(rounds.size() > 1 ? rounds.subList(1, rounds.size()) : rounds);
        return new Figures(Optional.of(rounds.get(0)), warm.minimum, warm.median, warm.maximum);
    }

    /**
     * The value that a share of the samples does not exceed.
     *
     * @param samples at least one; sorted in place
     * @param share 0 to 1
     */
    public static long quantile(long[] samples, double share) {
        Arrays.sort(samples);
        int index = (int) Math.ceil(share * samples.length) - 1;
        return samples[Math.max(0, Math.min(samples.length - 1, index))];
    }
}
