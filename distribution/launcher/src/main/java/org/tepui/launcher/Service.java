// SPDX-License-Identifier: Apache-2.0
package org.tepui.launcher;

import java.util.Locale;

/** What a container holds. */
enum Service {
    /** A master and its allocator. */
    MASTER,
    /** An agent. */
    AGENT;

    /** The name of its bundle set, and the one that {@code Readiness} has. */
    String bundles() {
        return name().toLowerCase(Locale.ROOT);
    }
}
