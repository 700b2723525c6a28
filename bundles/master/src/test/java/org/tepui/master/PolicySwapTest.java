// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tepui.allocator.AgentProfile;
import org.tepui.allocator.Allocation;
import org.tepui.allocator.Allocator;
import org.tepui.allocator.AllocatorFactory;
import org.tepui.allocator.PolicyState;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;
import org.tepui.api.configuration.ConfigurationException;
import org.tepui.api.configuration.ConfigurationProblem;
import org.tepui.api.resources.Resources;
import org.tepui.api.service.PluginUser.Standing;
import org.tepui.proto.operator.Call;
import org.tepui.proto.operator.Response;
import org.tepui.transport.Refusal.Kind;
import org.tepui.v1.Offer;
import org.tepui.v1.TaskState;
import org.tepui.v1.scheduler.Event;

/** Swaps of policies in a master, phase by phase, under virtual time. */
@SuppressWarnings("NullAway") // policies break every rule here, this one, too
class PolicySwapTest {
    private static final Duration SWAP = Duration.ofSeconds(1);
    private static final Duration TAKEOVER = Duration.ofSeconds(5);

    private final TestMaster master = TestMaster.started();
    private final GreedyPolicy.Factory other = new GreedyPolicy.Factory("other");
    private TestAgent agent;
    private TestScheduler scheduler;
    private Offer offer;

    @BeforeEach
    void cluster() {
        agent = master.agent("cpus:4;mem:100");
        scheduler = master.scheduler();
        Offer first = scheduler.lastOffer();
        scheduler.accept(List.of(first), 0, Messages.task("t", first, "cpus:1;mem:10"));
        agent.update(scheduler.id(), "t", TaskState.TASK_RUNNING);
        offer = scheduler.lastOffer();
        assertThat(offer.getId()).isNotEqualTo(first.getId());
    }

    private RecordingExchange use(String name, String... settings) {
        Call.UseAllocator.Builder use = Call.UseAllocator.newBuilder().setName(name);
        for (int i = 0; i < settings.length; i += 2) {
            use.putConfiguration(settings[i], settings[i + 1]);
        }
        return use(use);
    }

    private RecordingExchange use(Call.UseAllocator.Builder use) {
        RecordingExchange exchange = master.operator(Call.newBuilder()
                .setType(Call.Type.USE_ALLOCATOR)
                .setUseAllocator(use)
                .build());
        master.time.advance(SWAP);
        return exchange;
    }

    private Response.GetAllocatorStatus status() {
        return master.operator(Call.newBuilder()
                        .setType(Call.Type.GET_ALLOCATOR_STATUS)
                        .build())
                .response(Response.class)
                .getGetAllocatorStatus();
    }

    private void install(AllocatorFactory factory) {
        install(factory, "1.0.0", 0);
    }

    private void install(AllocatorFactory factory, String version, long bundle) {
        master.master.addAllocator(new PolicyOffering(factory.name(), version, bundle, factory, Map.of()));
        master.time.settle();
    }

    private Standing standing(long bundle) {
        return master.master.allocatorUses().useOf(bundle).standing();
    }

    /** Nobody noticed: the offer is out and good, the task runs, the books are right. */
    private void assertUntouched() {
        BookInvariants.check(master);
        assertThat(scheduler.events(Event.Type.RESCIND)).isEmpty();
        assertThat(scheduler.states("t")).containsExactly(TaskState.TASK_RUNNING);
        assertThat(scheduler.lastOffer()).isEqualTo(offer);
        scheduler.accept(List.of(offer), 0, Messages.task("u", offer, "cpus:2"));
        assertThat(agent.launched()).containsKey("u");
        BookInvariants.check(master);
    }

