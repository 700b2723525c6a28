// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.EnumSet;

/** The life of one policy in the slot. */
enum PolicyPhase {
    /** Its factory makes it, and it takes over what a predecessor of its name kept. */
    PREPARING,
    /** It is told the state of the cluster in parts, agents as deactivated so that it allocates nothing. */
    REPLAYING,
    /** It may allocate on some agents: that is compared with the books, and nobody is offered it. */
    VERIFYING,
    /** It is told what changed meanwhile, until hardly anything is left. */
    CATCHING_UP,
    /** What it allocates is offered. */
    SERVING,
    /** It is closed: another serves, or is to. */
    RETIRED,
    /** It broke the rules or took too long, and is closed or abandoned. */
    FAILED;

    static final Transitions<PolicyPhase> MOVES = Transitions.of(PolicyPhase.class)
            .from(PREPARING, EnumSet.of(REPLAYING, RETIRED, FAILED))
            .from(REPLAYING, EnumSet.of(VERIFYING, CATCHING_UP, RETIRED, FAILED))
            .from(VERIFYING, EnumSet.of(CATCHING_UP, RETIRED, FAILED))
            .from(CATCHING_UP, EnumSet.of(SERVING, RETIRED, FAILED))
            .from(SERVING, EnumSet.of(RETIRED, FAILED))
            .build();
}
