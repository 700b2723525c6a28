// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator;

import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;
import org.tepui.api.resources.Resources;

/**
 * Resources of one agent for one framework in one of its roles.
 *
 * @param framework whom they are for
 * @param role one of the framework's roles
 * @param agent where they are
 * @param resources not empty, each allocated to {@code role}
 */
public record Allocation(FrameworkId framework, Role role, AgentId agent, Resources resources) {}
