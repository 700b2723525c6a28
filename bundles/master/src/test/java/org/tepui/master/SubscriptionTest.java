// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tepui.proto.internal.ShutdownFramework;
import org.tepui.proto.registry.Record;
import org.tepui.v1.FrameworkID;
import org.tepui.v1.FrameworkInfo;
import org.tepui.v1.FrameworkInfo.Capability;
import org.tepui.v1.Label;
import org.tepui.v1.Labels;
import org.tepui.v1.Offer;
import org.tepui.v1.OfferFilters;
import org.tepui.v1.TaskState;
import org.tepui.v1.Value;
import org.tepui.v1.scheduler.Call;
import org.tepui.v1.scheduler.Event;

class SubscriptionTest {
    private TestMaster master;

    @BeforeEach
    void start() {
        master = TestMaster.started();
    }

    @Test
    void numbersFrameworksWithFourDigits() {
        TestScheduler first = master.scheduler();
        TestScheduler second = master.httpScheduler();
        assertThat(first.id().getValue()).isEqualTo(master.master.masterId() + "-0000");
        assertThat(second.id().getValue()).isEqualTo(master.master.masterId() + "-0001");
        Event.Subscribed subscribed = first.events(Event.Type.SUBSCRIBED).get(0).getSubscribed();
        assertThat(subscribed.getHeartbeatIntervalSeconds()).isEqualTo(15.0);
        assertThat(subscribed.getMasterInfo().getId()).isEqualTo(master.master.masterId());
        assertThat(subscribed.getMasterInfo().getAddress().getPort()).isEqualTo(5050);
        assertThat(subscribed.getMasterInfo().getIp()).isEqualTo(0x0100007f);
    }

    @Test
    void answersOnlyOnceTheFrameworkIsDurable() {
        master.registrar.stuck = true;
        TestScheduler scheduler = new TestScheduler(master, Messages.framework().build(), false);
        RecordingExchange exchange = scheduler.sendSubscribe();
        assertThat(exchange.answered()).isFalse();
        assertThat(scheduler.connection.sent).isEmpty();
        master.registrar.release();
        master.time.settle();
        assertThat(exchange.accepted).isTrue();
        assertThat(scheduler.events(Event.Type.SUBSCRIBED)).hasSize(1);
    }

    @Test
    void answersARepeatedSubscriptionWithTheSameId() {
        TestScheduler scheduler = master.scheduler();
        scheduler.info = scheduler.info.toBuilder().clearId().build();
        scheduler.sendSubscribe();
        assertThat(scheduler.events(Event.Type.SUBSCRIBED))
                .extracting(event -> event.getSubscribed().getFrameworkId().getValue())
                .containsExactly(master.master.masterId() + "-0000", master.master.masterId() + "-0000");
    }

    @Test
    void refusesAFrameworkThatIsTooLargeForTheRegistry() {
        refuses(b -> b.setName("n".repeat(5000)), "'FrameworkInfo.name' has 5000 characters: at most 4096");
        refuses(b -> b.setUser("n".repeat(5000)), "'FrameworkInfo.user'");
        refuses(b -> b.setWebuiUrl("n".repeat(5000)), "'FrameworkInfo.webui_url'");
        refuses(
                b -> b.setLabels(Labels.newBuilder()
                        .addLabels(Label.newBuilder().setKey("k").setValue("v".repeat(5 << 20)))),
                "bytes: at most 262144 are allowed");
        refuses(
                b -> IntStream.rangeClosed(0, 1000).forEach(role -> b.addRoles("r" + role)),
                "'FrameworkInfo.roles' has 1001 entries: at most 1000");
        assertThat(master.registrar.records).noneMatch(Record::hasFrameworkUpdated);
    }

    private void refuses(Consumer<FrameworkInfo.Builder> wrong, String words) {
        FrameworkInfo.Builder info = Messages.framework(FrameworkInfo.Capability.Type.MULTI_ROLE);
        wrong.accept(info);
        if (info.getRolesCount() == 0) {
            info.addRoles("r");
        }
        TestScheduler scheduler = new TestScheduler(master, info.build(), false);
        scheduler.sendSubscribe();
        assertThat(scheduler.errors())
                .singleElement()
                .asString()
                .contains(words)
                .hasSizeLessThan(1000);
        assertThat(scheduler.connection.isOpen()).isFalse();
    }

