// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.EnumSet;

/** What the master knows of a framework. */
enum FrameworkState {
    /** Known from the registry or from an agent that runs its tasks; its scheduler has not come back yet. */
    RECOVERED,
    /** Its scheduler is subscribed: it is offered resources and gets updates. */
    ACTIVE,
    /** The stream of its scheduler broke; it has its failover timeout to come back. */
    DISCONNECTED,
    /** Torn down, or its failover timeout passed. A scheduler with its id is refused. */
    COMPLETED;

    static final Transitions<FrameworkState> MOVES = Transitions.of(FrameworkState.class)
            .from(RECOVERED, EnumSet.of(ACTIVE, COMPLETED))
            .from(ACTIVE, EnumSet.of(DISCONNECTED, COMPLETED))
            .from(DISCONNECTED, EnumSet.of(ACTIVE, COMPLETED))
            .build();
}
