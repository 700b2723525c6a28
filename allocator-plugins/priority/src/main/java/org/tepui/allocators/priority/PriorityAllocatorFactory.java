// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.priority;

import java.util.Map;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;
import org.tepui.allocator.Allocator;
import org.tepui.allocator.AllocatorContext;
import org.tepui.allocator.AllocatorFactory;
import org.tepui.allocator.support.HierarchicalAllocator;

/** Makes allocators of strict priority: see {@link PriorityPolicy}. Registered as a service, without state. */
@Component(configurationPid = PriorityConfiguration.PID)
@Designate(ocd = PriorityConfiguration.class)
public final class PriorityAllocatorFactory implements AllocatorFactory {
    /** Called by the container. */
    public PriorityAllocatorFactory() {}

    @Override
    public String name() {
        return "priority";
    }

    @Override
    public Allocator create(AllocatorContext context, Map<String, String> configuration) {
        PrioritySettings settings = PrioritySettings.read(configuration);
        return new HierarchicalAllocator(context, settings.options(), new PriorityPolicy(context, settings));
    }
}
