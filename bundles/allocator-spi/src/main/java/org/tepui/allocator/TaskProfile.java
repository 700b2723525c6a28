// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator;

import java.time.Duration;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;
import org.tepui.api.TaskId;
import org.tepui.api.resources.Resources;

/**
 * What an allocator knows of a task that holds resources.
 *
 * @param framework whose task it is
 * @param task its identity within the framework
 * @param agent where it is
 * @param role the role that its resources are allocated to
 * @param resources what it holds, each allocated to {@code role}: a part of what the framework holds on that agent
 * @param priority the number in the task's label {@code tepui.priority}, 0 without one; the higher, the more
 *     important
 *     within its role
 * @param age for how long it has been there at the moment of the call: zero when it is launched
 */
public record TaskProfile(
        FrameworkId framework,
        TaskId task,
        AgentId agent,
        Role role,
        Resources resources,
        int priority,
        Duration age) {}
