// SPDX-License-Identifier: Apache-2.0
package org.tepui.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.tepui.allocator.AgentProfile;
import org.tepui.allocator.AllocationDecision;
import org.tepui.allocator.FrameworkProfile;
import org.tepui.allocator.RefusalReason;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;

/** The reasons that an allocator gives are true at that moment, and each agent is counted once. */
abstract class ExplanationBehaviours extends PolicyPart {
    private static final int SEEDS = 6;
    private static final int STEPS = 1_500;

    @Test
    void explainsEveryAgentOnce() {
        FrameworkId framework = cluster.addFramework("f1", "a");
        Role role = new Role("a");
        cluster.addAgent("s1", AGENT);
        cluster.decline(cluster.offer(), LONG);
        cluster.addAgent("s2", AGENT);
        cluster.offer();
        cluster.addAgent("s3", "cpus:0.001;mem:1");
        cluster.addAgent("s4", "cpus:4;mem:100;gpus:1");
        cluster.addAgent("s5", "cpus(b):4;mem(b):100");
        cluster.setActive(cluster.addAgent("s6", AGENT), false);

        AllocationDecision decision = cluster.allocator().explain(framework, role);

        assertThat(decision.agents()).isEqualTo(6);
        assertThat(decision.refusals())
                .isEqualTo(new TreeMap<>(Map.of(
                        RefusalReason.DECLINED, 1,
                        RefusalReason.NOTHING_FREE, 1,
                        RefusalReason.BELOW_MINIMUM, 1,
                        RefusalReason.GPU, 1,
                        RefusalReason.NOT_FOR_ROLE, 1,
                        RefusalReason.AGENT_INACTIVE, 1)));
        assertThat(decision.sentence()).contains("1 agent: the agent is not active");
        assertThat(cluster.allocator().explain(framework, new Role("b")).refusals())
                .isEqualTo(Map.of(RefusalReason.NOT_SUBSCRIBED, 6));
        cluster.suppress(framework);
        assertThat(cluster.allocator().explain(framework, role).refusals())
                .isEqualTo(Map.of(RefusalReason.SUPPRESSED, 6));
    }

    @Test
    void tellsWhoIsTooOldOrNotWanted() {
        FrameworkProfile plain = AllocatorFixture.frameworkProfile("f1", List.of("a/b"));
        Role role = new Role("a/b");
        cluster.addFramework(
                new FrameworkProfile(
                        plain.id(),
                        "f1",
                        plain.roles(),
                        plain.capabilities(),
                        Map.of(),
                        Map.of(role, agent -> !agent.hostname().equals("s2"))),
                true,
                Set.of());
        cluster.addAgent("s2", AGENT);
        AgentProfile young = AllocatorFixture.agentProfile("s3", AGENT);
        addAgent(new AgentProfile(young.id(), "s3", List.of(), Set.of(), null, false, young.total()));
        addAgent(new AgentProfile(new AgentId("s4"), "s4", List.of(), young.capabilities(), null, true, young.total()));
        cluster.offers();

        assertThat(cluster.allocator().explain(plain.id(), role).refusals())
                .isEqualTo(Map.of(
                        RefusalReason.CONSTRAINT, 1, RefusalReason.AGENT_CAPABILITY, 1, RefusalReason.REGION, 1));
    }

    @Test
    void explainsToTheUnknownAndTheDisconnected() {
        FrameworkId framework = cluster.addFramework("f1", "a");
        cluster.addAgent("s1", AGENT);
        cluster.setActive(framework, false);
        for (FrameworkId who : List.of(framework, new FrameworkId("nobody"))) {
            assertThat(cluster.allocator().explain(who, new Role("a")).refusals())
                    .isEqualTo(Map.of(RefusalReason.NOT_SUBSCRIBED, 1));
        }
    }

    @Test
    void explainsAnEmptyCluster() {
        AllocationDecision decision = cluster.allocator().explain(new FrameworkId("f1"), new Role("a"));
        assertThat(decision.agents()).isZero();
        assertThat(decision.refusals()).isEmpty();
    }

    @Test
    void tellsTheTruthWhateverHappened() {
        for (int seed = 0; seed < SEEDS; seed++) {
            int run = seed;
            RandomRun.check("explanations with seed " + seed, STEPS, steps -> {
                AllocatorFixture fixture = policy().newCluster(run);
                AllocatorWorkload workload = new AllocatorWorkload(fixture, run, policy().keepsQuotas() && run % 2 > 0);
                DecisionOracle oracle = new DecisionOracle(fixture, policy().minimumAllocatable());
                fixture.tell(() -> {
                    for (int step : steps) {
                        workload.step(step);
                        if (step % 10 == 0) {
                            oracle.checkAll();
                        }
                    }
                });
            });
        }
    }

    /** Nothing that somebody wants lies idle for long, and an explanation that says so would be one of a fault. */
    @Test
    void letsNobodyWaitForWhatIsFree() {
        for (int seed = 0; seed < SEEDS; seed++) {
            int run = seed;
            RandomRun.check("waiting with seed " + seed, STEPS, steps -> {
                AllocatorFixture fixture = policy().newCluster(run);
                AllocatorWorkload workload = new AllocatorWorkload(fixture, run, false);
                DecisionOracle oracle = new DecisionOracle(fixture, policy().minimumAllocatable());
                fixture.tell(() -> {
                    for (int step : steps) {
                        workload.step(step);
                        if (step % 100 == 99) {
                            fixture.advance(Duration.ofSeconds(3));
                            oracle.checkThatNobodyWaits();
                        }
                    }
                });
            });
        }
    }
}
