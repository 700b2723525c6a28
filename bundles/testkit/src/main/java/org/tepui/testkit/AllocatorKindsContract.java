// SPDX-License-Identifier: Apache-2.0
package org.tepui.testkit;

import org.junit.jupiter.api.Nested;

/** The parts of {@link AllocatorContract} about kinds of resources, agents and frameworks, alone. */
public abstract class AllocatorKindsContract extends PolicyContract {
    /** For the test classes of policies. */
    protected AllocatorKindsContract() {}

    private PolicyContract self() {
        return this;
    }

    @Nested
    final class Reservations extends ReservationBehaviours {
        @Override
        PolicyContract policy() {
            return self();
        }
    }

    @Nested
    final class Eligibility extends EligibilityBehaviours {
        @Override
        PolicyContract policy() {
            return self();
        }
    }
}
