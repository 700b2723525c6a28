// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import org.tepui.runtime.Worker;

/**
 * Who does what blocks. They may be one and the same; apart, they do not wait for each other.
 *
 * @param log writes the agent's log
 * @param sandboxes makes and removes sandboxes, asks for users
 * @param files reads sandboxes for others
 */
public record AgentWorkers(Worker log, Worker sandboxes, Worker files) {}
