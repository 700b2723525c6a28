// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;

class AllocationDecisionTest {
    private static final FrameworkId FRAMEWORK = new FrameworkId("f");

    private static AllocationDecision decision(int agents, Map<RefusalReason, Integer> refusals) {
        return new AllocationDecision(FRAMEWORK, Role.ANY, agents, new TreeMap<>(refusals));
    }

    @Test
    void saysTheMostFrequentReasonFirst() {
        AllocationDecision decision =
                decision(12, Map.of(RefusalReason.AGENT_INACTIVE, 1, RefusalReason.NOTHING_FREE, 11));

        assertThat(decision.sentence())
                .isEqualTo(
                        "11 agents: everything on the agent is allocated or offered; 1 agent: the agent is not active");
    }

    @Test
    void saysThatThereAreNoAgents() {
        assertThat(decision(0, Map.of()).sentence()).isEqualTo("there are no agents");
    }

    @Test
    void refusesReasonsThatDoNotAddUp() {
        assertThatThrownBy(() -> decision(3, Map.of(RefusalReason.GPU, 2))).hasMessage("reasons for 2 of 3 agents");
    }

    @Test
    void refusesAFrameworkWithoutRoles() {
        assertThatThrownBy(() -> new FrameworkProfile(FRAMEWORK, "f", new TreeSet<>(), Set.of(), Map.of()))
                .hasMessage("framework 'f' has no role: at least one is needed");
    }
}
