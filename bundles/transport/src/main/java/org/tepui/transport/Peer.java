// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport;

import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.tepui.runtime.Address;

/**
 * Who is at the other end of a connection, as it said itself in the handshake or in its HTTP request.
 *
 * @param role {@code master}, {@code agent}, {@code driver}, {@code tool} or {@code http}
 * @param version of Tepui; empty for HTTP clients
 * @param capabilities features that it has
 * @param principal who it says it is
 * @param epoch of the leader that it is or follows; 0 for none
 * @param address where it said that others reach it; its end of the connection where it said nothing
 * @param remote its end of the connection as it is seen here: a numeric address on a real network
 */
public record Peer(
        String role,
        String version,
        Set<String> capabilities,
        Optional<String> principal,
        long epoch,
        Address address,
        Address remote) {
    /** Copies the capabilities, in alphabetical order. */
    public Peer {
        capabilities = Collections.unmodifiableSortedSet(new TreeSet<>(capabilities));
    }
}