    @Test
    void sendsHeartbeatsWhileSubscribed() {
        TestScheduler scheduler = master.scheduler();
        master.time.advance(Duration.ofSeconds(46));
        assertThat(scheduler.events(Event.Type.HEARTBEAT)).hasSize(3);
        scheduler.tearDown();
        master.time.advance(Duration.ofMinutes(1));
        assertThat(scheduler.events(Event.Type.HEARTBEAT)).hasSize(3);
    }

    @Test
    void letsANewSchedulerTakeOver() {
        TestAgent agent = master.agent("cpus:4");
        TestScheduler old = master.scheduler();
        Offer offer = old.lastOffer();
        old.launch(offer, Messages.task("t", offer, "cpus:1"));

        TestScheduler next = old.successor();
        next.sendSubscribe();

        assertThat(old.errors()).containsExactly("Framework failed over");
        assertThat(old.connection.isOpen()).isFalse();
        assertThat(next.events(Event.Type.SUBSCRIBED)).hasSize(1);
        agent.update(old.id(), "t", TaskState.TASK_RUNNING);
        assertThat(next.states("t")).containsExactly(TaskState.TASK_RUNNING);
        assertThat(old.updates()).isEmpty();
        // the end of the old stream is not the end of the framework
        old.disconnect();
        assertThat(next.kill("t").accepted).isTrue();
    }

    @Test
    void offersAnewToTheNewScheduler() {
        master.agent("cpus:4");
        TestScheduler old = master.scheduler();
        Offer offer = old.lastOffer();
        TestScheduler next = old.successor();
        next.sendSubscribe();
        assertThat(next.offers()).hasSize(1).doesNotContain(offer);
        next.launch(offer, Messages.task("t", offer, "cpus:1"));
        assertThat(next.states("t")).containsExactly(TaskState.TASK_DROPPED);
    }

    @Test
    void endsAFrameworkWithoutFailoverTimeoutWhenItsStreamBreaks() {
        TestAgent agent = master.agent("cpus:4");
        TestScheduler scheduler = master.scheduler();
        Offer offer = scheduler.lastOffer();
        scheduler.launch(offer, Messages.task("t", offer, "cpus:1"));
        scheduler.disconnect();
        assertThat(agent.received(ShutdownFramework.class))
                .extracting(ShutdownFramework::getFrameworkId)
                .containsExactly(scheduler.id());
        TestScheduler next = scheduler.successor();
        next.sendSubscribe();
        assertThat(next.errors()).containsExactly("Framework has been removed");
        assertThat(next.connection.isOpen()).isFalse();
        // what it held is offered to others
        assertThat(master.scheduler().offers()).hasSize(1);
    }

    @Test
    void givesASchedulerItsFailoverTimeoutToComeBack() {
        TestAgent agent = master.agent("cpus:4");
        TestScheduler scheduler =
                master.scheduler(Messages.framework().setFailoverTimeout(60).build());
        Offer offer = scheduler.lastOffer();
        scheduler.launch(offer, Messages.task("t", offer, "cpus:1"));
        scheduler.disconnect();
        master.time.advance(Duration.ofSeconds(59));
        TestScheduler next = scheduler.successor();
        next.sendSubscribe();
        assertThat(next.events(Event.Type.SUBSCRIBED)).hasSize(1);
        master.time.advance(Duration.ofMinutes(2));
        assertThat(agent.received(ShutdownFramework.class)).isEmpty();

        next.disconnect();
        master.time.advance(Duration.ofSeconds(61));
        assertThat(agent.received(ShutdownFramework.class)).hasSize(1);
        TestScheduler tooLate = scheduler.successor();
        tooLate.sendSubscribe();
        assertThat(tooLate.errors()).containsExactly("Framework has been removed");
    }

    @Test
    void holdsUpdatesOfADisconnectedFrameworkAtTheAgent() {
        TestAgent agent = master.agent("cpus:4");
        TestScheduler scheduler =
                master.scheduler(Messages.framework().setFailoverTimeout(60).build());
        Offer offer = scheduler.lastOffer();
        scheduler.launch(offer, Messages.task("t", offer, "cpus:1"));
        scheduler.disconnect();
        var status = agent.update(scheduler.id(), "t", TaskState.TASK_RUNNING);
        TestScheduler next = scheduler.successor();
        next.sendSubscribe();
        assertThat(next.updates()).isEmpty();
        agent.resend(scheduler.id(), status, TaskState.TASK_RUNNING);
        assertThat(next.updates()).containsExactly(status);
    }

