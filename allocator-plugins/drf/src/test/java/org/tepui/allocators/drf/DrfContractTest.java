// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.drf;

import org.tepui.allocator.AllocatorFactory;
import org.tepui.testkit.AllocatorContract;

class DrfContractTest extends AllocatorContract {
    @Override
    protected AllocatorFactory factory() {
        return new DrfAllocatorFactory();
    }
}
