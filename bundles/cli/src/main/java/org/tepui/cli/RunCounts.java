// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;

/** How many tasks of a run have which outcome. */
record RunCounts(Map<RunTask.Outcome, Integer> byOutcome) {
    static RunCounts of(Collection<RunTask> tasks) {
        Map<RunTask.Outcome, Integer> counts = new EnumMap<>(RunTask.Outcome.class);
        tasks.forEach(task -> counts.merge(task.outcome(), 1, Integer::sum));
        return new RunCounts(counts);
    }

    int of(RunTask.Outcome outcome) {
        return byOutcome.getOrDefault(outcome, 0);
    }

    /** Those that will not change. */
    int ended() {
        return of(RunTask.Outcome.FINISHED)
                + of(RunTask.Outcome.FAILED)
                + of(RunTask.Outcome.KILLED)
                + of(RunTask.Outcome.LOST);
    }

    /** {@code 1 waiting, 0 staging, 2 running, 4 finished}, and what went wrong if anything did. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (RunTask.Outcome outcome : RunTask.Outcome.values()) {
            boolean always = outcome.compareTo(RunTask.Outcome.FINISHED) <= 0;
            if (always || of(outcome) > 0) {
                text.append(text.isEmpty() ? "" : ", ")
                        .append(of(outcome))
                        .append(' ')
                        .append(outcome.name().toLowerCase(java.util.Locale.ROOT));
            }
        }
        return text.toString();
    }
}
