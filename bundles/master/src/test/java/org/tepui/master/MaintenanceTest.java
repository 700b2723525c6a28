// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tepui.transport.Refusal.Kind;
import org.tepui.v1.Filters;
import org.tepui.v1.InverseOffer;
import org.tepui.v1.Offer;
import org.tepui.v1.TaskState;
import org.tepui.v1.allocator.InverseOfferStatus;
import org.tepui.v1.maintenance.ClusterStatus;
import org.tepui.v1.maintenance.Schedule;
import org.tepui.v1.maintenance.Window;
import org.tepui.v1.master.Call;
import org.tepui.v1.master.Response;
import org.tepui.v1.scheduler.Event;

/** Schedules of maintenance, and the inverse offers that follow from them. */
class MaintenanceTest {
    private final TestMaster master = TestMaster.started();
    private final TestAgent agent = master.agent("cpus:4");
    private final TestScheduler scheduler = master.scheduler();

    private static Window window(long startSeconds, String... hostnames) {
        Window.Builder window = Window.newBuilder();
        for (String hostname : hostnames) {
            window.addMachineIdsBuilder().setHostname(hostname);
        }
        window.getUnavailabilityBuilder().getStartBuilder().setNanoseconds(startSeconds * 1_000_000_000L);
        return window.build();
    }

    private static Schedule schedule(Window... windows) {
        return Schedule.newBuilder().addAllWindows(List.of(windows)).build();
    }

    private RecordingExchange update(Schedule schedule) {
        return master.operator(Call.newBuilder()
                .setType(Call.Type.UPDATE_MAINTENANCE_SCHEDULE)
                .setUpdateMaintenanceSchedule(
                        Call.UpdateMaintenanceSchedule.newBuilder().setSchedule(schedule))
                .build());
    }

    private static Schedule scheduled(TestMaster of) {
        return of.operator(Views.call(Call.Type.GET_MAINTENANCE_SCHEDULE))
                .response(Response.class)
                .getGetMaintenanceSchedule()
                .getSchedule();
    }

    private ClusterStatus status() {
        return master.operator(Views.call(Call.Type.GET_MAINTENANCE_STATUS))
                .response(Response.class)
                .getGetMaintenanceStatus()
                .getStatus();
    }

    private List<InverseOffer> inverseOffers() {
        return scheduler.events(Event.Type.INVERSE_OFFERS).stream()
                .flatMap(event -> event.getInverseOffers().getInverseOffersList().stream())
                .toList();
    }

    private void launch(String task) {
        Offer offer = scheduler.lastOffer();
        scheduler.accept(List.of(offer), 0, Messages.task(task, offer, "cpus:1"));
    }

    private void answer(boolean accept, InverseOffer offer, double refuseSeconds) {
        Filters filters = Filters.newBuilder().setRefuseSeconds(refuseSeconds).build();
        org.tepui.v1.scheduler.Call.Builder call = accept
                ? scheduler
                        .call(org.tepui.v1.scheduler.Call.Type.ACCEPT_INVERSE_OFFERS)
                        .setAcceptInverseOffers(org.tepui.v1.scheduler.Call.AcceptInverseOffers.newBuilder()
                                .addInverseOfferIds(offer.getId())
                                .setFilters(filters))
                : scheduler
                        .call(org.tepui.v1.scheduler.Call.Type.DECLINE_INVERSE_OFFERS)
                        .setDeclineInverseOffers(org.tepui.v1.scheduler.Call.DeclineInverseOffers.newBuilder()
                                .addInverseOfferIds(offer.getId())
                                .setFilters(filters));
        assertThat(scheduler.send(call.build()).accepted).isTrue();
    }

    private String host() {
        return agent.info.getHostname();
    }

    @Test
    void offersOfMachinesInTheScheduleSayWhenTheyLeave() {
        Offer before = scheduler.lastOffer();
        Window window = window(2_000_000_000L, host().toUpperCase(java.util.Locale.ROOT));
        assertThat(update(schedule(window)).accepted).isTrue();
        assertThat(scheduler.offers()).doesNotContain(before);
        assertThat(scheduler.lastOffer().getUnavailability()).isEqualTo(window.getUnavailability());
        assertThat(scheduled(master)).isEqualTo(schedule(window));
        update(schedule());
        assertThat(scheduler.lastOffer().hasUnavailability()).isFalse();
        assertThat(inverseOffers()).isEmpty();
    }

