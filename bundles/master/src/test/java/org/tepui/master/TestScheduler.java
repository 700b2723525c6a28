// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tepui.api.FrameworkId;
import org.tepui.v1.Filters;
import org.tepui.v1.FrameworkID;
import org.tepui.v1.FrameworkInfo;
import org.tepui.v1.Offer;
import org.tepui.v1.OfferID;
import org.tepui.v1.TaskInfo;
import org.tepui.v1.TaskState;
import org.tepui.v1.TaskStatus;
import org.tepui.v1.scheduler.Call;
import org.tepui.v1.scheduler.Event;

/** A scheduler that a test plays, over HTTP or natively. */
final class TestScheduler {
    private static long nextStream = 1;

    private final TestMaster master;
    final boolean http;
    FrameworkInfo info;
    RecordingConnection connection;
    Optional<String> streamId = Optional.empty();

    TestScheduler(TestMaster master, FrameworkInfo info, boolean http) {
        this.master = master;
        this.info = info;
        this.http = http;
        this.connection = newConnection();
    }

    private RecordingConnection newConnection() {
        return new RecordingConnection(http ? "http" : "driver");
    }

    /** Subscribes and takes the id that it is given. */
    TestScheduler subscribe() {
        sendSubscribe();
        FrameworkID id = events(Event.Type.SUBSCRIBED).get(0).getSubscribed().getFrameworkId();
        info = info.toBuilder().setId(id).build();
        return this;
    }

    RecordingExchange sendSubscribe(String... suppressed) {
        Call.Builder call = Call.newBuilder()
                .setType(Call.Type.SUBSCRIBE)
                .setSubscribe(
                        Call.Subscribe.newBuilder().setFrameworkInfo(info).addAllSuppressedRoles(List.of(suppressed)));
        if (info.hasId()) {
            call.setFrameworkId(info.getId());
        }
        if (http) {
            streamId = Optional.of("stream-" + nextStream++);
        }
        return send(call.build());
    }

    /** A new scheduler of the same framework. */
    TestScheduler successor() {
        return new TestScheduler(master, info, http);
    }

    void disconnect() {
        connection.breakOff();
        master.endpoint.closed(connection, "broken");
        master.time.settle();
    }

    FrameworkID id() {
        return info.getId();
    }

    FrameworkId frameworkId() {
        return new FrameworkId(info.getId().getValue());
    }

    RecordingExchange send(Call call) {
        RecordingConnection from =
                http && call.getType() != Call.Type.SUBSCRIBE ? new RecordingConnection("http") : connection;
        RecordingExchange exchange = new RecordingExchange(from, http, streamId);
        master.endpoint.deliver(call, exchange);
        master.time.settle();
        return exchange;
    }

    Call.Builder call(Call.Type type) {
        return Call.newBuilder().setFrameworkId(info.getId()).setType(type);
    }

    RecordingExchange launch(Offer offer, TaskInfo... tasks) {
        return accept(List.of(offer), 5, tasks);
    }

    RecordingExchange accept(List<Offer> offers, double refuseSeconds, TaskInfo... tasks) {
        Call.Accept.Builder accept = Call.Accept.newBuilder()
                .addOperations(Offer.Operation.newBuilder()
                        .setType(Offer.Operation.Type.LAUNCH)
                        .setLaunch(Offer.Operation.Launch.newBuilder().addAllTaskInfos(List.of(tasks))))
                .setFilters(Filters.newBuilder().setRefuseSeconds(refuseSeconds));
        offers.forEach(offer -> accept.addOfferIds(offer.getId()));
        return send(call(Call.Type.ACCEPT).setAccept(accept).build());
    }

    RecordingExchange operate(Offer offer, double refuseSeconds, Offer.Operation... operations) {
        return send(call(Call.Type.ACCEPT)
                .setAccept(Call.Accept.newBuilder()
                        .addOfferIds(offer.getId())
                        .addAllOperations(List.of(operations))
                        .setFilters(Filters.newBuilder().setRefuseSeconds(refuseSeconds)))
                .build());
    }

    RecordingExchange decline(Offer offer, double refuseSeconds) {
        return send(call(Call.Type.DECLINE)
                .setDecline(Call.Decline.newBuilder()
                        .addOfferIds(offer.getId())
                        .setFilters(Filters.newBuilder().setRefuseSeconds(refuseSeconds)))
                .build());
    }

    RecordingExchange kill(String task) {
        return send(call(Call.Type.KILL)
                .setKill(Call.Kill.newBuilder().setTaskId(Messages.task(task)))
                .build());
    }

    RecordingExchange acknowledge(TaskStatus status) {
        return send(call(Call.Type.ACKNOWLEDGE)
                .setAcknowledge(Call.Acknowledge.newBuilder()
                        .setAgentId(status.getAgentId())
                        .setTaskId(status.getTaskId())
                        .setUuid(status.getUuid()))
                .build());
    }

    RecordingExchange reconcile(Call.Reconcile.Task... tasks) {
        return send(call(Call.Type.RECONCILE)
                .setReconcile(Call.Reconcile.newBuilder().addAllTasks(List.of(tasks)))
                .build());
    }

    RecordingExchange tearDown() {
        return send(call(Call.Type.TEARDOWN).build());
    }

    List<Event> events(Event.Type type) {
        return connection.sent(Event.class).filter(e -> e.getType() == type).toList();
    }

    /** Every offer that was sent and neither rescinded nor used, as far as the scheduler knows by its events. */
    List<Offer> offers() {
        List<OfferID> rescinded = events(Event.Type.RESCIND).stream()
                .map(event -> event.getRescind().getOfferId())
                .toList();
        List<Offer> offers = new ArrayList<>();
        events(Event.Type.OFFERS)
                .forEach(event -> offers.addAll(event.getOffers().getOffersList()));
        offers.removeIf(offer -> rescinded.contains(offer.getId()));
        return offers;
    }

    Offer lastOffer() {
        List<Offer> offers = offers();
        if (offers.isEmpty()) {
            throw new AssertionError("no offer among " + connection.sent);
        }
        return offers.get(offers.size() - 1);
    }

    List<TaskStatus> updates() {
        return events(Event.Type.UPDATE).stream()
                .map(event -> event.getUpdate().getStatus())
                .toList();
    }

    List<TaskState> states(String task) {
        return updates().stream()
                .filter(status -> status.getTaskId().getValue().equals(task))
                .map(TaskStatus::getState)
                .toList();
    }

    TaskStatus lastUpdate() {
        List<TaskStatus> updates = updates();
        if (updates.isEmpty()) {
            throw new AssertionError("no update among " + connection.sent);
        }
        return updates.get(updates.size() - 1);
    }

    List<String> errors() {
        return events(Event.Type.ERROR).stream()
                .map(event -> event.getError().getMessage())
                .toList();
    }
}