    @Test
    void endsAFrameworkThatTearsItselfDown() {
        TestAgent agent = master.agent("cpus:4");
        TestScheduler scheduler = master.httpScheduler();
        Offer offer = scheduler.lastOffer();
        scheduler.launch(offer, Messages.task("t", offer, "cpus:1"));
        assertThat(scheduler.tearDown().accepted).isTrue();
        assertThat(agent.received(ShutdownFramework.class)).hasSize(1);
        assertThat(scheduler.connection.isOpen()).isFalse();
        TestScheduler next = scheduler.successor();
        next.sendSubscribe();
        assertThat(next.errors()).containsExactly("Framework has been removed");
        assertThat(master.metric("master/frameworks_active")).isZero();
    }

    @Test
    void refusesAChangedPrincipal() {
        TestScheduler scheduler =
                master.scheduler(Messages.framework().setPrincipal("ada").build());
        TestScheduler next = scheduler.successor();
        next.info = next.info.toBuilder().setPrincipal("eve").build();
        next.sendSubscribe();
        assertThat(next.errors()).containsExactly("Changing framework's principal from 'ada' to 'eve' is not allowed");
        assertThat(scheduler.connection.isOpen()).isTrue();
    }

    @Test
    void refusesAPrincipalThatIsNotTheSpeakers() {
        TestScheduler scheduler = new TestScheduler(
                master, Messages.framework().setPrincipal("ada").build(), false);
        scheduler.connection = new RecordingConnection("driver", Optional.of("eve"));
        scheduler.sendSubscribe();
        assertThat(scheduler.errors()).singleElement().asString().contains("'ada'", "'eve'");
    }

    @Test
    void keepsUserAndCheckpointOfTheFirstSubscription() {
        TestScheduler scheduler =
                master.scheduler(Messages.framework().setUser("ada").build());
        TestScheduler next = scheduler.successor();
        next.info = next.info.toBuilder()
                .setUser("eve")
                .setCheckpoint(true)
                .setName("renamed")
                .build();
        next.sendSubscribe();
        FrameworkInfo info = master.operator(Views.call(org.tepui.v1.master.Call.Type.GET_FRAMEWORKS))
                .response(org.tepui.v1.master.Response.class)
                .getGetFrameworks()
                .getFrameworks(0)
                .getFrameworkInfo();
        assertThat(info.getUser()).isEqualTo("ada");
        assertThat(info.getCheckpoint()).isFalse();
        assertThat(info.getName()).isEqualTo("renamed");
    }

    static Stream<Arguments> subscriptionsThatAreRefused() {
        return Stream.of(
                Arguments.of(Messages.framework().addRoles("a").build(), "'FrameworkInfo.roles' must not be set"),
                Arguments.of(
                        Messages.inRole("a").toBuilder()
                                .addCapabilities(Capability.newBuilder().setType(Capability.Type.MULTI_ROLE))
                                .build(),
                        "'FrameworkInfo.role' must not be set"),
                Arguments.of(
                        Messages.framework(Capability.Type.MULTI_ROLE)
                                .addRoles("a")
                                .addRoles("a")
                                .build(),
                        "duplicates"),
                Arguments.of(Messages.framework(Capability.Type.MULTI_ROLE).build(), "at least one role"),
                Arguments.of(Messages.inRole("/a"), "invalid role"),
                Arguments.of(Messages.inRole("a//b"), "invalid role"),
                Arguments.of(Messages.inRole("-a"), "invalid role"),
                Arguments.of(Messages.inRole(".."), "invalid role"),
                Arguments.of(Messages.inRole("a b"), "invalid role"),
                Arguments.of(Messages.inRole(""), "invalid role"),
                Arguments.of(Messages.framework().setFailoverTimeout(-1).build(), "failover_timeout"),
                Arguments.of(Messages.framework().setFailoverTimeout(Double.NaN).build(), "failover_timeout"),
                Arguments.of(
                        Messages.framework()
                                .setFailoverTimeout(Double.POSITIVE_INFINITY)
                                .build(),
                        "failover_timeout"),
                Arguments.of(
                        Messages.framework()
                                .putOfferFilters("other", minimum(1))
                                .build(),
                        "'FrameworkInfo.offer_filters' names role 'other'"),
                Arguments.of(
                        Messages.framework().putOfferFilters("*", minimum(-1)).build(),
                        "'FrameworkInfo.offer_filters' is invalid"));
    }

    private static OfferFilters minimum(double cpus) {
        return OfferFilters.newBuilder()
                .setMinAllocatableResources(OfferFilters.MinAllocatableResources.newBuilder()
                        .addQuantities(OfferFilters.ResourceQuantities.newBuilder()
                                .putQuantities(
                                        "cpus",
                                        Value.Scalar.newBuilder().setValue(cpus).build())))
                .build();
    }

