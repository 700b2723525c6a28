// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.fairshare;

import org.tepui.allocator.AllocatorFactory;
import org.tepui.testkit.AllocatorContract;

class FairShareContractTest extends AllocatorContract {
    @Override
    protected AllocatorFactory factory() {
        return new FairShareAllocatorFactory();
    }
}
