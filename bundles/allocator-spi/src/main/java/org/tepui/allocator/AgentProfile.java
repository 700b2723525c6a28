// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tepui.api.AgentCapability;
import org.tepui.api.AgentId;
import org.tepui.api.FaultDomain;
import org.tepui.api.resources.Attribute;
import org.tepui.api.resources.Resources;

/**
 * What an allocator knows of an agent.
 *
 * @param id its identity
 * @param hostname its name in the network
 * @param attributes what it says about itself
 * @param capabilities what it can do
 * @param domain where it stands, if that is known
 * @param remote whether it stands in another region than the master
 * @param total everything it has, allocated or not; without allocation roles
 */
public record AgentProfile(
        AgentId id,
        String hostname,
        List<Attribute> attributes,
        Set<AgentCapability> capabilities,
        @Nullable FaultDomain domain,
        boolean remote,
        Resources total) {
    /** Copies the collections. */
    public AgentProfile {
        attributes = List.copyOf(attributes);
        Set<AgentCapability> copy = EnumSet.noneOf(AgentCapability.class);
        copy.addAll(capabilities);
        capabilities = Collections.unmodifiableSet(copy);
    }

    /** The same with another total. */
    public AgentProfile withTotal(Resources changed) {
        return new AgentProfile(id, hostname, attributes, capabilities, domain, remote, changed);
    }
}
