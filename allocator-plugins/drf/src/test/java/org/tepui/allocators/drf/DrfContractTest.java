// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.drf;

import java.util.Map;
import org.tepui.allocator.AllocatorFactory;
import org.tepui.testkit.AllocatorContract;

class DrfContractTest extends AllocatorContract {
    @Override
    protected AllocatorFactory factory() {
        return new DrfAllocatorFactory();
    }

    @Override
    protected Map<String, String> refusedConfiguration() {
        return Map.of(
                "allocation.interval", "5parsecs",
                "min.allocatable.resources", "cpus:x",
                "filter.gpu.resources", "maybe",
                "reoffers.per.second", "0",
                "no.such.setting", "1");
    }
}
