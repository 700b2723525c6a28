// SPDX-License-Identifier: Apache-2.0
package org.tepui.testkit;

import java.util.List;
import java.util.Map;
import org.tepui.allocator.AllocatorFactory;
import org.tepui.api.resources.Quantities;

/** What the kit has to know of a policy: how it is made, and the settings that its behaviour depends on. */
public abstract class PolicyContract {
    /** For those that extend one of the contracts. */
    protected PolicyContract() {}

    /** The policy under test. */
    protected abstract AllocatorFactory factory();

    /** Its configuration; empty unless a policy says otherwise. */
    protected Map<String, String> configuration() {
        return Map.of();
    }

    /**
     * Settings that the policy has to refuse, each key with a wrong value; empty, for a policy without settings, unless
     * it says otherwise.
     */
    protected Map<String, String> refusedConfiguration() {
        return Map.of();
    }

    /** Bundles of which an offer has to hold one by {@link #configuration()}; by default those of a Mesos master. */
    protected List<Quantities> minimumAllocatable() {
        return List.of(Quantities.parse("cpus:0.01"), Quantities.parse("mem:32"));
    }

    /** How many random events the kit lets happen in all where it looks at the books. */
    protected int events() {
        return 100_000;
    }

    /** Makes an allocator that knows nothing. */
    protected final AllocatorFixture newCluster(long seed) {
        return new AllocatorFixture(factory(), configuration(), seed);
    }

    /** Whether the policy keeps quotas, as it does unless it says otherwise. One that does not, has to refuse them. */
    protected boolean keepsQuotas() {
        return true;
    }
}
