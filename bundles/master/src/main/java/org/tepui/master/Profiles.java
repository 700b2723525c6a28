// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tepui.allocator.AgentProfile;
import org.tepui.allocator.FrameworkProfile;
import org.tepui.allocator.TaskProfile;
import org.tepui.api.Role;
import org.tepui.api.resources.Quantities;
import org.tepui.proto.convert.AttributeConversion;
import org.tepui.proto.convert.CapabilityConversion;
import org.tepui.proto.convert.DomainConversion;
import org.tepui.proto.convert.ResourceConversion;
import org.tepui.v1.FrameworkInfo;

/** Frameworks and agents as policies see them. */
final class Profiles {
    private Profiles() {}

    static FrameworkProfile of(FrameworkEntry framework) {
        return new FrameworkProfile(
                framework.id,
                framework.info.getName(),
                framework.roles,
                CapabilityConversion.toApi(framework.info),
                minimumAllocatable(framework.info),
                framework.constraints);
    }

    /**
     * By role, the bundles of which an offer has to hold at least one.
     *
     * @throws IllegalArgumentException if a role or an amount is not allowed
     */
    static Map<Role, List<Quantities>> minimumAllocatable(FrameworkInfo info) {
        Map<Role, List<Quantities>> minimum = new TreeMap<>();
        info.getOfferFiltersMap().forEach((role, filters) -> {
            if (filters.hasMinAllocatableResources()) {
                List<Quantities> bundles = new ArrayList<>();
                filters.getMinAllocatableResources()
                        .getQuantitiesList()
                        .forEach(bundle -> bundles.add(ResourceConversion.quantities(bundle.getQuantitiesMap())));
                minimum.put(new Role(role), bundles);
            }
        });
        return minimum;
    }

    static TaskProfile of(TaskEntry task, Instant now) {
        return new TaskProfile(
                task.key.framework(),
                task.key.task(),
                task.agent,
                task.role,
                task.resources.allocate(task.role),
                TaskPriority.of(task.description().getLabels()),
                task.age(now));
    }

    static AgentProfile of(AgentEntry agent) {
        return new AgentProfile(
                agent.id,
                agent.info.getHostname(),
                AttributeConversion.toApi(agent.info.getAttributesList()),
                CapabilityConversion.toApi(agent.capabilities),
                DomainConversion.toApi(agent.info.getDomain()).orElse(null),
                agent.remote,
                agent.total);
    }
}
