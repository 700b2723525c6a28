// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime.simulated;

import java.util.List;
import org.tepui.runtime.Address;
import org.tepui.runtime.Network;

/** A link between two nodes, from the moment at which the listening side accepted it. */
final class SimulatedLink {
    private final SimulatedNetwork network;
    private final LinkEnd opener;
    private final LinkEnd acceptor;
    private boolean broken;
    private boolean watched;

    /** Where one end is and who listens to it. */
    record Side(String node, Address remote, Lane lane, Network.LinkHandler handler) {}

    SimulatedLink(SimulatedNetwork network, Side opener, Side acceptor) {
        this.network = network;
        this.opener = new LinkEnd(this, opener);
        this.acceptor = new LinkEnd(this, acceptor);
    }

    /** Both ends hear that the link can carry frames. */
    void open() {
        acceptor.arriveOpened();
        opener.arriveOpened();
    }

    VirtualTime time() {
        return network.time();
    }

    long delay() {
        return network.delay();
    }

    LinkEnd other(LinkEnd end) {
        return end == opener ? acceptor : opener;
    }

    boolean isOpen() {
        return !broken && opener.isOpen() && acceptor.isOpen();
    }

    boolean isBroken() {
        return broken;
    }

    boolean touches(String node) {
        return opener.node().equals(node) || acceptor.node().equals(node);
    }

    /** Whether a node is linked with itself. */
    boolean isLoop() {
        return opener.node().equals(acceptor.node());
    }

    boolean isBlockedTowards(LinkEnd end) {
        return network.isBlocked(other(end).node(), end.node());
    }

    /** What waited is on its way again. */
    void resume() {
        opener.resume();
        acceptor.resume();
    }

    /** What is on its way is lost; the ends hear of it one after the other. */
    void breakNow(String reason) {
        if (!broken) {
            broken = true;
            opener.breakAfter(delay(), reason);
            acceptor.breakAfter(delay(), reason);
        }
    }

    /** Breaks the link if what waits now or comes meanwhile cannot get through for too long. */
    void breakIfSilent() {
        if (!watched && !broken && (opener.waits() || acceptor.waits())) {
            watched = true;
            time().schedule(network.lane(), "silence", network.silenceTimeoutNanos(), () -> {
                watched = false;
                if (opener.waits() || acceptor.waits()) {
                    breakNow("no answer for too long");
                }
            });
        }
    }

    /** The service at a node ended: the other end hears it, with or without what was still on its way to it. */
    void endClosed(String node, boolean loses) {
        for (LinkEnd end : List.of(opener, acceptor)) {
            if (end.node().equals(node) || broken) {
                continue;
            }
            if (loses) {
                end.breakAfter(delay(), "connection reset by peer");
            } else {
                end.arriveClosed("closed by peer");
            }
        }
        endHeard();
    }

    /** The machine of a node crashed: the other end hears nothing, for long. */
    void endVanished() {
        time().schedule(
                        network.lane(),
                        "silence",
                        network.silenceTimeoutNanos(),
                        () -> breakNow("no answer for too long"));
        endHeard();
    }

    void endHeard() {
        if (opener.isFinished() && acceptor.isFinished()) {
            network.forget(this);
        }
    }
}
