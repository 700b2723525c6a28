// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.EnumSet;

/** What the master knows of an agent. */
enum AgentState {
    /** Read from the registry after a failover; it has not come back yet, so nobody knows what it runs. */
    RECOVERED,
    /** It asked to be admitted, or back in; the record of it is being made durable. */
    ADMITTING,
    /** Connected and in the books: its resources are offered. */
    ACTIVE,
    /** Its connection broke. Its tasks count as they were, nothing of it is offered, pings go on. */
    DISCONNECTED,
    /** It missed its pings or did not come back in time; the record of that is being made durable. */
    MARKING_UNREACHABLE,
    /** Recorded as unreachable. It may come back with everything it runs. */
    UNREACHABLE,
    /** Out of the cluster for good: replaced by a new agent at its address, or declared gone by an operator. */
    REMOVED;

    static final Transitions<AgentState> MOVES = Transitions.of(AgentState.class)
            .from(RECOVERED, EnumSet.of(ADMITTING, MARKING_UNREACHABLE, REMOVED))
            .from(ADMITTING, EnumSet.of(ACTIVE, REMOVED))
            .from(ACTIVE, EnumSet.of(DISCONNECTED, MARKING_UNREACHABLE, REMOVED))
            .from(DISCONNECTED, EnumSet.of(ACTIVE, MARKING_UNREACHABLE, REMOVED))
            .from(MARKING_UNREACHABLE, EnumSet.of(UNREACHABLE, REMOVED))
            .from(UNREACHABLE, EnumSet.of(ADMITTING, REMOVED))
            .build();

    /** Whether its resources and tasks are in the books. */
    boolean inBooks() {
        return this == ACTIVE || this == DISCONNECTED || this == MARKING_UNREACHABLE;
    }
}
