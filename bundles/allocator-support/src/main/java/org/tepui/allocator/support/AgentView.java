// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator.support;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;
import org.tepui.allocator.AgentProfile;
import org.tepui.api.resources.Resources;

/** An agent, as a policy sees it. To be read on the allocator's loop. */
@ProviderType
public interface AgentView {
    /** What it is and has. */
    AgentProfile profile();

    /** Whether it may be offered from. */
    boolean isActive();

    /** Whether more is held on it than it has, so that what ends may leave nothing free. */
    boolean isOvercommitted();

    /** What nobody holds, without allocation roles. */
    Resources free();

    /** The tasks on it, in the order in which they were added. The list is the allocator's own: read it at once. */
    List<RunningTask> tasks();
}
