// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport;

import java.util.Optional;

/** Decides in the handshake whether the epoch of a peer is acceptable. Called on the endpoint's loop. */
@FunctionalInterface
public interface EpochRule {
    /**
     * Refuses a master whose epoch is older than the one that is known here: it was deposed and may not know it
     * yet. Agents and drivers that follow an older epoch are welcome; they learn of the new one.
     */
    EpochRule REFUSE_OLDER_MASTERS = (peer, ownEpoch) -> peer.role().equals("master") && peer.epoch() < ownEpoch
            ? Optional.of("epoch " + peer.epoch() + " of the master is older than epoch " + ownEpoch
                    + ", which is known here: it leads no more")
            : Optional.empty();

    /**
     * Why the peer is refused, if it is.
     *
     * @param peer as it introduced itself
     * @param ownEpoch the epoch of the leader that this service is or follows; 0 for none
     */
    Optional<String> refusal(Peer peer, long ownEpoch);
}
