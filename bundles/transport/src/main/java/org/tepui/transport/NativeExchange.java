// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport;

import com.google.protobuf.Message;
import java.util.Optional;
import org.tepui.proto.transport.Accepted;
import org.tepui.proto.transport.Refused;

/** A message of a native connection and the chance to answer it. On the loop. */
final class NativeExchange implements Exchange {
    private final NativeConnection connection;
    private final String type;
    private final long requestId;
    private boolean answered;

    NativeExchange(NativeConnection connection, String type, long requestId) {
        this.connection = connection;
        this.type = type;
        this.requestId = requestId;
    }

    @Override
    public Connection connection() {
        return connection;
    }

    @Override
    public Optional<String> streamId() {
        return Optional.empty();
    }

    @Override
    public boolean isHttp() {
        return false;
    }

    @Override
    public void accept() {
        reply(Accepted.getDefaultInstance());
    }

    @Override
    public void reply(Message response) {
        answer();
        if (requestId != 0) {
            connection.answer(requestId, response);
        }
    }

    @Override
    public void refuse(Refusal refusal) {
        answer();
        if (requestId == 0 && type.equals(Refused.getDescriptor().getFullName())) {
            // a refusal of a refusal would go on forever
            return;
        }
        connection.answer(requestId, refused(type, refusal.kind(), refusal.reason()));
    }

    static Refused refused(String type, Refusal.Kind kind, String reason) {
        return Refused.newBuilder()
                .setType(type)
                .setStatus(kind.status())
                .setReason(reason)
                .build();
    }

    private void answer() {
        connection.assertInLoop();
        if (answered) {
            throw new IllegalStateException("the " + type + " was answered already");
        }
        answered = true;
    }
}
