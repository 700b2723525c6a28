// SPDX-License-Identifier: Apache-2.0
package org.tepui.testkit;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.tepui.allocator.AgentProfile;
import org.tepui.allocator.FrameworkProfile;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkCapability;
import org.tepui.api.FrameworkId;

/** A part of a contract: behaviours that belong together, each told to an allocator that knows nothing yet. */
abstract class PolicyPart {
    /** What most agents have. */
    static final String AGENT = "cpus:2;mem:1024;ports:[1-10]";

    static final Duration LONG = Duration.ofHours(1);

    /** Longer than a regular round. */
    static final Duration ROUND = Duration.ofMillis(1200);

    /** The allocator under test. */
    AllocatorFixture cluster;

    /** The policy that is held to the contract. */
    abstract PolicyContract policy();

    @BeforeEach
    final void startAnew() {
        cluster = policy().newCluster(1);
    }

    final FrameworkId addFramework(String name, String role, FrameworkCapability... capabilities) {
        return cluster.addFramework(
                AllocatorFixture.frameworkProfile(name, List.of(role), capabilities), true, Set.of());
    }

    final AgentId addAgent(AgentProfile profile) {
        return cluster.addAgent(profile, Map.of());
    }

    final void update(FrameworkProfile profile) {
        cluster.updateFramework(profile, Set.of());
    }

    /** The name of the one framework that is offered something next. */
    final String next() {
        return cluster.offer().framework().value();
    }
}
