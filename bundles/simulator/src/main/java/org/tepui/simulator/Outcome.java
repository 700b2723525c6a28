// SPDX-License-Identifier: Apache-2.0
package org.tepui.simulator;

import java.util.List;

/**
 * What a run came to.
 *
 * @param seed that gives the same run again
 * @param digest of all events
 * @param events how many there were
 * @param tasks launched
 * @param started processes that were started
 * @param terminalUpdates terminal statuses that schedulers got, repeats included
 * @param faults that happened
 * @param violations empty if all is well
 */
public record Outcome(
        long seed,
        String digest,
        long events,
        int tasks,
        int started,
        int terminalUpdates,
        int faults,
        List<Violation> violations) {}
