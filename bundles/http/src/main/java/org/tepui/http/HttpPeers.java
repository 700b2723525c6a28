// SPDX-License-Identifier: Apache-2.0
package org.tepui.http;

import java.util.Optional;
import java.util.Set;
import org.tepui.runtime.Address;
import org.tepui.transport.Peer;

/** HTTP clients as peers: all that is known of them is where they are. */
final class HttpPeers {
    private HttpPeers() {}

    static Peer of(Address remote) {
        return new Peer("http", "", Set.of(), Optional.empty(), 0, remote, remote);
    }
}
