// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import com.google.protobuf.Message;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tepui.transport.Connection;
import org.tepui.transport.Exchange;
import org.tepui.transport.Refusal;

/** An exchange that keeps how it was answered, and insists on one answer at most. */
final class RecordingExchange implements Exchange {
    private final Connection connection;
    private final boolean http;
    private final Optional<String> streamId;

    boolean accepted;

    @Nullable
    Message response;

    @Nullable
    Refusal refusal;

    RecordingExchange(Connection connection, boolean http, Optional<String> streamId) {
        this.connection = connection;
        this.http = http;
        this.streamId = streamId;
    }

    @Override
    public Connection connection() {
        return connection;
    }

    @Override
    public Optional<String> streamId() {
        return streamId;
    }

    @Override
    public boolean isHttp() {
        return http;
    }

    @Override
    public void accept() {
        requireUnanswered();
        accepted = true;
    }

    @Override
    public void reply(Message message) {
        requireUnanswered();
        response = message;
    }

    @Override
    public void refuse(Refusal reason) {
        requireUnanswered();
        refusal = reason;
    }

    boolean answered() {
        return accepted || response != null || refusal != null;
    }

    <M extends Message> M response(Class<M> type) {
        if (response == null) {
            throw new AssertionError("not answered, but " + (accepted ? "accepted" : "refused: " + refusal));
        }
        return type.cast(response);
    }

    Refusal refused() {
        if (refusal == null) {
            throw new AssertionError("not refused, but " + (accepted ? "accepted" : "answered with " + response));
        }
        return refusal;
    }

    private void requireUnanswered() {
        if (answered()) {
            throw new IllegalStateException("answered twice");
        }
    }
}
