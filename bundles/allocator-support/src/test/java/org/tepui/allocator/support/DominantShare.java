// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator.support;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tepui.allocator.Allocator;
import org.tepui.allocator.AllocatorContext;
import org.tepui.allocator.AllocatorFactory;

/** The order of dominant resource fairness, for tests of what orders are used for. */
final class DominantShare implements Sorter, AllocatorFactory {
    final List<HierarchicalAllocator> made = new ArrayList<>();

    @Override
    public double rank(ShareNode node) {
        double dominant = 0;
        for (int i = 0; i < node.resources(); i++) {
            if (node.allocated(i) > 0) {
                dominant = Math.max(dominant, (double) node.allocated(i) / Math.max(1, node.total(i)));
            }
        }
        return dominant / node.weight();
    }

    @Override
    public String name() {
        return "dominant-share";
    }

    @Override
    public Allocator create(AllocatorContext context, Map<String, String> configuration) {
        HierarchicalAllocator allocator = new HierarchicalAllocator(context, HierarchicalOptions.defaults(), this);
        made.add(allocator);
        return allocator;
    }
}
