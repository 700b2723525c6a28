// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** How the agent stands with its master. */
enum RegistrationState {
    /** There is no connection to the master. */
    DISCONNECTED,
    /** There is one, and the agent asks to be admitted. */
    REGISTERING,
    /** The master admitted the agent. */
    REGISTERED,
    /** The agent has ended and asks no more. */
    ENDED;

    private static final Map<RegistrationState, Set<RegistrationState>> LEGAL = table();

    /** Whether the agent may go from this state to another. */
    boolean mayBecome(RegistrationState next) {
        return LEGAL.getOrDefault(this, Collections.emptySet()).contains(next);
    }

    private static Map<RegistrationState, Set<RegistrationState>> table() {
        Map<RegistrationState, Set<RegistrationState>> table = new EnumMap<>(RegistrationState.class);
        table.put(DISCONNECTED, EnumSet.of(REGISTERING, ENDED));
        table.put(REGISTERING, EnumSet.of(REGISTERED, DISCONNECTED, ENDED));
        // a master that lost track of the agent has it register again on the same connection
        table.put(REGISTERED, EnumSet.of(REGISTERING, DISCONNECTED, ENDED));
        return table;
    }
}
