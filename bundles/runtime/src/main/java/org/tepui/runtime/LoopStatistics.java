// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

import java.util.Map;
import java.util.TreeMap;

/**
 * What a loop has done, at one moment.
 *
 * @param queueDepth events that wait for their turn, timers not counted
 * @param eventsRun since the loop started, timers included
 * @param faults events that threw
 * @param timers that wait for their time
 * @param longestWaitNanos the longest time that an event waited for its turn since the statistics were last read
 * @param longestEventNanos the longest time that an event took since the statistics were last read
 * @param slowEvents by name, how often an event took longer than the loop's threshold
 */
public record LoopStatistics(
        long queueDepth,
        long eventsRun,
        long faults,
        int timers,
        long longestWaitNanos,
        long longestEventNanos,
        Map<String, Long> slowEvents) {
    /** Copies the map, sorted by name. */
    public LoopStatistics {
        slowEvents = new TreeMap<>(slowEvents);
    }
}
