// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.tepui.api.resources.Resources;
import org.tepui.proto.convert.ResourceConversion;
import org.tepui.proto.internal.RunTasks;
import org.tepui.transport.Refusal.Kind;
import org.tepui.v1.ExecutorID;
import org.tepui.v1.ExecutorInfo;
import org.tepui.v1.Filters;
import org.tepui.v1.Offer;
import org.tepui.v1.OfferID;
import org.tepui.v1.TaskGroupInfo;
import org.tepui.v1.TaskState;
import org.tepui.v1.TaskStatus;
import org.tepui.v1.scheduler.Call;
import org.tepui.v1.scheduler.Event;

class AcceptTest {
    private TestMaster master;
    private TestAgent agent;
    private TestScheduler scheduler;

    @BeforeEach
    void cluster() {
        master = TestMaster.started();
        agent = master.agent("cpus:4;mem:1024;ports:[31000-31009]");
        scheduler = master.scheduler();
    }

    private static Resources offered(Offer offer) {
        return ResourceConversion.toApi(offer.getResourcesList()).unallocate();
    }

    @Test
    void offersTheRestToOthersAndHoldsItBackFromTheFrameworkForAWhile() {
        Offer offer = scheduler.lastOffer();
        scheduler.accept(List.of(offer), 60, Messages.task("t", offer, "cpus:1;mem:24;ports:[31002-31003]"));
        assertThat(scheduler.offers()).hasSize(1);
        TestScheduler other = master.scheduler();
        assertThat(offered(other.lastOffer()))
                .isEqualTo(Resources.parse("cpus:3;mem:1000;ports:[31000-31001,31004-31009]"));
        other.decline(other.lastOffer(), 1e9);
        master.time.advance(Duration.ofSeconds(61));
        assertThat(scheduler.offers()).hasSize(2);
    }

    @Test
    void usesSeveralOffersOfOneAgentTogether() {
        Offer whole = scheduler.lastOffer();
        scheduler.accept(List.of(whole), 0, Messages.task("t", whole, "cpus:2"));
        Offer rest = scheduler.lastOffer();
        agent.update(scheduler.id(), "t", TaskState.TASK_FINISHED);
        Offer freed = scheduler.lastOffer();
        assertThat(freed.getId()).isNotEqualTo(rest.getId());
        scheduler.accept(List.of(rest, freed), 0, Messages.task("large", freed, "cpus:4"));
        assertThat(agent.launched()).containsKey("large");
        assertThat(scheduler.states("large")).isEmpty();
    }

    @Test
    void launchesLaterTasksOfACallWithWhatEarlierOnesLeft() {
        Offer offer = scheduler.lastOffer();
        scheduler.launch(
                offer,
                Messages.task("a", offer, "cpus:3"),
                Messages.task("b", offer, "cpus:2"),
                Messages.task("c", offer, "cpus:1"));
        assertThat(agent.launched()).containsOnlyKeys("a", "c");
        TaskStatus refused = scheduler.lastUpdate();
        assertThat(refused.getTaskId()).isEqualTo(Messages.task("b"));
        assertThat(refused.getState()).isEqualTo(TaskState.TASK_ERROR);
        assertThat(refused.getReason()).isEqualTo(TaskStatus.Reason.REASON_TASK_INVALID);
        assertThat(refused.getMessage()).contains("cpus:2", "more");
        assertThat(refused.hasUuid()).isFalse();
    }

    @Test
    void dropsTheTasksOfAnOfferThatIsOver() {
        Offer offer = scheduler.lastOffer();
        scheduler.decline(offer, 60);
        assertThat(scheduler.launch(offer, Messages.task("t", offer, "cpus:1")).accepted)
                .isTrue();
        TaskStatus status = scheduler.lastUpdate();
        assertThat(status.getState()).isEqualTo(TaskState.TASK_DROPPED);
        assertThat(status.getReason()).isEqualTo(TaskStatus.Reason.REASON_INVALID_OFFERS);
        assertThat(status.getMessage()).contains(offer.getId().getValue(), "no longer valid");
        assertThat(agent.received(RunTasks.class)).isEmpty();
    }

    @Test
    void losesThemForAFrameworkThatIsNotPartitionAware() {
        TestScheduler plain = master.scheduler(Messages.framework().build());
        scheduler.decline(scheduler.lastOffer(), 60);
        Offer offer = plain.lastOffer();
        plain.decline(offer, 60);
        plain.launch(offer, Messages.task("t", offer, "cpus:1"));
        assertThat(plain.states("t")).containsExactly(TaskState.TASK_LOST);
    }

    @Test
    void usesUpTheGoodOffersOfABadCall() {
        Offer offer = scheduler.lastOffer();
        Offer unknown = offer.toBuilder()
                .setId(OfferID.newBuilder().setValue("unknown"))
                .build();
        scheduler.accept(List.of(offer, unknown), 60, Messages.task("t", offer, "cpus:1"));
        assertThat(scheduler.states("t")).containsExactly(TaskState.TASK_DROPPED);
        // its resources are free again, without a filter
        assertThat(scheduler.offers()).hasSize(2);
    }

    @Test
    void refusesTheSameOfferTwiceInACall() {
        Offer offer = scheduler.lastOffer();
        scheduler.accept(List.of(offer, offer), 60, Messages.task("t", offer, "cpus:1"));
        assertThat(scheduler.lastUpdate().getState()).isEqualTo(TaskState.TASK_DROPPED);
        assertThat(scheduler.lastUpdate().getMessage()).contains("Duplicate offer");
    }

