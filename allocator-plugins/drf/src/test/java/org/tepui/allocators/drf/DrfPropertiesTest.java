// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.drf;

import org.tepui.allocator.AllocatorFactory;
import org.tepui.testkit.FairnessContract;

class DrfPropertiesTest extends FairnessContract {
    @Override
    protected AllocatorFactory factory() {
        return new DrfAllocatorFactory();
    }
}
