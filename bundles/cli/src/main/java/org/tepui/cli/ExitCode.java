// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

/** What the process ends with. */
final class ExitCode {
    /** Everything was done. */
    static final int DONE = 0;
    /** A task failed, or what was asked for does not exist, or the cluster did not answer. */
    static final int FAILED = 1;
    /** Bad usage. */
    static final int MISUSED = 2;
    /** No agent could ever offer what was asked for. */
    static final int NO_ROOM = 3;

    private ExitCode() {}
}
