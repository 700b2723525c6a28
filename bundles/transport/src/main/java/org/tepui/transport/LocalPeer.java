// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport;

import java.util.List;
import java.util.Optional;

/**
 * Who an endpoint says it is.
 *
 * @param role {@code master}, {@code agent}, {@code driver} or {@code tool}
 * @param version of Tepui
 * @param capabilities features that it has
 * @param principal on whose behalf it speaks
 */
public record LocalPeer(String role, String version, List<String> capabilities, Optional<String> principal) {
    /** Copies the capabilities. */
    public LocalPeer {
        capabilities = List.copyOf(capabilities);
    }

    /** Without capabilities and principal. */
    public LocalPeer(String role, String version) {
        this(role, version, List.of(), Optional.empty());
    }
}
