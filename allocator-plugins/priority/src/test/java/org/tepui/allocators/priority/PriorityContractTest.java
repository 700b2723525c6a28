// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.priority;

import org.tepui.allocator.AllocatorFactory;
import org.tepui.testkit.AllocatorContract;

class PriorityContractTest extends AllocatorContract {
    @Override
    protected AllocatorFactory factory() {
        return new PriorityAllocatorFactory();
    }
}
