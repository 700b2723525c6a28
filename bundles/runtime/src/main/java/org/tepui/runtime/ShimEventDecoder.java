// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.tepui.runtime.Processes.ExitStatus;
import org.tepui.runtime.ShimEvent.Identity;

/**
 * Finds events of a fixed size in a stream of bytes. Shims write each event in one piece, but a task that runs as the
 * service's own user can write to the stream as well, so bytes that are no event are skipped and counted.
 */
final class ShimEventDecoder {
    /** Bytes of an event on the stream. */
    static final int EVENT_BYTES = 512;

    private static final byte[] MAGIC = "TEPUIEV1".getBytes(StandardCharsets.US_ASCII);
    private static final int KIND_CODE = 1;
    private static final int KIND_SIGNAL = 2;
    private static final int LARGEST_CODE = 255;
    private static final int LARGEST_SIGNAL = 64;

    private final Charset names;

    /** @param names in which ids are written as file names */
    ShimEventDecoder(Charset names) {
        this.names = names;
    }

    /**
     * Takes the whole events out of a buffer and leaves the start of one that is not whole.
     *
     * @return how many bytes were skipped because they are no event
     */
    int decode(ByteBuffer buffer, Consumer<ShimEvent> events) {
        int skipped = 0;
        while (buffer.remaining() >= EVENT_BYTES) {
            ShimEvent event = startsEvent(buffer) ? event(buffer.slice(buffer.position(), EVENT_BYTES)) : null;
            if (event == null) {
                buffer.get();
                skipped++;
            } else {
                buffer.position(buffer.position() + EVENT_BYTES);
                events.accept(event);
            }
        }
        return skipped;
    }

    private static boolean startsEvent(ByteBuffer buffer) {
        int at = buffer.position();
        for (int i = 0; i < MAGIC.length; i++) {
            if (buffer.get(at + i) != MAGIC[i]) {
                return false;
            }
        }
        return true;
    }

    private @Nullable ShimEvent event(ByteBuffer in) {
        in.position(MAGIC.length);
        int type = in.get();
        int kind = in.get();
        int value = in.getShort();
        long pid = in.getInt();
        long startTime = in.getLong();
        long shim = in.getInt();
        Identity identity = new Identity(pid, startTime, shim, in.getLong());
        int idBytes = in.getShort();
        int reasonBytes = in.getShort();
        try {
            String id = text(in, idBytes, names);
            String reason = text(in, reasonBytes, StandardCharsets.UTF_8);
            return switch (type) {
                case 1 -> ShimEvent.started(id, identity);
                case 2 -> ShimEvent.exited(id, identity, status(kind, value));
                case 3 -> ShimEvent.failed(id, reason);
                case 4 -> ShimEvent.shim(ShimEvent.Type.SHIM_GONE, id, identity);
                case 5 -> ShimEvent.shim(ShimEvent.Type.SHIM_KILLED, id, identity);
                default -> null;
            };
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            return null;
        }
    }

    private static String text(ByteBuffer in, int length, Charset charset) {
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("a text of an event is longer than the event");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, charset);
    }

    /** The status that a kind and its value say; anything else than a code or a signal is an unknown one. */
    private static ExitStatus status(int kind, int value) {
        if (kind == KIND_CODE && value >= 0 && value <= LARGEST_CODE) {
            return new ExitStatus(OptionalInt.of(value), OptionalInt.empty());
        }
        if (kind == KIND_SIGNAL && value >= 1 && value <= LARGEST_SIGNAL) {
            return new ExitStatus(OptionalInt.empty(), OptionalInt.of(value));
        }
        return ShimEvent.UNKNOWN_STATUS;
    }
}
