// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.fairshare;

import java.util.Map;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;
import org.tepui.allocator.Allocator;
import org.tepui.allocator.AllocatorContext;
import org.tepui.allocator.AllocatorFactory;
import org.tepui.allocator.support.HierarchicalAllocator;

/** Makes allocators of fair share with history: see {@link FairSharePolicy}. Registered as a service, without state. */
@Component(configurationPid = FairShareConfiguration.PID)
@Designate(ocd = FairShareConfiguration.class)
public final class FairShareAllocatorFactory implements AllocatorFactory {
    /** Called by the container. */
    public FairShareAllocatorFactory() {}

    @Override
    public String name() {
        return "fair-share";
    }

    @Override
    public Allocator create(AllocatorContext context, Map<String, String> configuration) {
        FairShareSettings settings = FairShareSettings.read(configuration);
        return new HierarchicalAllocator(context, settings.options(), new FairSharePolicy(context, settings));
    }
}
