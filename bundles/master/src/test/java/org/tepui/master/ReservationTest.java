// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.tepui.api.Role;
import org.tepui.api.resources.Resources;
import org.tepui.proto.convert.ResourceConversion;
import org.tepui.proto.internal.ReserveResources;
import org.tepui.transport.Refusal.Kind;
import org.tepui.v1.FrameworkInfo;
import org.tepui.v1.Offer;
import org.tepui.v1.OperationID;
import org.tepui.v1.Resource;
import org.tepui.v1.TaskInfo;
import org.tepui.v1.TaskState;
import org.tepui.v1.master.Call;
import org.tepui.v1.scheduler.Event;

/** RESERVE and UNRESERVE, by frameworks and by operators. */
class ReservationTest {
    private static final Role ENG = new Role("eng");

    private TestMaster master = TestMaster.started();
    private final TestAgent agent = master.agent("cpus:4;mem:100;cpus(eng):2");
    private TestScheduler scheduler = master.scheduler(refining("eng"));

    private static FrameworkInfo refining(String role) {
        return Messages.framework(
                        FrameworkInfo.Capability.Type.MULTI_ROLE,
                        FrameworkInfo.Capability.Type.RESERVATION_REFINEMENT,
                        FrameworkInfo.Capability.Type.PARTITION_AWARE)
                .addRoles(role)
                .setFailoverTimeout(3600)
                .build();
    }

    @AfterEach
    void booksAreRight() {
        BookInvariants.check(master);
        BookInvariants.checkPolicy(master);
    }

    private static Resources of(List<Resource> resources) {
        return ResourceConversion.toApi(resources).unallocate();
    }

    private static Resources reserved(String text, Role... roles) {
        return of(Messages.reserved(text, roles));
    }

    private Resources offered() {
        return of(scheduler.lastOffer().getResourcesList());
    }

    private Resources allOffered() {
        return scheduler.offers().stream()
                .map(offer -> of(offer.getResourcesList()))
                .reduce(Resources.empty(), Resources::add);
    }

    private Resources told() {
        List<ReserveResources> messages = agent.received(ReserveResources.class);
        return of(messages.get(messages.size() - 1).getResourcesList());
    }

    private RecordingExchange reserve(Resource... resources) {
        return master.operator(Call.newBuilder()
                .setType(Call.Type.RESERVE_RESOURCES)
                .setReserveResources(Call.ReserveResources.newBuilder()
                        .setAgentId(agent.wireId())
                        .addAllResources(List.of(resources)))
                .build());
    }

    private RecordingExchange unreserve(Resource... resources) {
        return master.operator(Call.newBuilder()
                .setType(Call.Type.UNRESERVE_RESOURCES)
                .setUnreserveResources(Call.UnreserveResources.newBuilder()
                        .setAgentId(agent.wireId())
                        .addAllResources(List.of(resources)))
                .build());
    }

    private static Resource one(String text, Role... roles) {
        return Messages.reserved(text, roles).get(0);
    }

    @Test
    void offersWhatTheAgentsConfigurationReserves() {
        assertThat(offered()).isEqualTo(Resources.parse("cpus:4;mem:100;cpus(eng):2"));
        scheduler.decline(scheduler.lastOffer(), 60);
        TestScheduler other = master.scheduler(Messages.inRole("ads"));
        assertThat(of(other.lastOffer().getResourcesList())).isEqualTo(Resources.parse("cpus:4;mem:100"));
    }

    @Test
    void reservesAndLaunchesInOneCallAfterTellingTheAgent() {
        Offer offer = scheduler.lastOffer();
        TaskInfo task = Messages.task("t", offer, "mem:10").toBuilder()
                .addAllResources(Messages.reserved("cpus:1", ENG))
                .build();
        scheduler.operate(offer, 0, Messages.reserve("eng", "cpus:3"), Messages.launch(task));
        assertThat(told()).isEqualTo(reserved("cpus:3", ENG));
        assertThat(agent.launched()).containsOnlyKeys("t");
        List<Class<?>> order = new ArrayList<>();
        agent.connection.sent.forEach(message -> order.add(message.getClass()));
        assertThat(order.indexOf(ReserveResources.class))
                .isLessThan(order.indexOf(org.tepui.proto.internal.RunTasks.class));
        assertThat(offered())
                .isEqualTo(Resources.parse("cpus:1;mem:90;cpus(eng):2").add(reserved("cpus:2", ENG)));
    }

