// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport;

import com.google.protobuf.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.tepui.proto.transport.Refused;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.Timer;

/**
 * The requests of one connection that wait for an answer. One timer serves all of them: it is set for the earliest
 * deadline and costs nothing for the many requests that are answered in time. On the loop.
 */
final class PendingRequests {
    private final EventLoop loop;
    private final Map<Long, Pending<?>> pending = new LinkedHashMap<>();
    private long lastId;
    private @Nullable Timer timer;
    private long timerDue;

    PendingRequests(EventLoop loop) {
        this.loop = loop;
    }

    private record Pending<M extends Message>(
            M answerType, long deadline, Duration timeout, Consumer<Reply<M>> callback) {
        @SuppressWarnings("unchecked")
        void answer(Message message) {
            if (answerType.getClass().isInstance(message)) {
                callback.accept(new Reply.Answer<>((M) message));
            } else if (message instanceof Refused refused) {
                callback.accept(new Reply.Refused<>(
                        new Refusal(Refusal.Kind.ofStatus(refused.getStatus()), refused.getReason())));
            } else {
                lose(unexpected(message.getDescriptorForType().getFullName()));
            }
        }

        String unexpected(String type) {
            return "the answer is a " + type + " where a "
                    + answerType.getDescriptorForType().getFullName() + " was expected";
        }

        void lose(String reason) {
            callback.accept(new Reply.Lost<>(reason));
        }
    }

    /** Registers a request and returns its id. */
    <M extends Message> long add(M answerType, Duration timeout, Consumer<Reply<M>> callback) {
        long deadline = loop.clock().nanoTime() + timeout.toNanos();
        pending.put(++lastId, new Pending<>(answerType, deadline, timeout, callback));
        if (timer == null || deadline - timerDue < 0) {
            arm(deadline);
        }
        return lastId;
    }

    /** Passes on an answer; false if nobody waits for it any more. */
    boolean answer(long id, Message message) {
        Pending<?> request = pending.remove(id);
        if (request == null) {
            return false;
        }
        request.answer(message);
        return true;
    }

    /** An answer came whose type nobody here can read; false if nobody waits for it any more. */
    boolean unreadable(long id, String type) {
        Pending<?> request = pending.remove(id);
        if (request == null) {
            return false;
        }
        request.lose(request.unexpected(type));
        return true;
    }

    /** Ends one request, if it still waits. */
    void lose(long id, String reason) {
        Pending<?> request = pending.remove(id);
        if (request != null) {
            request.lose(reason);
        }
    }

    /** Ends all requests, in the order in which they were made. */
    void loseAll(String reason) {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        List<Pending<?>> lost = new ArrayList<>(pending.values());
        pending.clear();
        lost.forEach(request -> request.lose(reason));
    }

    private void arm(long deadline) {
        if (timer != null) {
            timer.cancel();
        }
        timerDue = deadline;
        long delay = Math.max(0, deadline - loop.clock().nanoTime());
        timer = loop.schedule("request timeout", Duration.ofNanos(delay), this::expire);
    }

    private void expire() {
        timer = null;
        long now = loop.clock().nanoTime();
        List<Pending<?>> expired = new ArrayList<>();
        long earliest = 0;
        boolean others = false;
        for (Iterator<Pending<?>> all = pending.values().iterator(); all.hasNext(); ) {
            Pending<?> request = all.next();
            if (request.deadline() - now <= 0) {
                all.remove();
                expired.add(request);
            } else if (!others || request.deadline() - earliest < 0) {
                others = true;
                earliest = request.deadline();
            }
        }
        if (others) {
            arm(earliest);
        }
        expired.forEach(
                request -> request.lose("no answer within " + request.timeout().toMillis() + " ms"));
    }
}
