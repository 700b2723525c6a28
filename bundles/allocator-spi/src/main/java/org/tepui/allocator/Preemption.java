// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator;

import java.time.Duration;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;
import org.tepui.api.TaskId;

/**
 * A task that a policy wants to end, so that what it holds goes to another role.
 *
 * @param framework whose task it is
 * @param task which one
 * @param agent where it is
 * @param beneficiary the role that is to get what becomes free
 * @param grace how long the task has between being asked to end and being killed: zero or more
 * @param reason why, in a sentence for the owner of the task and the operator
 */
public record Preemption(
        FrameworkId framework, TaskId task, AgentId agent, Role beneficiary, Duration grace, String reason) {
    /** @throws IllegalArgumentException if the grace is negative */
    public Preemption {
        if (grace.isNegative()) {
            throw new IllegalArgumentException("a grace of " + grace + " is not allowed: zero or more");
        }
    }
}
