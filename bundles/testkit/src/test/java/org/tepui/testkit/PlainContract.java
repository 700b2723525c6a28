// SPDX-License-Identifier: Apache-2.0
package org.tepui.testkit;

import java.util.Map;
import org.tepui.allocator.Allocator;
import org.tepui.allocator.AllocatorContext;
import org.tepui.allocator.AllocatorFactory;

/** The contracts for the plain policy with the fault that is planted at the time. Run by {@link KitTest}. */
final class PlainContract {
    private static PlainAllocator.Fault planted = PlainAllocator.Fault.NONE;

    private PlainContract() {}

    static void plant(PlainAllocator.Fault fault) {
        planted = fault;
    }

    private static final class Factory implements AllocatorFactory {
        @Override
        public String name() {
            return "plain";
        }

        @Override
        public Allocator create(AllocatorContext context, Map<String, String> configuration) {
            return new PlainAllocator(context, planted);
        }
    }

    static class All extends AllocatorContract {
        @Override
        protected AllocatorFactory factory() {
            return new Factory();
        }

        @Override
        protected boolean keepsQuotas() {
            return false;
        }

        @Override
        protected int events() {
            return 4_000;
        }
    }

    static class Fair extends FairnessContract {
        @Override
        protected AllocatorFactory factory() {
            return new Factory();
        }
    }
}
