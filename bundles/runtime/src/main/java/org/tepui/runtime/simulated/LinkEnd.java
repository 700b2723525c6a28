// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime.simulated;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.tepui.runtime.Address;
import org.tepui.runtime.Network;

/** One end of a simulated link: what its owner sends, and what is on its way to its owner. */
final class LinkEnd implements Network.Link {
    private final SimulatedLink link;
    private final String node;
    private final Address remote;
    private final Lane lane;
    private final Network.LinkHandler handler;
    private final Deque<Network.Frame> staged = new ArrayDeque<>();

    /** On its way here, in the order in which it was sent. */
    private final Deque<Item> inbound = new ArrayDeque<>();

    private long inboundBytes;
    private long lastArrival;
    private boolean reading = true;
    private boolean closedHere;
    private boolean heardClosed;

    LinkEnd(SimulatedLink link, SimulatedLink.Side side) {
        this.link = link;
        this.node = side.node();
        this.remote = side.remote();
        this.lane = side.lane();
        this.handler = side.handler();
    }

    /**
     * Something on its way.
     *
     * @param content a frame, or null: what comes next is said by the text
     * @param text null for the opening, otherwise why the link is closed
     */
    private record Item(
            long arrival,
            @Nullable ByteBuffer content,
            @Nullable String text) {}

    String node() {
        return node;
    }

    /** Whether neither end closed it and its service lives. */
    boolean isOpen() {
        return !closedHere && !heardClosed && !lane.life().hasEnded();
    }

    @Override
    public Address remote() {
        return remote;
    }

    @Override
    public boolean send(Network.Frame frame) {
        flush();
        return transmit(frame);
    }

    @Override
    public boolean stage(Network.Frame frame) {
        if (!isOpen()) {
            return false;
        }
        staged.add(frame);
        return true;
    }

    @Override
    public void flush() {
        while (!staged.isEmpty()) {
            transmit(staged.remove());
        }
    }

    private boolean transmit(Network.Frame frame) {
        if (!isOpen()) {
            return false;
        }
        ByteBuffer content = ByteBuffer.allocate(frame.size());
        frame.writeTo(content);
        if (content.hasRemaining()) {
            throw new IllegalStateException("a frame of " + frame.size() + " bytes wrote " + content.position());
        }
        link.other(this).arrive(content.flip(), null);
        return true;
    }

    @Override
    public void setReading(boolean enabled) {
        reading = enabled;
        if (enabled) {
            resume();
        }
    }

    @Override
    public long queuedBytes() {
        return link.other(this).inboundBytes;
    }

    @Override
    public void close() {
        if (!isOpen()) {
            return;
        }
        flush();
        closedHere = true;
        inbound.clear();
        inboundBytes = 0;
        link.other(this).arriveClosed("closed by peer");
        link.time().schedule(lane, "closed here", 0, () -> hearClosed("closed"));
    }

    /** The first thing that this end hears. */
    void arriveOpened() {
        arrive(null, null);
    }

    /** After what was sent before, the end hears that the link is closed. */
    void arriveClosed(String reason) {
        arrive(null, reason);
    }

    /** What is on its way is lost, and the end hears after a while. */
    void breakAfter(long nanos, String reason) {
        inbound.clear();
        inboundBytes = 0;
        link.time().schedule(lane, "broken", nanos, () -> hearClosed(reason));
    }

    /** Hands over what had to wait. */
    void resume() {
        if (!inbound.isEmpty()) {
            link.time().schedule(lane, "resume", link.delay(), this::receive);
        }
    }

    /** Whether something is on its way that cannot arrive. */
    boolean waits() {
        return !inbound.isEmpty() && link.isBlockedTowards(this);
    }

    private void arrive(@Nullable ByteBuffer content, @Nullable String text) {
        if (link.isBroken() || isFinished() || closedHere) {
            return;
        }
        lastArrival = Math.max(lastArrival, link.time().nanoTime() + link.delay());
        inbound.add(new Item(lastArrival, content, text));
        inboundBytes += content == null ? 0 : content.remaining();
        link.time().scheduleAt(lane, "arrive", lastArrival, this::receive);
        if (link.isBlockedTowards(this)) {
            link.breakIfSilent();
        }
    }

    private void receive() {
        boolean any = false;
        while (mayReceive()) {
            Item item = inbound.remove();
            any = true;
            deliver(item);
        }
        if (any && !closedHere && !heardClosed) {
            handler.idle();
        }
    }

    private boolean mayReceive() {
        Item first = inbound.peek();
        return first != null
                && first.arrival() <= link.time().nanoTime()
                && !closedHere
                && !link.isBlockedTowards(this)
                && (reading || first.content() == null);
    }

    private void deliver(Item item) {
        ByteBuffer content = item.content();
        if (content != null) {
            inboundBytes -= content.remaining();
            link.time().note(content.hashCode());
            handler.frame(content.asReadOnlyBuffer());
        } else if (item.text() != null) {
            hearClosed(item.text());
        } else {
            handler.opened(this);
        }
    }

    private void hearClosed(String reason) {
        if (!heardClosed) {
            heardClosed = true;
            staged.clear();
            link.endHeard();
            handler.closed(reason);
        }
    }

    /** Whether nothing more is to be heard here. */
    boolean isFinished() {
        return heardClosed || lane.life().hasEnded();
    }
}
