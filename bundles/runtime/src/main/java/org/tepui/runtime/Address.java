// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

/**
 * Where a service listens.
 *
 * @param host a name or a numeric address, IPv6 without brackets
 * @param port 0 to 65535; 0 asks for a free port when listening
 */
public record Address(String host, int port) {
    private static final int MAXIMUM_PORT = 65535;

    /** @throws IllegalArgumentException for an empty host or a port out of range */
    public Address {
        if (host.isBlank()) {
            throw new IllegalArgumentException("host is empty");
        }
        if (port < 0 || port > MAXIMUM_PORT) {
            throw new IllegalArgumentException("port " + port + " is out of range: 0 to 65535 are allowed");
        }
    }

    /**
     * Reads {@code HOST:PORT}; an IPv6 host stands in brackets.
     *
     * @throws IllegalArgumentException naming the text and what is expected
     */
    public static Address parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (host.isEmpty() || (!bracketed && host.indexOf(':') >= 0)) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not an address: HOST:PORT is expected, [HOST]:PORT for IPv6");
        }
        try {
            return new Address(
                    bracketed ? host.substring(1, host.length() - 1) : host,
                    Integer.parseInt(text.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not an address: the port is a number from 0 to 65535", e);
        }
    }

    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
