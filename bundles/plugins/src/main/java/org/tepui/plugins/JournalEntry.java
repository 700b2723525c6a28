// SPDX-License-Identifier: Apache-2.0
package org.tepui.plugins;

import java.time.Instant;

/**
 * One change that was made.
 *
 * @param number counts from 1, without gaps, over restarts
 * @param time by the wall clock
 * @param action what was done
 * @param name of the plug-in
 * @param from version before; empty if none was installed
 * @param to version after; empty if none is installed
 * @param by who asked for it: {@code call}, or the name of a file in the deploy directory
 */
record JournalEntry(long number, Instant time, Action action, String name, String from, String to, String by) {
    /** Kinds of change. */
    enum Action {
        /** A plug-in came, or a version took the place of another. */
        INSTALL,
        /** A plug-in went. */
        REMOVE,
        /** The version before came back. */
        ROLLBACK,
        /** A plug-in went because the distribution has the same version, or a higher one. */
        SUPERSEDE
    }
}
