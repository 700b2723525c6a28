// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.runtime.Address;

/**
 * Where a service may listen: whoever reaches the port of a service commands it, so without authentication only
 * this machine may.
 */
public final class BindPolicy {
    private static final Logger LOG = LoggerFactory.getLogger(BindPolicy.class);

    private BindPolicy() {}

    /**
     * Checks an address before it is bound. Looks up its host, which may block. What is allowed by {@code insecure}
     * alone is logged as a warning.
     *
     * @param insecure whether the operator said that others may reach the service without authentication
     * @throws IllegalArgumentException if the address is refused or its host is not known, saying what to do
     */
    public static void check(Address local, boolean insecure) {
        boolean loopback;
        try {
            loopback = InetAddress.getByName(local.host()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(
                    "cannot listen on " + local + ": the host is not known; give an address of this machine", e);
        }
        if (loopback) {
            return;
        }
        if (!insecure) {
            throw new IllegalArgumentException("cannot listen on " + local
                    + ": other machines could reach it and no authentication is configured;"
                    + " listen on 127.0.0.1, or set insecure (--insecure) if everybody on the network may command this"
                    + " service");
        }
        LOG.warn("listening on {} WITHOUT AUTHENTICATION: everybody who reaches it commands this service", local);
    }
}
