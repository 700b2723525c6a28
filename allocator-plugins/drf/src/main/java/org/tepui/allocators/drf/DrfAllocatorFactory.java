// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.drf;

import java.util.Map;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;
import org.tepui.allocator.Allocator;
import org.tepui.allocator.AllocatorContext;
import org.tepui.allocator.AllocatorFactory;
import org.tepui.allocator.support.HierarchicalAllocator;

/**
 * Makes allocators of weighted dominant resource fairness: see {@link DrfSorter}. Registered as a service, without
 * state.
 */
@Component(configurationPid = DrfConfiguration.PID)
@Designate(ocd = DrfConfiguration.class)
public final class DrfAllocatorFactory implements AllocatorFactory {
    /** Called by the container. */
    public DrfAllocatorFactory() {}

    @Override
    public String name() {
        return "drf";
    }

    @Override
    public Allocator create(AllocatorContext context, Map<String, String> configuration) {
        DrfSettings settings = DrfSettings.read(configuration);
        return new HierarchicalAllocator(context, settings.options(), new DrfSorter(settings.excluded()));
    }
}