    @Test
    void bringsUpAnotherPolicyWithoutAnybodysNoticing() {
        install(other);
        Response.UseAllocator answer =
                use("other", "key", "value").response(Response.class).getUseAllocator();
        assertThat(answer.getAllocator().getName()).isEqualTo("other");
        assertThat(answer.getAllocator().getConfigurationMap()).containsEntry("key", "value");
        assertThat(other.made).hasSize(1);
        assertThat(other.last().held(scheduler.frameworkId(), agent.id()).thousandths("cpus"))
                .isEqualTo(4000);
        assertUntouched();
        // what is left of the offer comes from the new policy
        assertThat(scheduler.lastOffer().getId()).isNotEqualTo(offer.getId());
        assertThat(master.policy.made).hasSize(1);
        assertThat(master.policyLoops.open()).isEqualTo(1);
        assertThat(status().getServing().getName()).isEqualTo("other");
        assertThat(status().getSwaps()).isEqualTo(2);
    }

    @Test
    void showsWhichPoliciesThereAre() {
        install(other);
        assertThat(master.operator(Call.newBuilder()
                                .setType(Call.Type.GET_ALLOCATORS)
                                .build())
                        .response(Response.class)
                        .getGetAllocators()
                        .getAllocatorsList())
                .extracting(Response.Allocator::getName, Response.Allocator::getInUse)
                .containsExactly(
                        org.assertj.core.api.Assertions.tuple("greedy", true),
                        org.assertj.core.api.Assertions.tuple("other", false));
    }

    @Test
    void saysWhichNameWasMeant() {
        install(other);
        RecordingExchange answer = use("othr");
        assertThat(answer.refused().kind()).isEqualTo(Kind.BAD_REQUEST);
        assertThat(answer.refused().reason())
                .contains("no allocation policy 'othr'", "did you mean 'other'?", "greedy 0.0.0, other 1.0.0");
        assertThat(use(Call.UseAllocator.newBuilder().setName("other").setVersion("2"))
                        .refused()
                        .reason())
                .contains("'other 2'", "installed are");
        assertUntouched();
    }

    @Test
    void refusesAWrongConfigurationWithEveryProblemAndGoesOn() {
        install(StubPolicy.factory("strict", (context, configuration) -> {
            throw new ConfigurationException(List.of(
                    new ConfigurationProblem("a", configuration.get("a"), "1 to 3 is allowed"),
                    new ConfigurationProblem("b", configuration.get("b"), "no such key")));
        }));
        RecordingExchange answer = use("strict", "a", "7", "b", "x");
        assertThat(answer.refused().kind()).isEqualTo(Kind.BAD_REQUEST);
        assertThat(answer.refused().reason())
                .contains("greedy 0.0.0 goes on", "a=7: 1 to 3 is allowed", "b=x: no such key");
        assertThat(status().getServing().getName()).isEqualTo("greedy");
        assertThat(status().getChosenName()).isEqualTo("greedy");
        assertThat(status().getEvents(1).getKind()).isEqualTo(Response.AllocatorEvent.Kind.ROLLED_BACK);
        assertUntouched();
    }

    @Test
    void takesUpANewConfigurationOfTheSamePolicyByAnotherInstance() {
        assertThat(use("greedy", "key", "value").response(Response.class).hasUseAllocator())
                .isTrue();
        assertThat(master.policy.made).hasSize(2);
        assertUntouched();
        // and the same again changes nothing
        use("greedy", "key", "value").response(Response.class);
        assertThat(master.policy.made).hasSize(2);
    }

    private void assertRolledBack(String reason) {
        RecordingExchange answer = use("bad");
        master.time.advance(TAKEOVER);
        assertThat(answer.refused().reason()).contains("bad 1.0.0", "greedy 0.0.0 goes on", reason);
        assertThat(status().getServing().getName()).isEqualTo("greedy");
        assertThat(status().getFailures()).isZero();
        assertThat(master.policy.made).hasSize(1);
        assertThat(master.metric("allocator/rollbacks")).isEqualTo(1);
        assertUntouched();
    }

    @Test
    void rollsBackAPolicyThatIsNotMade() {
        install(StubPolicy.factory("bad", (context, configuration) -> null));
        assertRolledBack("made nothing");
    }

