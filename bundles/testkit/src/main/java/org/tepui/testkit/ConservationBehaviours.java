// SPDX-License-Identifier: Apache-2.0
package org.tepui.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.tepui.allocator.Allocation;
import org.tepui.allocator.FrameworkProfile;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkCapability;
import org.tepui.api.Role;
import org.tepui.api.resources.Resources;

/** Every unit is somewhere, and once only, whatever happens in whatever order. */
abstract class ConservationBehaviours extends PolicyPart {
    private static final int RUNS = 4;

    @Test
    void conservesEveryUnitWhateverHappens() {
        for (int seed = 0; seed < RUNS; seed++) {
            int run = seed;
            RandomRun.check("random events with seed " + seed, policy().events() / RUNS, steps -> {
                AllocatorFixture fixture = policy().newCluster(run);
                AllocatorWorkload workload = new AllocatorWorkload(fixture, run, policy().keepsQuotas());
                fixture.tell(() -> {
                    steps.forEach(workload::step);
                    checkThatAllIsStillThere(fixture, workload);
                });
            });
        }
    }

    /** Gives back everything and looks whether all of it is offered to somebody who takes everything. */
    private void checkThatAllIsStillThere(AllocatorFixture fixture, AllocatorWorkload workload) {
        workload.bringBackAll();
        assertThat(fixture.offers()).as("offers to those who are suppressed").isEmpty();
        FrameworkProfile last = AllocatorFixture.frameworkProfile(
                "last",
                List.of("*", "a/b/c", "a/d", "e/f"),
                FrameworkCapability.GPU_RESOURCES,
                FrameworkCapability.REGION_AWARE,
                FrameworkCapability.RESERVATION_REFINEMENT,
                FrameworkCapability.REVOCABLE_RESOURCES);
        fixture.addFramework(last, true, Set.of());
        fixture.advance(Duration.ofSeconds(1));
        for (AgentId agent : fixture.agents()) {
            for (Role role : last.roles()) {
                Resources left = OfferRules.usable(last, role, fixture.free(agent));
                assertThat(left.isEmpty() || !OfferRules.isWorthwhile(policy().minimumAllocatable(), left))
                        .as("%s of %s was offered to %s", left, agent, role)
                        .isTrue();
            }
        }
    }

    @Test
    void decidesTheSameWhenTheSameHappensAgain() {
        List<Allocation> first = decisions();
        assertThat(first).hasSizeGreaterThan(100);
        assertThat(decisions()).isEqualTo(first);
    }

    private List<Allocation> decisions() {
        AllocatorFixture fixture = policy().newCluster(5);
        AllocatorWorkload workload = new AllocatorWorkload(fixture, 5, policy().keepsQuotas());
        List<Allocation> all = new ArrayList<>();
        fixture.whenOffered(all::addAll);
        for (int step = 0; step < 2_000; step++) {
            workload.step(step);
        }
        return all;
    }
}
