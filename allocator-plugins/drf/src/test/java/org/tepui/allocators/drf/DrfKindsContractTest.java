// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.drf;

import org.tepui.allocator.AllocatorFactory;
import org.tepui.testkit.AllocatorKindsContract;

class DrfKindsContractTest extends AllocatorKindsContract {
    @Override
    protected AllocatorFactory factory() {
        return new DrfAllocatorFactory();
    }
}
