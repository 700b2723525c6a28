// SPDX-License-Identifier: Apache-2.0
package org.tepui.testkit;

import org.junit.jupiter.api.Nested;

/** The part of {@link AllocatorContract} about quotas, alone. */
public abstract class AllocatorQuotaContract extends PolicyContract {
    /** For the test classes of policies. */
    protected AllocatorQuotaContract() {}

    private PolicyContract self() {
        return this;
    }

    @Nested
    final class Quotas extends QuotaBehaviours {
        @Override
        PolicyContract policy() {
            return self();
        }
    }
}
