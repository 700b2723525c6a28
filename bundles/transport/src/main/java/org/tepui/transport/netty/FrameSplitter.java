// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the bytes of one connection into frames. Frames are handed on in arrays, which are quicker to decode than
 * memory outside the heap; an array of a connection's own is only held while a frame is incomplete, and grows with
 * the bytes that came, not with the length that a peer claims. On the I/O thread.
 */
final class FrameSplitter {
    private static final int LENGTH_BYTES = 4;
    private static final int SCRATCH_BYTES = 64 * 1024;
    private static final byte[] NONE = {};

    private static final FastThreadLocal<byte[]> SCRATCH = new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
            return new byte[SCRATCH_BYTES];
        }
    };

    private final int maximumFrameBytes;
    private final Consumer<ByteBuffer> frames;
    /** The beginning of a frame that is incomplete. */
    private byte[] rest = NONE;

    private int restLength;

    /**
     * Makes a splitter that begins at a frame.
     *
     * @param frames gets each frame, in a buffer that is valid during the call only
     */
    FrameSplitter(int maximumFrameBytes, Consumer<ByteBuffer> frames) {
        this.maximumFrameBytes = maximumFrameBytes;
        this.frames = frames;
    }

    /**
     * Takes the next bytes of the connection.
     *
     * @return null, or why there can be no more frames
     */
    @Nullable
    String read(ByteBuf input) {
        int added = input.readableBytes();
        byte[] bytes = restLength > 0 ? withRoom(added) : added <= SCRATCH_BYTES ? SCRATCH.get() : new byte[added];
        input.readBytes(bytes, restLength, added);
        int length = restLength + added;
        ByteBuffer view = ByteBuffer.wrap(bytes);
        int start = 0;
        while (length - start >= LENGTH_BYTES) {
            int size = view.limit(length).getInt(start);
            if (size <= 0 || size > maximumFrameBytes) {
                return "a frame has a length of " + Integer.toUnsignedString(size) + " bytes; allowed are 1 to "
                        + maximumFrameBytes;
            }
            int end = start + LENGTH_BYTES + size;
            if (end > length) {
                break;
            }
            frames.accept(view.limit(end).position(start + LENGTH_BYTES));
            view.clear();
            start = end;
        }
        keep(bytes, start, length - start);
        return null;
    }

    private byte[] withRoom(int added) {
        int needed = restLength + added;
        return needed <= rest.length ? rest : Arrays.copyOf(rest, Math.max(needed, rest.length * 2));
    }

    private void keep(byte[] bytes, int start, int length) {
        boolean own = bytes != SCRATCH.get();
        if (length == 0) {
            rest = NONE;
        } else if (own && (start == 0 || length > bytes.length / 4)) {
            System.arraycopy(bytes, start, bytes, 0, length);
            rest = bytes;
        } else {
            rest = Arrays.copyOfRange(bytes, start, start + length);
        }
        restLength = length;
    }
}
