// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import com.google.protobuf.Message;
import java.util.Optional;
import java.util.function.Supplier;
import org.tepui.proto.internal.ExecutorExited;
import org.tepui.proto.internal.ExecutorMessage;
import org.tepui.proto.internal.PongAgent;
import org.tepui.proto.internal.RegisterAgent;
import org.tepui.proto.internal.ReregisterAgent;
import org.tepui.proto.internal.StatusUpdates;
import org.tepui.transport.Connection;
import org.tepui.transport.ConnectionListener;
import org.tepui.transport.Endpoint;
import org.tepui.transport.Exchange;
import org.tepui.transport.Refusal.Kind;

/** Installs one handler per message type. While the master does not lead, everything is refused as unavailable. */
final class MessageHandlers {
    private final Endpoint endpoint;
    private final Supplier<Optional<MasterServices>> services;

    private MessageHandlers(Endpoint endpoint, Supplier<Optional<MasterServices>> services) {
        this.endpoint = endpoint;
        this.services = services;
    }

    /** @param services what serves at present, if anything does */
    static void install(Endpoint endpoint, Supplier<Optional<MasterServices>> services) {
        MessageHandlers handlers = new MessageHandlers(endpoint, services);
        handlers.handle(
                RegisterAgent.getDefaultInstance(),
                (m, e, s) -> s.agentManager().register(m, e));
        handlers.handle(
                ReregisterAgent.getDefaultInstance(),
                (m, e, s) -> s.agentManager().reregister(m, e));
        handlers.handle(
                PongAgent.getDefaultInstance(), (m, e, s) -> s.agentManager().pong(e.connection()));
        handlers.handle(
                StatusUpdates.getDefaultInstance(),
                (m, e, s) -> s.agentMessages().statusUpdates(m, e.connection()));
        handlers.handle(
                ExecutorMessage.getDefaultInstance(),
                (m, e, s) -> s.agentMessages().executorMessage(m, e.connection()));
        handlers.handle(
                ExecutorExited.getDefaultInstance(),
                (m, e, s) -> s.agentMessages().executorExited(m, e.connection()));
        handlers.handle(
                org.tepui.v1.scheduler.Call.getDefaultInstance(),
                (m, e, s) -> s.schedulerCalls().handle(m, e));
        handlers.handle(
                org.tepui.v1.master.Call.getDefaultInstance(),
                (m, e, s) -> s.operatorCalls().handle(m, e));
        handlers.handle(
                org.tepui.proto.operator.Call.getDefaultInstance(),
                (m, e, s) -> s.tepuiCalls().handle(m, e));
        endpoint.listener(new ConnectionListener() {
            @Override
            public void closed(Connection connection, String reason) {
                services.get().ifPresent(s -> s.disconnected(connection));
            }
        });
    }

    private <M extends Message> void handle(M prototype, Handler<M> handler) {
        endpoint.handle(prototype, (message, exchange) -> {
            Optional<MasterServices> serving = services.get();
            if (serving.isPresent()) {
                handler.handle(message, exchange, serving.get());
            } else {
                exchange.refuse(Kind.UNAVAILABLE, "This master does not lead, or has not recovered yet");
            }
        });
    }

    /** What is done with a message while the master leads. */
    @FunctionalInterface
    private interface Handler<M extends Message> {
        void handle(M message, Exchange exchange, MasterServices services);
    }
}