    @Test
    void rollsBackAPolicyThatThrowsWhenItIsToldOfTheCluster() {
        install(StubPolicy.factory("bad", (context, configuration) -> new StubPolicy() {
            @Override
            public void addAgent(AgentProfile profile, Map<FrameworkId, Resources> used) {
                throw new IllegalStateException("too many agents");
            }
        }));
        assertRolledBack("too many agents");
    }

    @Test
    void rollsBackAPolicyThatAllocatesBeforeItServes() {
        TestAgent free = master.agent("cpus:1");
        offer = scheduler.lastOffer();
        install(StubPolicy.factory("bad", (context, configuration) -> new StubPolicy() {
            @Override
            public void deactivateAgent(AgentId id) {
                context.offer(List.of(new Allocation(
                        scheduler.frameworkId(),
                        new Role("*"),
                        free.id(),
                        resources("cpus:1").allocate(new Role("*")))));
            }
        }));
        RecordingExchange answer = use("bad");
        assertThat(answer.refused().reason()).contains("which is not active");
        BookInvariants.check(master);
    }

    @Test
    void rollsBackAPolicyWhoseFirstDecisionsContradictTheBooks() {
        install(StubPolicy.factory("bad", (context, configuration) -> new StubPolicy() {
            @Override
            public void activateAgent(AgentId id) {
                context.offer(List.of(new Allocation(
                        scheduler.frameworkId(),
                        new Role("*"),
                        id,
                        resources("cpus:4").allocate(new Role("*")))));
            }
        }));
        assertRolledBack("allocated what is not there");
        assertThat(master.metric("master/allocations_refused")).isZero();
    }

    @Test
    void rollsBackAPolicyWhoseLoopHangs() {
        install(StubPolicy.factory("bad", (context, configuration) -> {
            master.policyLoops.last().hangs = true;
            return new StubPolicy();
        }));
        assertRolledBack("did not return");
        assertThat(status().getAbandoned()).isEqualTo(1);
    }

    private static Resources resources(String text) {
        return Resources.parse(text);
    }

    private void assertTakenOver(String reason) {
        install(other);
        use("other").response(Response.class);
        use("greedy").response(Response.class);
        GreedyPolicy failing = master.policy.last();
        assertThat(master.policy.made).hasSize(2);
        switch (reason) {
            case "fail" -> failing.failsNext = true;
            case "did not return" -> master.policyLoops.last().hangs = true;
            case "thread" -> master.policyLoops.last().threads = 4;
            default -> failing.oversells = true;
        }
        long before = master.time.nanoTime();
        TestAgent late = master.agent("cpus:1");
        while (!status().getServing().getName().equals("other")) {
            master.time.advance(Duration.ofMillis(50));
            assertThat(master.time.nanoTime() - before).isLessThan(TAKEOVER.toNanos());
        }
        master.time.advance(SWAP);
        assertThat(status().getFailures()).isEqualTo(1);
        assertThat(status().getEventsList()).anySatisfy(event -> {
            assertThat(event.getKind()).isEqualTo(Response.AllocatorEvent.Kind.FAILED);
            assertThat(event.getName()).isEqualTo("greedy");
            assertThat(event.getReason()).contains(reason);
        });
        // the one that failed is not used again by itself, and the cluster remembers
        assertThat(status().getChosenName()).isEqualTo("other");
        assertThat(scheduler.lastOffer().getAgentId().getValue())
                .isEqualTo(late.id().value());
        BookInvariants.check(master);
    }

    @Test
    void letsTheLastGoodPolicyTakeOverFromOneThatThrows() {
        assertTakenOver("fail");
    }

    @Test
    void letsTheLastGoodPolicyTakeOverFromOneThatHangs() {
        assertTakenOver("did not return");
    }

    @Test
    void letsTheLastGoodPolicyTakeOverFromOneThatStartsThreads() {
        assertTakenOver("thread");
    }

