// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tepui.transport.Refusal.Kind;
import org.tepui.v1.FrameworkID;
import org.tepui.v1.OfferID;
import org.tepui.v1.OperationID;
import org.tepui.v1.scheduler.Call;

/** Who may speak for a framework, in the order in which Mesos checks it. */
class SpeakerTest {
    private TestMaster master;

    @BeforeEach
    void start() {
        master = TestMaster.started();
    }

    private static Call revive(TestScheduler scheduler) {
        return scheduler.call(Call.Type.REVIVE).build();
    }

    private RecordingExchange from(RecordingConnection connection, boolean http, Optional<String> stream, Call call) {
        RecordingExchange exchange = new RecordingExchange(connection, http, stream);
        master.endpoint.deliver(call, exchange);
        master.time.settle();
        return exchange;
    }

    @Test
    void knowsTheFramework() {
        TestScheduler scheduler = master.httpScheduler();
        scheduler.info = scheduler.info.toBuilder()
                .setId(FrameworkID.newBuilder().setValue("nobody"))
                .build();
        RecordingExchange exchange = scheduler.send(revive(scheduler));
        assertThat(exchange.refused().kind()).isEqualTo(Kind.BAD_REQUEST);
        assertThat(exchange.refused().reason()).isEqualTo("Framework cannot be found");
        assertThat(master.metric("master/dropped_messages")).isEqualTo(1);
    }

    @Test
    void comparesThePrincipalBeforeTheConnection() {
        TestScheduler scheduler =
                master.scheduler(Messages.framework().setFailoverTimeout(60).build());
        scheduler.disconnect();
        RecordingExchange exchange =
                from(new RecordingConnection("driver", Optional.of("eve")), false, Optional.empty(), revive(scheduler));
        assertThat(exchange.refused().kind()).isEqualTo(Kind.BAD_REQUEST);
        assertThat(exchange.refused().reason()).contains("'eve'");
    }

    @Test
    void requiresASubscription() {
        TestScheduler scheduler = new TestScheduler(
                        master, Messages.framework().setFailoverTimeout(60).build(), true)
                .subscribe();
        scheduler.disconnect();
        RecordingExchange exchange = scheduler.send(revive(scheduler));
        assertThat(exchange.refused().kind()).isEqualTo(Kind.FORBIDDEN);
        assertThat(exchange.refused().reason()).isEqualTo("Framework is not subscribed");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void requiresTheMeansOfTheSubscription(boolean subscribedByHttp) {
        TestScheduler scheduler = subscribedByHttp ? master.httpScheduler() : master.scheduler();
        RecordingExchange exchange =
                from(new RecordingConnection("other"), !subscribedByHttp, Optional.of("a stream"), revive(scheduler));
        assertThat(exchange.refused().kind()).isEqualTo(Kind.FORBIDDEN);
        assertThat(exchange.refused().reason()).contains("HTTP");
    }

    @Test
    void requiresTheConnectionOfANativeSubscription() {
        TestScheduler scheduler = master.scheduler();
        RecordingExchange exchange =
                from(new RecordingConnection("driver"), false, Optional.empty(), revive(scheduler));
        assertThat(exchange.refused().kind()).isEqualTo(Kind.FORBIDDEN);
        assertThat(exchange.refused().reason()).contains("another connection");
    }

    @Test
    void requiresAStreamIdOverHttp() {
        TestScheduler scheduler = master.httpScheduler();
        RecordingExchange exchange = from(new RecordingConnection("http"), true, Optional.empty(), revive(scheduler));
        assertThat(exchange.refused().kind()).isEqualTo(Kind.BAD_REQUEST);
        assertThat(exchange.refused().reason()).contains("Mesos-Stream-Id");
    }

    @Test
    void requiresTheStreamIdOfTheLastSubscription() {
        TestScheduler scheduler = master.httpScheduler();
        TestScheduler next = scheduler.successor();
        next.sendSubscribe();
        assertThat(scheduler.send(revive(scheduler)).refused().kind()).isEqualTo(Kind.BAD_REQUEST);
        assertThat(next.send(revive(next)).accepted).isTrue();
    }

    @Test
    void validatesCallsThatCameNatively() {
        TestScheduler scheduler = master.scheduler();
        RecordingExchange exchange =
                scheduler.send(scheduler.call(Call.Type.KILL).build());
        assertThat(exchange.refused().kind()).isEqualTo(Kind.BAD_REQUEST);
        assertThat(exchange.refused().reason()).contains("Expecting 'kill' to be present");
        exchange = scheduler.send(scheduler
                .call(Call.Type.DECLINE)
                .setDecline(Call.Decline.newBuilder()
                        .addOfferIds(OfferID.newBuilder().setValue("x".repeat(10_000_000))))
                .build());
        assertThat(exchange.refused().kind()).isEqualTo(Kind.BAD_REQUEST);
        assertThat(exchange.refused().reason()).hasSizeLessThan(1000);
    }

    @ParameterizedTest
    @EnumSource(
            value = Call.Type.class,
            names = {"UNKNOWN", "ACKNOWLEDGE_OPERATION_STATUS", "RECONCILE_OPERATIONS"})
    void refusesCallsThatAreNotBuiltByName(Call.Type type) {
        TestScheduler scheduler = master.httpScheduler();
        RecordingExchange exchange = scheduler.send(scheduler
                .call(type)
                .setAcknowledgeOperationStatus(Call.AcknowledgeOperationStatus.newBuilder()
                        .setUuid(TestAgent.uuid())
                        .setOperationId(OperationID.newBuilder().setValue("o")))
                .setReconcileOperations(Call.ReconcileOperations.getDefaultInstance())
                .build());
        assertThat(exchange.refused().kind()).isEqualTo(Kind.NOT_IMPLEMENTED);
        assertThat(exchange.refused().reason()).contains(type.name());
    }

    @Test
    void refusesEverythingBeforeItLeads() {
        TestMaster silent = TestMaster.unstarted(MasterConfig.defaults(), 3);
        TestScheduler scheduler = new TestScheduler(silent, Messages.framework().build(), false);
        assertThat(scheduler.sendSubscribe().refused().kind()).isEqualTo(Kind.UNAVAILABLE);
    }
}
