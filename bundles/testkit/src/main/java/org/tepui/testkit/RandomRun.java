// SPDX-License-Identifier: Apache-2.0
package org.tepui.testkit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A run of numbered random steps that can be repeated, and if it fails, is made shorter: the failure is reported with
 * the fewest steps that were found to lead to it.
 */
public final class RandomRun {
    /** How often a failed run is repeated with fewer steps, so that a failure is reported in time. */
    private static final int MOST_REPETITIONS = 2000;

    /** How many steps these may take in all. */
    private static final long MOST_STEPS = 2_000_000;

    private final Trial trial;
    private int repetitions;
    private long taken;

    private RandomRun(Trial trial) {
        this.trial = trial;
    }

    /** Something that can be done again and again from its beginning. */
    @FunctionalInterface
    public interface Trial {
        /**
         * Begins anew and takes the steps with the given numbers.
         *
         * @throws RuntimeException or AssertionError if something is wrong
         */
        void run(List<Integer> steps);
    }

    /**
     * Takes steps 0 to one less than the given number.
     *
     * @param name what to call the run in a report; names the seed
     * @throws AssertionError if it fails, with the fewest steps that were found to fail and why they do
     */
    public static void check(String name, int steps, Trial trial) {
        List<Integer> all = IntStream.range(0, steps).boxed().toList();
        RandomRun run = new RandomRun(trial);
        if (run.failure(all) != null) {
            List<Integer> fewest = run.shrink(all);
            Throwable cause = run.failure(fewest);
            String why = cause == null ? "" : ": " + cause.getMessage();
            throw new AssertionError(
                    name + " failed; " + fewest.size() + " of " + steps + " steps are enough, " + fewest + why, cause);
        }
    }

    private @Nullable Throwable failure(List<Integer> steps) {
        repetitions++;
        taken += steps.size();
        try {
            trial.run(steps);
            return null;
        } catch (RuntimeException | AssertionError failure) {
            return failure;
        }
    }

    /** Leaves out ever smaller parts, as long as the rest fails. */
    private List<Integer> shrink(List<Integer> failing) {
        List<Integer> steps = withoutTail(failing);
        for (int size = Math.max(1, steps.size() / 2); size > 0; size = size / 2) {
            for (int start = 0; start < steps.size() && mayRepeat(); ) {
                List<Integer> fewer = new ArrayList<>(steps);
                fewer.subList(start, Math.min(start + size, fewer.size())).clear();
                if (failure(fewer) != null) {
                    steps = fewer;
                } else {
                    start += size;
                }
            }
        }
        return Collections.unmodifiableList(steps);
    }

    private boolean mayRepeat() {
        return repetitions < MOST_REPETITIONS && taken < MOST_STEPS;
    }

    /** What comes after the step that fails is not needed. */
    private List<Integer> withoutTail(List<Integer> failing) {
        int passes = 0;
        int fails = failing.size();
        while (fails - passes > 1) {
            int middle = (passes + fails) >>> 1;
            if (failure(failing.subList(0, middle)) != null) {
                fails = middle;
            } else {
                passes = middle;
            }
        }
        return new ArrayList<>(failing.subList(0, fails));
    }
}
