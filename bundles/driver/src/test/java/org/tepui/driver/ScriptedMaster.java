// SPDX-License-Identifier: Apache-2.0
package org.tepui.driver;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tepui.api.metrics.MetricRegistry;
import org.tepui.runtime.Address;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.simulated.SimulatedNode;
import org.tepui.transport.Connection;
import org.tepui.transport.EndpointLimits;
import org.tepui.transport.EpochRule;
import org.tepui.transport.LocalPeer;
import org.tepui.transport.MessageEndpoint;
import org.tepui.transport.TransportCounters;
import org.tepui.v1.FrameworkID;
import org.tepui.v1.scheduler.Call;
import org.tepui.v1.scheduler.Event;

/** A master that keeps the calls that reach it and answers SUBSCRIBE, if told so. */
final class ScriptedMaster {
    static final Address ADDRESS = new Address("master", 5050);

    final List<Call> calls = new ArrayList<>();
    boolean answersSubscribe = true;
    String role = "master";
    long epoch;

    private @Nullable EventLoop loop;

    @Nullable
    Connection scheduler;

    void start(SimulatedNode node) {
        MessageEndpoint endpoint = endpoint(node, role);
        endpoint.setEpoch(epoch);
        loop = endpoint.loop();
        endpoint.handle(Call.getDefaultInstance(), (call, exchange) -> {
            calls.add(call);
            if (call.getType() == Call.Type.SUBSCRIBE && answersSubscribe) {
                exchange.accept();
                scheduler = exchange.connection();
                send(Event.newBuilder()
                        .setType(Event.Type.SUBSCRIBED)
                        .setSubscribed(Event.Subscribed.newBuilder()
                                .setFrameworkId(FrameworkID.newBuilder().setValue("f-0001")))
                        .build());
            }
        });
        try {
            endpoint.listen(ADDRESS);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static MessageEndpoint endpoint(SimulatedNode node, String role) {
        return new MessageEndpoint(
                node.newLoop(role),
                node.network(),
                node.randomness(),
                new LocalPeer(role, "test"),
                EndpointLimits.DEFAULTS,
                EpochRule.REFUSE_OLDER_MASTERS,
                TransportCounters.in(new MetricRegistry()));
    }

    void send(Event event) {
        EventLoop on = loop;
        if (on != null) {
            on.execute("send event", () -> {
                Connection to = scheduler;
                if (to != null) {
                    to.send(event);
                }
            });
        }
    }

    List<Call.Type> types() {
        return calls.stream().map(Call::getType).toList();
    }
}
