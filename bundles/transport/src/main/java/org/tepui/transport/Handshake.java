// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport;

import java.util.HashSet;
import java.util.Optional;
import org.tepui.proto.transport.Hello;
import org.tepui.runtime.Address;

/** Makes what this service says of itself, and judges what a peer says. On the loop. */
final class Handshake {
    private static final int MAXIMUM_NAME = 256;
    private static final int MAXIMUM_CAPABILITIES = 256;

    private final LocalPeer self;
    private final EpochRule rule;
    /** Written on the loop or before the first connection, by whoever knows where the service is reached. */
    private volatile Optional<Address> address = Optional.empty();

    private volatile long epoch;

    Handshake(LocalPeer self, EpochRule rule) {
        this.self = self;
        this.rule = rule;
    }

    void setAddress(Address reachable) {
        address = Optional.of(reachable);
    }

    Optional<Address> address() {
        return address;
    }

    void setEpoch(long current) {
        epoch = current;
    }

    /** What this service says of itself now. */
    Hello hello() {
        Hello.Builder hello = Hello.newBuilder()
                .setRole(self.role())
                .setVersion(self.version())
                .addAllCapabilities(self.capabilities())
                .setEpoch(epoch);
        self.principal().ifPresent(hello::setPrincipal);
        address.ifPresent(reachable -> hello.setAddress(reachable.toString()));
        return hello.build();
    }

    /**
     * The peer that a message describes.
     *
     * @throws MalformedFrameException naming what is wrong with it
     */
    Peer peer(Hello hello, Address remote) throws MalformedFrameException {
        name("role", hello.getRole());
        name("version", hello.getVersion());
        if (hello.getCapabilitiesCount() > MAXIMUM_CAPABILITIES) {
            throw new MalformedFrameException("the Hello has " + hello.getCapabilitiesCount()
                    + " capabilities, at most " + MAXIMUM_CAPABILITIES + " are allowed");
        }
        for (String capability : hello.getCapabilitiesList()) {
            name("capability", capability);
        }
        if (hello.hasPrincipal()) {
            name("principal", hello.getPrincipal());
        }
        Address reachable = remote;
        if (hello.hasAddress()) {
            name("address", hello.getAddress());
            try {
                reachable = Address.parse(hello.getAddress());
            } catch (IllegalArgumentException e) {
                throw new MalformedFrameException("the Hello has a wrong address: " + e.getMessage(), e);
            }
        }
        return new Peer(
                hello.getRole(),
                hello.getVersion(),
                new HashSet<>(hello.getCapabilitiesList()),
                hello.hasPrincipal() ? Optional.of(hello.getPrincipal()) : Optional.empty(),
                hello.getEpoch(),
                reachable,
                remote);
    }

    /** Why this service does not want to talk to a peer, if so. */
    Optional<String> refusal(Peer peer) {
        return rule.refusal(peer, epoch);
    }

    private static void name(String what, String value) throws MalformedFrameException {
        if (value.isBlank() || value.length() > MAXIMUM_NAME || value.chars().anyMatch(Character::isISOControl)) {
            throw new MalformedFrameException("the Hello has a wrong " + what + ": 1 to " + MAXIMUM_NAME
                    + " characters without control characters are allowed");
        }
    }
}
