// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tepui.v1.Offer;
import org.tepui.v1.TaskState;

class AllocatorSlotTest {
    private static final Duration SWAP = Duration.ofSeconds(1);

    private final TestMaster master = TestMaster.started();
    private final TestAgent agent = master.agent("cpus:4;mem:100");

    @Test
    void neverOffersTwiceWhatIsThereOnce() {
        TestScheduler first = master.scheduler();
        assertThat(first.offers()).hasSize(1);
        master.policy.last().oversells = true;
        TestScheduler second = master.scheduler();
        assertThat(second.offers()).isEmpty();
        assertThat(master.metric("master/allocations_refused")).isEqualTo(1);
        assertThat(master.metric("master/outstanding_offers")).isEqualTo(1);
        // and the policy is not heard any more: a new one is told what there is
        GreedyPolicy wrong = master.policy.last();
        master.time.advance(Duration.ofSeconds(2));
        assertThat(master.policy.last()).isNotSameAs(wrong);
        first.decline(first.lastOffer(), 60);
        assertThat(second.offers()).hasSize(1);
    }

    @Test
    void putsANewPolicyInPlaceOfOneThatThrows() {
        TestScheduler scheduler = master.scheduler();
        Offer offer = scheduler.lastOffer();
        scheduler.launch(offer, Messages.task("t", offer, "cpus:1"));
        GreedyPolicy broken = master.policy.last();
        broken.failsNext = true;
        agent.update(scheduler.id(), "t", TaskState.TASK_FINISHED);
        assertThat(master.metric("allocator/failures")).isEqualTo(1);

        master.time.advance(Duration.ofSeconds(2));

        assertThat(master.policy.last()).isNotSameAs(broken);
        assertThat(scheduler.lastOffer().getResources(0).getScalar().getValue()).isEqualTo(4.0);
    }

    @Test
    void listsTheMetricsOfThePolicyThatLives() {
        assertThat(master.metric("allocator/greedy/agents")).isEqualTo(1);
        master.agent("cpus:1");
        assertThat(master.metric("allocator/greedy/agents")).isEqualTo(2);
        master.policy.last().failsNext = true;
        master.agent("cpus:1");
        assertThat(master.metrics.snapshot()).doesNotContainKey("allocator/greedy/agents");

        master.time.advance(Duration.ofSeconds(2));
        assertThat(master.metric("allocator/greedy/agents")).isEqualTo(3);
        master.master.removeAllocator(master.policy);
        master.time.advance(SWAP);
        assertThat(master.metrics.snapshot()).doesNotContainKey("allocator/greedy/agents");
    }

    @Test
    void putsANewPolicyInPlaceOfOneThatCannotBeLinked() {
        master.policy.last().linksNext = false;
        master.agent("cpus:1");
        assertThat(master.metric("allocator/failures")).isEqualTo(1);
        master.time.advance(Duration.ofSeconds(2));
        assertThat(master.scheduler().offers()).hasSize(2);
    }

    @Test
    void tellsANewPolicyWhatIsHeld() {
        TestScheduler scheduler = master.scheduler();
        Offer offer = scheduler.lastOffer();
        scheduler.launch(offer, Messages.task("t", offer, "cpus:1"));
        TestScheduler other = master.scheduler();
        Offer out = other.lastOffer();
        GreedyPolicy.Factory next = new GreedyPolicy.Factory();

        master.master.addAllocator(PolicyOffering.of(next, Map.of()));
        master.time.advance(SWAP);

        assertThat(next.last().held(scheduler.frameworkId(), agent.id()).toString())
                .contains("cpus");
        assertThat(next.last().held(other.frameworkId(), agent.id()).thousandths("cpus"))
                .isEqualTo(3000);
        // the offer that is out is still good, and what is left of it comes back to the new policy
        other.launch(out, Messages.task("u", out, "cpus:3"));
        assertThat(agent.launched()).containsKey("u");
        assertThat(next.last().held(other.frameworkId(), agent.id()).thousandths("mem"))
                .isZero();
    }

    @Test
    void servesEverythingButOffersWithoutAPolicy() {
        TestScheduler scheduler = master.scheduler();
        Offer offer = scheduler.lastOffer();
        master.master.removeAllocator(master.policy);
        master.time.advance(SWAP);
        scheduler.launch(offer, Messages.task("t", offer, "cpus:1"));
        agent.update(scheduler.id(), "t", TaskState.TASK_RUNNING);
        assertThat(scheduler.states("t")).containsExactly(TaskState.TASK_RUNNING);
        TestScheduler late = master.scheduler();
        master.agent("cpus:1");
        assertThat(late.offers()).isEmpty();
        master.master.addAllocator(PolicyOffering.of(master.policy, Map.of()));
        master.time.advance(SWAP);
        assertThat(late.offers().size() + scheduler.offers().size()).isEqualTo(3);
    }

    @Test
    void triesAgainWhenAPolicyDoesNotStart() {
        GreedyPolicy.Factory shy = new GreedyPolicy.Factory();
        shy.failsToStart = true;
        master.master.addAllocator(PolicyOffering.of(shy, Map.of()));
        master.master.removeAllocator(master.policy);
        master.time.advance(Duration.ofSeconds(10));
        assertThat(master.metric("allocator/rollbacks")).isBetween(3.0, 5.0);
        shy.failsToStart = false;
        master.time.advance(Duration.ofSeconds(20));
        assertThat(master.scheduler().offers()).hasSize(1);
    }
}
