// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.fairshare;

import java.util.Map;
import org.tepui.allocator.AllocatorFactory;
import org.tepui.testkit.AllocatorContract;

/** Minimum shares, weights of resources and a history that fades fast change the order of service and nothing else. */
class FairShareConfiguredContractTest extends AllocatorContract {
    @Override
    protected AllocatorFactory factory() {
        return new FairShareAllocatorFactory();
    }

    @Override
    protected Map<String, String> configuration() {
        return Map.of(
                "half.life", "1min",
                "minimum.shares", "a/b:0.3,e:cpus 4 mem 100",
                "usage.weights", "cpus:1,mem:0.25/GB");
    }

    @Override
    protected int events() {
        return 20_000;
    }
}
