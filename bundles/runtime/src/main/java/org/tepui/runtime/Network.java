// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Links that carry frames between addresses: ordered, at most once, and gone as a whole when they break. The real form
 * runs over TCP and belongs to the transport; the simulated one delays frames and drops links under virtual time.
 */
public interface Network {
    /**
     * Starts to accept links.
     *
     * @param local port 0 picks a free one
     * @throws IOException if the address cannot be bound, naming it and the cause
     */
    Listening listen(Address local, Acceptor acceptor) throws IOException;

    /**
     * Starts to open a link. The handler hears {@link LinkHandler#opened} and later {@link LinkHandler#closed}, or the
     * latter alone.
     */
    void connect(Address remote, LinkHandler handler);

    /** Decides who handles a link that somebody else opened. */
    @FunctionalInterface
    interface Acceptor {
        /** Called before the first frame of the link. */
        LinkHandler accept(Address remote);
    }

    /** An address that accepts links. */
    interface Listening extends AutoCloseable {
        /** The address with the port that was bound. */
        Address address();

        /** Stops to accept; links that are open stay open. */
        @Override
        void close();
    }

    /** One end of an open link. Safe to use from any thread. */
    interface Link {
        /** The other end. */
        Address remote();

        /**
         * Queues a frame. Frames of one calling thread arrive in order.
         *
         * @return false if the link is closed; the frame is dropped then
         */
        boolean send(Frame frame);

        /**
         * Queues a frame that may wait for {@link #flush}: so that what one event has to say leaves in one piece.
         * Order is that of {@link #send}.
         *
         * @return false if the link is closed; the frame is dropped then
         */
        default boolean stage(Frame frame) {
            return send(frame);
        }

        /** Sends what was staged. */
        default void flush() {}

        /**
         * Stops or resumes the delivery of frames, so that a receiver that is behind is not handed more than it can
         * hold. Frames that were read already may still be delivered after a stop.
         */
        default void setReading(boolean enabled) {}

        /** Bytes that were queued and not yet handed to the operating system. */
        long queuedBytes();

        /** Closes the link once what is queued was sent, or after a short while. */
        void close();
    }

    /** The content of one frame on its way out. */
    interface Frame {
        /** Length in bytes. */
        int size();

        /** Writes exactly {@link #size()} bytes. Called once, on any thread. */
        void writeTo(ByteBuffer target);
    }

    /**
     * What happens on a link. Called on the link's own thread, one call at a time, in this order: opened, frames,
     * closed.
     */
    interface LinkHandler {
        /** The link can carry frames. */
        void opened(Link link);

        /** A frame arrived; the buffer is valid during the call only. */
        void frame(ByteBuffer content);

        /** More frames are not at hand right now: a moment to pass on what was collected. */
        default void idle() {}

        /** The link is gone, or could not be opened. Called once. */
        void closed(String reason);
    }
}
