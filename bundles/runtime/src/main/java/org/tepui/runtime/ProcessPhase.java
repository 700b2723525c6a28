// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Where a process under a shim stands, as far as its service knows. */
enum ProcessPhase {
    /** Asked for; whether it runs is not known yet. */
    STARTING,
    /** Its command was executed. */
    RUNNING,
    /** Its end was reported; what is recorded of it waits to be forgotten. */
    ENDED;

    private static final Map<ProcessPhase, Set<ProcessPhase>> NEXT = new EnumMap<>(Map.of(
            STARTING, EnumSet.of(RUNNING),
            RUNNING, EnumSet.of(ENDED),
            ENDED, EnumSet.noneOf(ProcessPhase.class)));

    /** Whether the next phase may follow; a process that could not be started leaves the table instead. */
    boolean mayBecome(ProcessPhase next) {
        return NEXT.getOrDefault(this, Set.of()).contains(next);
    }
}
