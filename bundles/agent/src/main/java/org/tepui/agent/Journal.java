// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import org.tepui.proto.agent.AgentRecord;

/** Where the hard state of the agent goes, record by record. Called on the agent's loop. */
@FunctionalInterface
interface Journal {
    /**
     * Writes a record behind all earlier ones. Records of one burst become durable together.
     *
     * @param durable called on the loop once the record and all before it are durable; never, if the log cannot be
     *     written, which ends the agent
     */
    void append(AgentRecord record, Runnable durable);

    /** Writes a record that nothing waits for. */
    default void append(AgentRecord record) {
        append(record, () -> {});
    }
}