    @ParameterizedTest
    @MethodSource("subscriptionsThatAreRefused")
    void saysInTheStreamWhatIsWrongAndClosesIt(FrameworkInfo info, String problem) {
        TestScheduler scheduler = new TestScheduler(master, info, true);
        RecordingExchange exchange = scheduler.sendSubscribe();
        assertThat(exchange.accepted).isTrue();
        assertThat(scheduler.errors()).singleElement().asString().contains(problem);
        assertThat(scheduler.connection.isOpen()).isFalse();
        assertThat(master.metric("master/frameworks_active")).isZero();
    }

    @Test
    void refusesASuppressedRoleThatTheFrameworkDoesNotHave() {
        TestScheduler scheduler = new TestScheduler(master, Messages.framework().build(), false);
        scheduler.sendSubscribe("other");
        assertThat(scheduler.errors()).singleElement().asString().contains("'other'");
    }

    @Test
    void takesTheIdOfAFrameworkThatItDoesNotKnow() {
        TestScheduler scheduler = new TestScheduler(
                master,
                Messages.framework()
                        .setId(FrameworkID.newBuilder().setValue("of-an-earlier-master-0007"))
                        .build(),
                false);
        scheduler.subscribe();
        assertThat(scheduler.id().getValue()).isEqualTo("of-an-earlier-master-0007");
    }

    @Test
    void rescindsTheOffersOfARoleThatAFrameworkLeaves() {
        master.agent("cpus:4");
        TestScheduler scheduler = master.scheduler(Messages.framework(Capability.Type.MULTI_ROLE)
                .addRoles("a")
                .addRoles("b")
                .build());
        assertThat(scheduler.lastOffer().getAllocationInfo().getRole()).isEqualTo("a");
        scheduler.info = scheduler.info.toBuilder().clearRoles().addRoles("b").build();
        TestScheduler next = scheduler.successor();
        next.sendSubscribe();
        assertThat(next.lastOffer().getAllocationInfo().getRole()).isEqualTo("b");
    }

    @Test
    void makesNoOffersInSuppressedRolesUntilTheyAreRevived() {
        master.agent("cpus:4");
        TestScheduler scheduler = new TestScheduler(master, Messages.framework().build(), false);
        scheduler.sendSubscribe("*");
        scheduler.info = scheduler.info.toBuilder()
                .setId(scheduler
                        .events(Event.Type.SUBSCRIBED)
                        .get(0)
                        .getSubscribed()
                        .getFrameworkId())
                .build();
        assertThat(scheduler.offers()).isEmpty();
        scheduler.send(scheduler.call(Call.Type.REVIVE).build());
        assertThat(scheduler.offers()).hasSize(1);
        scheduler.send(scheduler.call(Call.Type.SUPPRESS).build());
        scheduler.decline(scheduler.lastOffer(), 0);
        assertThat(scheduler.offers()).hasSize(1);
        scheduler.send(scheduler
                .call(Call.Type.REVIVE)
                .setRevive(Call.Revive.newBuilder().addRoles("unknown"))
                .build());
        assertThat(scheduler.offers()).hasSize(1);
        scheduler.send(scheduler
                .call(Call.Type.REVIVE)
                .setRevive(Call.Revive.newBuilder().addRoles("*"))
                .build());
        assertThat(scheduler.offers()).hasSize(2);
    }

    @Test
    void keepsSubscriptionsThatBreakWhileTheyAreMadeDurableForTheFailoverTimeout() {
        master.registrar.stuck = true;
        TestScheduler scheduler = new TestScheduler(
                master, Messages.framework().setFailoverTimeout(60).build(), false);
        scheduler.sendSubscribe();
        scheduler.disconnect();
        master.registrar.release();
        master.time.settle();
        assertThat(master.metric("master/frameworks_active")).isZero();
        assertThat(master.metric("master/frameworks_disconnected")).isEqualTo(1);
        master.time.advance(Duration.ofSeconds(61));
        assertThat(master.metric("master/frameworks_disconnected")).isZero();
    }

    @Test
    void remembersABoundedNumberOfFrameworks() {
        for (int i = 0; i < 60; i++) {
            master.scheduler().tearDown();
        }
        List<?> completed = master.operator(Views.call(org.tepui.v1.master.Call.Type.GET_FRAMEWORKS))
                .response(org.tepui.v1.master.Response.class)
                .getGetFrameworks()
                .getCompletedFrameworksList();
        assertThat(completed).hasSize(50);
    }
}
