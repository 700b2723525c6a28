// SPDX-License-Identifier: Apache-2.0
package org.tepui.http;

import com.google.protobuf.Message;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tepui.proto.recordio.RecordEncoder;
import org.tepui.transport.Connection;
import org.tepui.transport.Endpoint;
import org.tepui.transport.Exchange;
import org.tepui.transport.HttpServer.Responder;
import org.tepui.transport.HttpServer.Stream;
import org.tepui.transport.Peer;
import org.tepui.transport.Refusal;

/**
 * A subscription: an exchange until it is accepted or refused, and from then on the connection on which events go
 * out, each as one record. Used on the endpoint's loop.
 */
final class Subscription implements Exchange, Connection {
    /** The header that names the stream. */
    static final String STREAM_ID_HEADER = "mesos-stream-id";

    private final Endpoint endpoint;
    private final long id;
    private final Peer peer;
    private final String streamId;
    private final MediaType type;
    private final Responder responder;
    private @Nullable Stream stream;
    private String closeReason = "the client closed the stream";

    Subscription(Endpoint endpoint, Peer peer, String streamId, MediaType type, Responder responder) {
        this.endpoint = endpoint;
        this.id = endpoint.nextConnectionId();
        this.peer = peer;
        this.streamId = streamId;
        this.type = type;
        this.responder = responder;
    }

    @Override
    public Connection connection() {
        return this;
    }

    @Override
    public Optional<String> streamId() {
        return Optional.of(streamId);
    }

    @Override
    public boolean isHttp() {
        return true;
    }

    @Override
    public void accept() {
        stream = responder.stream(
                200,
                Map.of("content-type", type.text(), STREAM_ID_HEADER, streamId),
                () -> endpoint.loop().execute("HTTP stream closed", this::ended));
        endpoint.opened(this);
    }

    private void ended() {
        stream = null;
        endpoint.closed(this, closeReason);
    }

    /** A subscription is answered by its stream: an answer of another kind is the first event of it. */
    @Override
    public void reply(Message response) {
        accept();
        send(response);
    }

    @Override
    public void refuse(Refusal refusal) {
        responder.respond(Answers.refused(refusal));
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    public boolean send(Message message) {
        Stream open = stream;
        return open != null && open.write(RecordEncoder.encode(Calls.write(type, message)));
    }

    @Override
    public void close(String reason) {
        Stream open = stream;
        if (open != null) {
            closeReason = reason;
            open.close();
        }
    }

    @Override
    public boolean isOpen() {
        return stream != null;
    }
}