    @Test
    void aRoleBelowRefinesWhatIsReservedForTheOneAbove() {
        Role web = new Role("eng/web");
        scheduler.operate(scheduler.lastOffer(), 60, Messages.reserve("eng", "cpus:3"));
        scheduler = master.scheduler(refining("eng/web"));
        scheduler.operate(scheduler.lastOffer(), 0, Messages.reserve(Messages.reserved("cpus:2", ENG, web)));
        assertThat(told()).isEqualTo(reserved("cpus:1", ENG).add(reserved("cpus:2", ENG, web)));
        scheduler.operate(scheduler.lastOffer(), 0, Messages.unreserve(one("cpus:2", ENG, web)));
        assertThat(told()).isEqualTo(reserved("cpus:3", ENG));
    }

    @Test
    void takesAReservationBack() {
        scheduler.operate(scheduler.lastOffer(), 0, Messages.reserve("eng", "cpus:3"));
        scheduler.operate(scheduler.lastOffer(), 0, Messages.unreserve(one("cpus:1", ENG)));
        assertThat(told()).isEqualTo(reserved("cpus:2", ENG));
        assertThat(offered())
                .isEqualTo(Resources.parse("cpus:2;mem:100;cpus(eng):2").add(reserved("cpus:2", ENG)));
    }

    @Test
    void dropsWhatIsNotAllowedAndSaysSoWhereItHasAName() {
        Offer.Operation tooMuch = Messages.reserve("eng", "cpus:5");
        scheduler.operate(scheduler.lastOffer(), 0, tooMuch);
        scheduler.operate(scheduler.lastOffer(), 0, Messages.reserve("ads", "cpus:1"));
        scheduler.operate(scheduler.lastOffer(), 0, Messages.reserve(Messages.resources("cpus:1")));
        scheduler.operate(
                scheduler.lastOffer(),
                0,
                Messages.unreserve(Messages.resources("cpus(eng):1").get(0)));
        scheduler.operate(scheduler.lastOffer(), 0, Messages.unreserve(one("cpus:1", ENG)));
        assertThat(agent.received(ReserveResources.class)).isEmpty();
        assertThat(offered()).isEqualTo(Resources.parse("cpus:4;mem:100;cpus(eng):2"));
        scheduler.operate(
                scheduler.lastOffer(),
                0,
                tooMuch.toBuilder()
                        .setId(OperationID.newBuilder().setValue("o"))
                        .build());
        assertThat(scheduler.events(Event.Type.UPDATE_OPERATION_STATUS))
                .singleElement()
                .satisfies(event -> assertThat(
                                event.getUpdateOperationStatus().getStatus().getMessage())
                        .contains("RESERVE was dropped", "'id'"));
    }

    @Test
    void refusesOtherOperationsByName() {
        assertThat(scheduler
                        .operate(
                                scheduler.lastOffer(),
                                0,
                                Offer.Operation.newBuilder()
                                        .setType(Offer.Operation.Type.CREATE)
                                        .build())
                        .refused()
                        .reason())
                .contains("CREATE");
    }

    @Test
    void reservesAsAnOperatorAndTakesOffersBackForIt() {
        Offer offer = scheduler.lastOffer();
        assertThat(reserve(one("cpus:3", new Role("ads"))).accepted).isTrue();
        assertThat(scheduler.offers()).doesNotContain(offer);
        assertThat(told()).isEqualTo(reserved("cpus:3", new Role("ads")));
        assertThat(offered()).isEqualTo(Resources.parse("cpus:1;mem:100;cpus(eng):2"));
        assertThat(unreserve(one("cpus:3", new Role("ads"))).accepted).isTrue();
        assertThat(allOffered()).isEqualTo(Resources.parse("cpus:4;mem:100;cpus(eng):2"));
    }

    @Test
    void refinesAStaticReservationAsAnOperator() {
        Resource refined = Messages.reserved("cpus(eng):2", new Role("eng/web")).get(0);
        assertThat(reserve(refined).accepted).isTrue();
        assertThat(offered()).isEqualTo(Resources.parse("cpus:4;mem:100"));
        assertThat(unreserve(refined).accepted).isTrue();
        assertThat(allOffered()).isEqualTo(Resources.parse("cpus:4;mem:100;cpus(eng):2"));
    }

