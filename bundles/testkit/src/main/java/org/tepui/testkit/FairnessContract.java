// SPDX-License-Identifier: Apache-2.0
package org.tepui.testkit;

import org.junit.jupiter.api.Nested;

/**
 * What a policy of weighted dominant resource fairness over a tree of roles keeps to beyond {@link AllocatorContract}:
 * whose turn it is, and the properties that are proven for it. For policies that aim at that; others have their own
 * order of service.
 */
public abstract class FairnessContract extends PolicyContract {
    /** For the test classes of policies. */
    protected FairnessContract() {}

    private PolicyContract self() {
        return this;
    }

    @Nested
    final class Order extends OrderBehaviours {
        @Override
        PolicyContract policy() {
            return self();
        }
    }

    @Nested
    final class Properties extends PropertyBehaviours {
        @Override
        PolicyContract policy() {
            return self();
        }
    }
}
