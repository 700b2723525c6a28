// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.tepui.proto.internal.UpdateFramework;
import org.tepui.transport.Refusal.Kind;
import org.tepui.v1.FrameworkInfo;
import org.tepui.v1.Offer;
import org.tepui.v1.master.Response;
import org.tepui.v1.scheduler.Call;
import org.tepui.v1.scheduler.Event;
import org.tepui.v1.scheduler.OfferConstraints;

/** UPDATE_FRAMEWORK, and the offer constraints that it and SUBSCRIBE carry. */
class UpdateFrameworkTest {
    private static final OfferConstraints ELSEWHERE = RoleConstraintsTest.forRole(
            "ads", RoleConstraintsTest.group(RoleConstraintsTest.constraint("HOSTNAME", "equals", "elsewhere")));

    private final TestMaster master = TestMaster.started();
    private final TestAgent agent = master.agent("cpus:4");
    private final TestScheduler scheduler =
            master.scheduler(Messages.framework(FrameworkInfo.Capability.Type.MULTI_ROLE)
                    .addRoles("ads")
                    .build());

    private RecordingExchange update(FrameworkInfo info, OfferConstraints constraints, String... suppressed) {
        return scheduler.send(scheduler
                .call(Call.Type.UPDATE_FRAMEWORK)
                .setUpdateFramework(Call.UpdateFramework.newBuilder()
                        .setFrameworkInfo(info)
                        .setOfferConstraints(constraints)
                        .addAllSuppressedRoles(List.of(suppressed)))
                .build());
    }

    private RecordingExchange update(FrameworkInfo info, String... suppressed) {
        return update(info, OfferConstraints.getDefaultInstance(), suppressed);
    }

    private void refused(RecordingExchange exchange, String... words) {
        assertThat(exchange.refused().kind()).isEqualTo(Kind.BAD_REQUEST);
        assertThat(exchange.refused().reason()).contains(words);
    }

    private Response.GetFrameworks.Framework shown() {
        return master.operator(Views.call(org.tepui.v1.master.Call.Type.GET_FRAMEWORKS))
                .response(Response.class)
                .getGetFrameworks()
                .getFrameworks(0);
    }

    @Test
    void changesRolesAndTakesOffersInOldOnesBack() {
        Offer offer = scheduler.lastOffer();
        FrameworkInfo changed = scheduler.info.toBuilder()
                .setName("renamed")
                .clearRoles()
                .addRoles("eng")
                .build();
        assertThat(update(changed).accepted).isTrue();
        assertThat(scheduler.offers()).doesNotContain(offer);
        assertThat(scheduler.lastOffer().getAllocationInfo().getRole()).isEqualTo("eng");
        assertThat(shown().getFrameworkInfo()).isEqualTo(changed);
        assertThat(master.failOver().registrar.records)
                .anySatisfy(record ->
                        assertThat(record.getFrameworkUpdated().getFramework()).isEqualTo(changed));
    }

    @Test
    void tellsTheAgentsOfItsTasks() {
        Offer offer = scheduler.lastOffer();
        scheduler.launch(offer, Messages.task("t", offer, "cpus:1"));
        FrameworkInfo changed =
                scheduler.info.toBuilder().setWebuiUrl("http://ui").build();
        update(changed);
        assertThat(agent.received(UpdateFramework.class))
                .extracting(UpdateFramework::getFramework)
                .containsExactly(changed);
        update(changed);
        assertThat(agent.received(UpdateFramework.class)).hasSize(1);
    }

    @Test
    void suppressesAndRevivesRoles() {
        update(scheduler.info, "ads");
        scheduler.decline(scheduler.lastOffer(), 0);
        int before = scheduler.events(Event.Type.OFFERS).size();
        TestAgent second = master.agent("cpus:2");
        assertThat(scheduler.events(Event.Type.OFFERS)).hasSize(before);
        update(scheduler.info);
        assertThat(scheduler.offers())
                .anySatisfy(offer -> assertThat(offer.getAgentId()).isEqualTo(second.wireId()));
    }

    @Test
    void isOfferedOnlyWhatItsConstraintsAdmit() {
        assertThat(update(scheduler.info, ELSEWHERE).accepted).isTrue();
        scheduler.decline(scheduler.lastOffer(), 0);
        int before = scheduler.events(Event.Type.OFFERS).size();
        master.agent("cpus:2");
        assertThat(scheduler.events(Event.Type.OFFERS)).hasSize(before);
        assertThat(shown().getOfferConstraints()).isEqualTo(ELSEWHERE);
        update(scheduler.info);
        assertThat(scheduler.events(Event.Type.OFFERS).size()).isGreaterThan(before);
        assertThat(shown().hasOfferConstraints()).isFalse();
    }

    @Test
    void subscribesWithConstraints() {
        TestScheduler picky = new TestScheduler(
                master,
                Messages.framework(FrameworkInfo.Capability.Type.MULTI_ROLE)
                        .addRoles("ads")
                        .build(),
                false);
        picky.send(Call.newBuilder()
                .setType(Call.Type.SUBSCRIBE)
                .setSubscribe(
                        Call.Subscribe.newBuilder().setFrameworkInfo(picky.info).setOfferConstraints(ELSEWHERE))
                .build());
        scheduler.decline(scheduler.lastOffer(), 60);
        assertThat(picky.events(Event.Type.SUBSCRIBED)).hasSize(1);
        assertThat(picky.events(Event.Type.OFFERS)).isEmpty();
    }

    @Test
    void refusesWhatASubscriptionCouldNotSayEither() {
        FrameworkInfo info = scheduler.info;
        refused(update(info.toBuilder().clearRoles().build()), "'FrameworkInfo.roles' is empty");
        refused(update(info, "eng"), "Suppressed role 'eng'");
        refused(update(info.toBuilder().setFailoverTimeout(-1).build()), "failover_timeout");
        refused(update(info.toBuilder().setPrincipal("other").build()), "principal");
        refused(update(info.toBuilder().setUser("other").build()), "user", "'nobody'", "'other'");
        refused(update(info.toBuilder().setCheckpoint(true).build()), "checkpoint");
        refused(
                update(
                        info,
                        RoleConstraintsTest.forRole(
                                "eng", RoleConstraintsTest.group(RoleConstraintsTest.constraint("r", "exists", "")))),
                "'offer_constraints' name role 'eng'");
        refused(
                update(
                        info,
                        RoleConstraintsTest.forRole(
                                "ads", RoleConstraintsTest.group(RoleConstraintsTest.constraint("r", "matches", "(")))),
                "'offer_constraints' are invalid");
        assertThat(shown().getFrameworkInfo()).isEqualTo(info);
    }
}
