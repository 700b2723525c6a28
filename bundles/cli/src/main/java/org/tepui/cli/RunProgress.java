// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import java.util.Locale;

/** Shows how far a run is: one line drawn over itself on a terminal, else a line whenever something changed. */
final class RunProgress {
    private static final String CLEAR = "\r\u001b[K";

    private final Terminal terminal;
    private final long begun = System.nanoTime();
    private String shown = "";

    RunProgress(Terminal terminal) {
        this.terminal = terminal;
    }

    double seconds() {
        return Math.round((System.nanoTime() - begun) / 1e6) / 1e3;
    }

    void show(RunCounts counts) {
        String text = counts.toString();
        if (terminal.interactive()) {
            terminal.err().printf(Locale.ROOT, "%s%.0f s: %s", CLEAR, seconds(), text);
            terminal.err().flush();
        } else if (!text.equals(shown)) {
            terminal.err().printf(Locale.ROOT, "%.1f s: %s%n", seconds(), text);
        }
        shown = text;
    }

    /** Makes room for a line of another kind. */
    void interrupt() {
        if (terminal.interactive() && !shown.isEmpty()) {
            terminal.err().print(CLEAR);
            terminal.err().flush();
        }
    }
}