    @Test
    void movesAReservation() {
        reserve(one("cpus:3", new Role("ads")));
        RecordingExchange moved = master.operator(Call.newBuilder()
                .setType(Call.Type.RESERVE_RESOURCES)
                .setReserveResources(Call.ReserveResources.newBuilder()
                        .setAgentId(agent.wireId())
                        .addAllSource(Messages.reserved("cpus:2", new Role("ads")))
                        .addAllResources(Messages.reserved("cpus:2", ENG)))
                .build());
        assertThat(moved.accepted).isTrue();
        assertThat(told()).isEqualTo(reserved("cpus:1", new Role("ads")).add(reserved("cpus:2", ENG)));
    }

    @Test
    void refusesAnOperatorWhatIsUsedOrNotThere() {
        Offer offer = scheduler.lastOffer();
        scheduler.launch(offer, Messages.task("t", offer, "cpus:3"));
        RecordingExchange used = reserve(one("cpus:2", ENG));
        assertThat(used.refused().kind()).isEqualTo(Kind.CONFLICT);
        assertThat(used.refused().reason()).contains("not free", "cpus");
        assertThat(reserve(Messages.resources("cpus:1").get(0)).refused().kind())
                .isEqualTo(Kind.BAD_REQUEST);
        assertThat(unreserve(Messages.resources("cpus(eng):1").get(0)).refused().reason())
                .contains("not reserved dynamically");
        assertThat(master.operator(Call.newBuilder()
                                .setType(Call.Type.RESERVE_RESOURCES)
                                .setReserveResources(Call.ReserveResources.newBuilder()
                                        .setAgentId(org.tepui.v1.AgentID.newBuilder()
                                                .setValue("nobody"))
                                        .addResources(one("cpus:1", ENG)))
                                .build())
                        .refused()
                        .reason())
                .isEqualTo("No agent found with specified ID");
        assertThat(agent.received(ReserveResources.class)).isEmpty();
    }

    @Test
    void anAgentThatMissedAReservationIsToldAgain() {
        scheduler.operate(scheduler.lastOffer(), 0, Messages.reserve("eng", "cpus:3"));
        agent.reserved = List.of();
        agent.disconnect();
        agent.reconnect();
        agent.reregister();
        assertThat(told()).isEqualTo(reserved("cpus:3", ENG));
        agent.disconnect();
        agent.reconnect();
        agent.reregister();
        assertThat(agent.received(ReserveResources.class)).isEmpty();
    }

    @Test
    void aNewMasterLearnsReservationsFromTheAgent() {
        Offer offer = scheduler.lastOffer();
        TaskInfo info = Messages.task("t", offer, "mem:10").toBuilder()
                .addAllResources(Messages.reserved("cpus:1", ENG))
                .build();
        scheduler.operate(offer, 0, Messages.reserve("eng", "cpus:3"), Messages.launch(info));
        org.tepui.v1.Task task = agent.describe(scheduler.id(), "t", TaskState.TASK_RUNNING);
        TestMaster next = master.failOver();
        TestAgent back = new TestAgent(next, agent.info.getHostname(), agent.info.getPort(), "cpus:4");
        back.info = agent.info;
        back.reserved = agent.reserved;
        back.reregister(List.of(scheduler.info), task);
        master = next;
        scheduler = new TestScheduler(next, scheduler.info, false).subscribe();
        assertThat(offered())
                .isEqualTo(Resources.parse("cpus:1;mem:90;cpus(eng):2").add(reserved("cpus:2", ENG)));
    }

    @Test
    void countsReservationsAgainstTheLimitOfTheirRole() {
        reserve(one("cpus:3", new Role("ads/web")));
        RecordingExchange limited = master.operator(Call.newBuilder()
                .setType(Call.Type.UPDATE_QUOTA)
                .setUpdateQuota(Call.UpdateQuota.newBuilder()
                        .addQuotaConfigs(org.tepui.v1.quota.QuotaConfig.newBuilder()
                                .setRole("ads")
                                .putLimits(
                                        "cpus",
                                        org.tepui.v1.Value.Scalar.newBuilder()
                                                .setValue(2)
                                                .build())))
                .build());
        assertThat(limited.refused().reason()).contains("already consuming cpus:3");
    }
}
