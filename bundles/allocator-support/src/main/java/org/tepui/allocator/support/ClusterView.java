// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator.support;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;
import org.tepui.api.resources.Resources;

/**
 * What the allocator knows of the cluster, for a policy that does more than put in order. Shows the present and cannot
 * be written through. To be read on the allocator's loop, and not across calls.
 */
@ProviderType
public interface ClusterView {
    /** All agents, in the order in which they were added. */
    Collection<? extends AgentView> agents();

    /** An agent, or null if it is not known. */
    @Nullable
    AgentView agent(AgentId id);

    /** All frameworks in all of their roles, whether they are served or not, by the frameworks' identities. */
    Iterable<? extends ClientView> clients();

    /** A framework in one of its roles, or null if it is not in that role. */
    @Nullable
    ClientView client(FrameworkId framework, Role role);

    /**
     * Has every framework look at an agent again, because {@link HierarchicalPolicy#admits} may say something else of
     * it than before. Nothing happens if it is not known.
     */
    void lookAgain(AgentId agent);

    /**
     * What quotas leave to a framework of a bundle, if some tasks had ended and nobody had got what they held.
     *
     * @param bundle without allocation role, as {@link ClientView#usable} gives it
     * @param ended tasks that are known
     */
    Resources admitted(ClientView client, Resources bundle, List<RunningTask> ended);

    /** A role, or null if nobody is in it or below it. */
    @Nullable
    ShareNode role(Role role);
}