    @Test
    void asksFrameworksWithTasksThereToLeave() {
        launch("t");
        Window window = window(2_000_000_000L, host());
        update(schedule(window));
        assertThat(inverseOffers()).singleElement().satisfies(offer -> {
            assertThat(offer.getAgentId()).isEqualTo(agent.wireId());
            assertThat(offer.getFrameworkId()).isEqualTo(scheduler.id());
            assertThat(offer.getUnavailability()).isEqualTo(window.getUnavailability());
        });
        master.time.advance(Duration.ofMinutes(1));
        assertThat(inverseOffers()).hasSize(1);
    }

    @Test
    void keepsAnswersAndAsksAgainWhenTheFilterIsOver() {
        launch("t");
        update(schedule(window(2_000_000_000L, host())));
        answer(false, inverseOffers().get(0), 30);
        assertThat(status().getDrainingMachines(0).getStatusesList())
                .extracting(InverseOfferStatus::getStatus)
                .containsExactly(InverseOfferStatus.Status.DECLINE);
        master.time.advance(Duration.ofSeconds(28));
        assertThat(inverseOffers()).hasSize(1);
        master.time.advance(Duration.ofSeconds(4));
        assertThat(inverseOffers()).hasSize(2);
        answer(true, inverseOffers().get(1), 3600);
        assertThat(status().getDrainingMachines(0).getStatusesList())
                .extracting(InverseOfferStatus::getStatus)
                .containsExactly(InverseOfferStatus.Status.ACCEPT);
    }

    @Test
    void takesInverseOffersBackThatAreVoid() {
        launch("t");
        update(schedule(window(2_000_000_000L, host())));
        InverseOffer first = inverseOffers().get(0);
        update(schedule(window(2_100_000_000L, host())));
        assertThat(scheduler.events(Event.Type.RESCIND_INVERSE_OFFER))
                .extracting(event -> event.getRescindInverseOffer().getInverseOfferId())
                .containsExactly(first.getId());
        assertThat(inverseOffers()).hasSize(2);
        agent.update(scheduler.id(), "t", TaskState.TASK_FINISHED);
        master.time.advance(Duration.ofSeconds(2));
        assertThat(scheduler.events(Event.Type.RESCIND_INVERSE_OFFER)).hasSize(2);
    }

    @Test
    void asksASchedulerThatTakesTheOthersPlace() {
        launch("t");
        update(schedule(window(2_000_000_000L, host())));
        TestScheduler next = scheduler.successor().subscribe();
        master.time.advance(Duration.ofSeconds(2));
        assertThat(next.events(Event.Type.INVERSE_OFFERS)).hasSize(1);
        assertThat(next.events(Event.Type.RESCIND_INVERSE_OFFER)).isEmpty();
    }

    @Test
    void aNewMasterKnowsTheSchedule() {
        Schedule schedule = schedule(window(2_000_000_000L, host(), "other"));
        update(schedule);
        TestMaster next = master.failOver();
        assertThat(scheduled(next)).isEqualTo(schedule);
        TestAgent back = new TestAgent(next, host(), agent.info.getPort(), "cpus:4");
        back.info = agent.info;
        back.reregister();
        assertThat(next.scheduler().lastOffer().hasUnavailability()).isTrue();
    }

    @Test
    void refusesSchedulesThatMeanNothing() {
        refused(schedule(window(1)), "no 'machine_ids'");
        refused(schedule(window(1, "")), "neither 'hostname' nor 'ip'");
        refused(schedule(window(1, "a"), window(2, "A")), "'A' is in the schedule twice");
        Window.Builder negative = window(1, "a").toBuilder();
        negative.getUnavailabilityBuilder().getDurationBuilder().setNanoseconds(-1);
        refused(schedule(negative.build()), "-1 ns");
        assertThat(scheduled(master).getWindowsCount()).isZero();
    }

    private void refused(Schedule schedule, String words) {
        RecordingExchange exchange = update(schedule);
        assertThat(exchange.refused().kind()).isEqualTo(Kind.BAD_REQUEST);
        assertThat(exchange.refused().reason()).contains(words);
    }
}