    @Test
    void countsTimeOnlyForWhichItCouldLook() {
        // the whole process was stopped for a minute: the policy is not to blame
        master.policyLoops.last().hangs = true;
        master.time.advance(Duration.ofMillis(100));
        master.policyLoops.last().hangs = false;
        master.time.advance(Duration.ofMinutes(1));
        assertThat(status().getFailures()).isZero();
    }

    @Test
    void handsStateToThePolicysSuccessorAndKeepsItOverAFailover() {
        List<String> restored = new ArrayList<>();
        AllocatorFactory historian = historian(restored);
        install(historian);
        use("historian").response(Response.class);
        assertThat(restored).isEmpty();
        use("historian", "half.life", "7d").response(Response.class);
        assertThat(restored).containsExactly("history of 0");
        use("greedy").response(Response.class);
        use("historian", "half.life", "7d").response(Response.class);
        master.time.advance(Duration.ofMinutes(2));
        assertThat(restored).containsExactly("history of 0", "history of 0");
        TestMaster next = master.failOver();
        next.master.addAllocator(PolicyOffering.of(historian, Map.of()));
        next.time.advance(SWAP);
        assertThat(restored.get(restored.size() - 1)).isEqualTo("history of 2");
    }

    private static AllocatorFactory historian(List<String> restored) {
        int[] made = {0};
        return StubPolicy.factory("historian", (context, configuration) -> {
            String history = "history of " + made[0]++;
            return (Allocator) new StubPolicy() {
                @Override
                public @Nullable PolicyState saveState() {
                    return new PolicyState(1, history.getBytes(StandardCharsets.UTF_8));
                }

                @Override
                public void restoreState(PolicyState state) {
                    restored.add(new String(state.bytes(), StandardCharsets.UTF_8));
                }
            };
        });
    }

    @Test
    void usesTheChosenPolicyAfterAFailoverAndWaitsForIt() {
        install(other);
        use("other", "key", "value").response(Response.class);
        TestMaster next = master.failOver();
        TestScheduler late = next.scheduler();
        next.time.advance(Duration.ofSeconds(3));
        assertThat(next.policy.made).isEmpty();
        next.master.addAllocator(PolicyOffering.of(other, Map.of()));
        next.time.settle();
        assertThat(other.made).hasSize(2);
        next.agent("cpus:1");
        assertThat(late.offers()).hasSize(1);
    }

    @Test
    void takesTheDefaultPolicyWhereTheChosenOneDoesNotComeAndSwitchesWhenItDoes() {
        install(other);
        use("other").response(Response.class);
        TestMaster next = master.failOver();
        GreedyPolicy.Factory drf = new GreedyPolicy.Factory("drf");
        next.master.addAllocator(PolicyOffering.of(drf, Map.of()));
        next.time.advance(Duration.ofSeconds(6));
        assertThat(drf.made).hasSize(1);
        next.master.addAllocator(PolicyOffering.of(other, Map.of()));
        next.time.advance(SWAP);
        assertThat(other.made).hasSize(2);
        Map<String, Boolean> inUse = new TreeMap<>();
        next.operator(Call.newBuilder().setType(Call.Type.GET_ALLOCATORS).build())
                .response(Response.class)
                .getGetAllocators()
                .getAllocatorsList()
                .forEach(allocator -> inUse.put(allocator.getName(), allocator.getInUse()));
        assertThat(inUse).containsEntry("other", true).containsEntry("drf", false);
    }

    @Test
    void fallsToTheLastGoodPolicyWhenTheOneInUseIsRemoved() {
        install(other, "1.0.0", 7);
        use("other").response(Response.class);
        assertThat(standing(7)).isEqualTo(Standing.IN_USE);
        master.master.removeAllocator(other);
        master.time.advance(SWAP);
        assertThat(status().getServing().getName()).isEqualTo("greedy");
        assertThat(status().getFailures()).isZero();
        assertThat(standing(7)).isEqualTo(Standing.UNUSED);
        // it is still what was chosen
        install(other, "1.0.0", 7);
        master.time.advance(SWAP);
        assertThat(status().getServing().getName()).isEqualTo("other");
        assertUntouched();
    }