    @Test
    void refusesOffersOfSeveralAgentsInACall() {
        master.agent("cpus:1");
        List<Offer> offers = scheduler.offers();
        assertThat(offers).hasSize(2);
        scheduler.accept(offers, 60, Messages.task("t", offers.get(0), "cpus:1"));
        assertThat(scheduler.lastUpdate().getState()).isEqualTo(TaskState.TASK_DROPPED);
        assertThat(scheduler.lastUpdate().getMessage()).contains("several agents");
    }

    @Test
    void refusesTheOffersOfAnotherFramework() {
        Offer offer = scheduler.lastOffer();
        TestScheduler thief = master.scheduler();
        thief.launch(offer, Messages.task("t", offer, "cpus:1"));
        assertThat(thief.states("t")).containsExactly(TaskState.TASK_DROPPED);
        scheduler.launch(offer, Messages.task("t", offer, "cpus:1"));
        assertThat(agent.launched()).containsOnlyKeys("t");
        assertThat(scheduler.states("t")).isEmpty();
    }

    @Test
    void dropsTasksWithoutOffers() {
        Offer offer = scheduler.lastOffer();
        scheduler.accept(List.of(), 60, Messages.task("t", offer, "cpus:1"));
        assertThat(scheduler.lastUpdate().getMessage()).contains("No offers specified");
    }

    @Test
    void declinesAnOfferThatIsAcceptedWithoutOperations() {
        scheduler.send(scheduler
                .call(Call.Type.ACCEPT)
                .setAccept(Call.Accept.newBuilder()
                        .addOfferIds(scheduler.lastOffer().getId())
                        .setFilters(Filters.newBuilder().setRefuseSeconds(3)))
                .build());
        assertThat(scheduler.offers()).hasSize(1);
        master.time.advance(Duration.ofSeconds(4));
        assertThat(scheduler.offers()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(
            value = Offer.Operation.Type.class,
            names = {"LAUNCH", "LAUNCH_GROUP", "RESERVE", "UNRESERVE"},
            mode = EnumSource.Mode.EXCLUDE)
    void refusesOtherOperationsByNameAndDoesNothing(Offer.Operation.Type type) {
        Offer offer = scheduler.lastOffer();
        RecordingExchange exchange = scheduler.send(scheduler
                .call(Call.Type.ACCEPT)
                .setAccept(Call.Accept.newBuilder()
                        .addOfferIds(offer.getId())
                        .addOperations(Offer.Operation.newBuilder()
                                .setType(Offer.Operation.Type.LAUNCH)
                                .setLaunch(Offer.Operation.Launch.newBuilder()
                                        .addTaskInfos(Messages.task("t", offer, "cpus:1"))))
                        .addOperations(Offer.Operation.newBuilder().setType(type)))
                .build());
        assertThat(exchange.refused().kind()).isEqualTo(Kind.NOT_IMPLEMENTED);
        assertThat(exchange.refused().reason()).contains(type.name());
        assertThat(agent.launched()).isEmpty();
        scheduler.launch(offer, Messages.task("t", offer, "cpus:1"));
        assertThat(agent.launched()).containsKey("t");
    }

    @Test
    void refusesEveryTaskOfAGroup() {
        Offer offer = scheduler.lastOffer();
        scheduler.send(scheduler
                .call(Call.Type.ACCEPT)
                .setAccept(Call.Accept.newBuilder()
                        .addOfferIds(offer.getId())
                        .addOperations(Offer.Operation.newBuilder()
                                .setType(Offer.Operation.Type.LAUNCH_GROUP)
                                .setLaunchGroup(Offer.Operation.LaunchGroup.newBuilder()
                                        .setExecutor(ExecutorInfo.newBuilder()
                                                .setExecutorId(
                                                        ExecutorID.newBuilder().setValue("e")))
                                        .setTaskGroup(TaskGroupInfo.newBuilder()
                                                .addTasks(Messages.task("a", offer, "cpus:1"))
                                                .addTasks(Messages.task("b", offer, "cpus:1"))))))
                .build());
        assertThat(scheduler.updates())
                .extracting(TaskStatus::getState)
                .containsExactly(TaskState.TASK_ERROR, TaskState.TASK_ERROR);
        assertThat(scheduler.lastUpdate().getMessage()).contains("LAUNCH_GROUP");
    }

    @ParameterizedTest
    @CsvSource({"-1, 5000", "NaN, 5000", "0, 0", "0.25, 250", "1e300, 31536000000", "Infinity, 31536000000"})
    void readsFiltersAsMesosDoes(double seconds, long milliseconds) {
        assertThat(OfferManager.refusal(
                        Filters.newBuilder().setRefuseSeconds(seconds).build()))
                .isEqualTo(Duration.ofMillis(milliseconds));
        assertThat(OfferManager.refusal(Filters.getDefaultInstance())).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void rescindsAnOfferThatNobodyUsesInTime() {
        MasterConfig defaults = MasterConfig.defaults();
        TestMaster hasty = TestMaster.started(new MasterConfig(
                defaults.agentPingTimeout(),
                defaults.maxAgentPingTimeouts(),
                defaults.agentReregisterTimeout(),
                defaults.heartbeatInterval(),
                Optional.of(Duration.ofSeconds(30)),
                50,
                1000,
                1000));
        hasty.agent("cpus:1");
        TestScheduler slow = hasty.scheduler();
        Offer offer = slow.lastOffer();
        hasty.time.advance(Duration.ofSeconds(31));
        assertThat(slow.events(Event.Type.RESCIND))
                .extracting(event -> event.getRescind().getOfferId())
                .containsExactly(offer.getId());
        assertThat(slow.offers()).hasSize(1).doesNotContain(offer);
    }
}
