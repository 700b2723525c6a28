// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator;

import org.jspecify.annotations.Nullable;
import org.tepui.api.AgentId;
import org.tepui.api.resources.Resources;

/**
 * A wish of a framework, which a policy may take into account or not.
 *
 * @param agent where it wants them, or null if anywhere
 * @param resources what it wants
 */
public record ResourceRequest(@Nullable AgentId agent, Resources resources) {}
