// SPDX-License-Identifier: Apache-2.0
package org.tepui.testkit;

import org.junit.jupiter.api.Nested;

/**
 * What every allocator keeps to, whatever its order of service. The test class of a policy extends it and names its
 * factory; all parts of the contract run with it:
 *
 * <pre>{@code
 * class MyPolicyTest extends AllocatorContract {
 *     protected AllocatorFactory factory() {
 *         return new MyPolicyFactory();
 *     }
 * }
 * }</pre>
 *
 * <p>Whether offers are within the books, held back while they are declined, and made to those who can take them is
 * checked by {@link AllocatorFixture} everywhere. Random runs name their seed when they fail, and the fewest events
 * that were found to lead to the failure.
 */
public abstract class AllocatorContract extends PolicyContract {
    /** For the test classes of policies. */
    protected AllocatorContract() {}

    private PolicyContract self() {
        return this;
    }

    @Nested
    final class Offers extends OfferBehaviours {
        @Override
        PolicyContract policy() {
            return self();
        }
    }

    @Nested
    final class Declines extends DeclineBehaviours {
        @Override
        PolicyContract policy() {
            return self();
        }
    }

    @Nested
    final class Suppression extends SuppressBehaviours {
        @Override
        PolicyContract policy() {
            return self();
        }
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

    @Nested
    final class Books extends BookBehaviours {
        @Override
        PolicyContract policy() {
            return self();
        }
    }

    @Nested
    final class Quotas extends QuotaBehaviours {
        @Override
        PolicyContract policy() {
            return self();
        }
    }

    @Nested
    final class Tasks extends TaskBehaviours {
        @Override
        PolicyContract policy() {
            return self();
        }
    }

    @Nested
    final class Explanations extends ExplanationBehaviours {
        @Override
        PolicyContract policy() {
            return self();
        }
    }

    @Nested
    final class Conservation extends ConservationBehaviours {
        @Override
        PolicyContract policy() {
            return self();
        }
    }

    @Nested
    final class Handover extends HandoverBehaviours {
        @Override
        PolicyContract policy() {
            return self();
        }
    }

    @Nested
    final class Configuration extends ConfigurationBehaviours {
        @Override
        PolicyContract policy() {
            return self();
        }
    }
}