    @Test
    void takesUpANewerVersionAndReleasesTheOld() {
        install(other, "1.0.0", 7);
        use("other").response(Response.class);
        GreedyPolicy.Factory newer = new GreedyPolicy.Factory("other");
        master.master.addAllocator(new PolicyOffering("other", "2.0.0", 8, newer, Map.of()));
        assertThat(standing(8)).isEqualTo(Standing.PREPARING);
        master.time.advance(Duration.ofMillis(100));
        assertThat(standing(8)).isEqualTo(Standing.PREPARING);
        assertThat(standing(7)).isEqualTo(Standing.IN_USE);
        master.time.advance(Duration.ofSeconds(3));
        assertThat(standing(8)).isEqualTo(Standing.IN_USE);
        assertThat(standing(7)).isEqualTo(Standing.UNUSED);
        assertThat(master.master.allocatorUses().release(8)).isEmpty();
        master.time.advance(Duration.ofSeconds(3));
        assertThat(status().getServing().getVersion()).isEqualTo("1.0.0");
        assertThat(standing(8)).isEqualTo(Standing.UNUSED);
        assertUntouched();
    }

    @Test
    void rejectsANewerVersionThatFailsAndOneThatWasNotChosen() {
        install(other, "1.0.0", 7);
        use("other").response(Response.class);
        GreedyPolicy.Factory broken = new GreedyPolicy.Factory("other");
        broken.failsToStart = true;
        install(broken, "2.0.0", 8);
        master.time.advance(SWAP);
        assertThat(standing(8)).isEqualTo(Standing.REJECTED);
        assertThat(master.master.allocatorUses().useOf(8).reason()).contains("refuses to start");
        assertThat(status().getServing().getVersion()).isEqualTo("1.0.0");
        use(Call.UseAllocator.newBuilder().setName("other").setVersion("1.0.0"));
        install(new GreedyPolicy.Factory("other"), "3.0.0", 9);
        master.time.advance(SWAP);
        assertThat(standing(9)).isEqualTo(Standing.REJECTED);
        assertThat(status().getServing().getVersion()).isEqualTo("1.0.0");
        assertUntouched();
    }

    @Test
    void doesNotReleaseTheOnlyPolicy() {
        GreedyPolicy.Factory same = new GreedyPolicy.Factory();
        install(same, "1.0.0", 7);
        master.master.removeAllocator(master.policy);
        master.time.advance(SWAP);
        assertThat(standing(7)).isEqualTo(Standing.IN_USE);
        assertThat(master.master.allocatorUses().release(7))
                .hasValueSatisfying(reason -> assertThat(reason).contains("there is no other"));
        master.time.advance(SWAP);
        assertThat(standing(7)).isEqualTo(Standing.IN_USE);
    }

    @Test
    void tellsANewPolicyWhatChangesWhileItIsBroughtUp() {
        for (int i = 0; i < 30; i++) {
            master.agent("cpus:2;mem:50");
        }
        install(other);
        master.operator(Call.newBuilder()
                .setType(Call.Type.USE_ALLOCATOR)
                .setUseAllocator(Call.UseAllocator.newBuilder().setName("other"))
                .build());
        // while it is verified, everything goes on
        master.time.advance(Duration.ofMillis(100));
        scheduler.accept(List.of(offer), 0, Messages.task("u", offer, "cpus:1"));
        for (Offer out : scheduler.offers().subList(5, 15)) {
            scheduler.decline(out, 1);
        }
        TestScheduler second = master.scheduler();
        master.agent("cpus:1");
        agent.update(scheduler.id(), "t", TaskState.TASK_FINISHED);
        master.time.advance(SWAP);
        assertThat(status().getServing().getName()).isEqualTo("other");
        second.disconnect();
        master.time.advance(SWAP);
        BookInvariants.check(master);
        BookInvariants.checkPolicy(master, other.last());
    }
}
