// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator.support;

import org.tepui.allocator.AllocatorFactory;
import org.tepui.testkit.AllocatorContract;

class HierarchicalContractTest extends AllocatorContract {
    @Override
    protected AllocatorFactory factory() {
        return new DominantShare();
    }

    @Override
    protected int events() {
        return 20_000;
    }
}
