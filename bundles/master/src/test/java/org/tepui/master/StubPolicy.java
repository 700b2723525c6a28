// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.tepui.allocator.AgentProfile;
import org.tepui.allocator.AllocationDecision;
import org.tepui.allocator.Allocator;
import org.tepui.allocator.AllocatorContext;
import org.tepui.allocator.AllocatorFactory;
import org.tepui.allocator.FrameworkProfile;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;
import org.tepui.api.Weights;
import org.tepui.api.resources.Resources;

/** Allocates nothing; a base for policies that do one thing wrong. */
class StubPolicy implements Allocator {
    /** Makes allocators of a name. */
    interface Maker {
        Allocator make(AllocatorContext context, Map<String, String> configuration);
    }

    static AllocatorFactory factory(String name, Maker maker) {
        return new AllocatorFactory() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Allocator create(AllocatorContext context, Map<String, String> configuration) {
                return maker.make(context, configuration);
            }
        };
    }

    @Override
    public void addFramework(FrameworkProfile framework, boolean active, Set<Role> suppressed) {}

    @Override
    public void updateFramework(FrameworkProfile framework, Set<Role> suppressed) {}

    @Override
    public void removeFramework(FrameworkId framework) {}

    @Override
    public void activateFramework(FrameworkId framework) {}

    @Override
    public void deactivateFramework(FrameworkId framework) {}

    @Override
    public void addAgent(AgentProfile agent, Map<FrameworkId, Resources> used) {}

    @Override
    public void updateAgent(AgentProfile agent) {}

    @Override
    public void removeAgent(AgentId agent) {}

    @Override
    public void activateAgent(AgentId agent) {}

    @Override
    public void deactivateAgent(AgentId agent) {}

    @Override
    public void updateAllocation(FrameworkId framework, AgentId agent, Resources before, Resources after) {}

    @Override
    public boolean updateAvailable(AgentId agent, Resources before, Resources after) {
        return false;
    }

    @Override
    public void recoverResources(
            FrameworkId framework, AgentId agent, Resources resources, java.time.@Nullable Duration refusal) {}

    @Override
    public void suppressOffers(FrameworkId framework, Set<Role> roles) {}

    @Override
    public void reviveOffers(FrameworkId framework, Set<Role> roles) {}

    @Override
    public void updateWeights(Weights weights) {}

    @Override
    public AllocationDecision explain(FrameworkId framework, Role role) {
        return new AllocationDecision(framework, role, 0, new TreeMap<>());
    }

    @Override
    public void close() {}
}
