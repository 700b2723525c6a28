// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;

/**
 * Where a command writes.
 *
 * @param out what was asked for
 * @param err what goes wrong, and progress
 * @param columns of the terminal that {@code out} is; 0 if it is none
 */
record Terminal(PrintStream out, PrintStream err, int columns) {
    private static final int MOST_COLUMNS = 10_000;

    /** The process's own streams; the script says how wide the terminal is. */
    static Terminal system() {
        String text = System.getProperty("tepui.columns", "");
        int columns = text.matches("\\d{1,4}") ? Integer.parseInt(text) : 0;
        return new Terminal(System.out, System.err, Math.min(MOST_COLUMNS, columns));
    }

    /** Whether progress may be drawn over itself. */
    boolean interactive() {
        return columns > 0;
    }

    PrintWriter outWriter() {
        return new PrintWriter(new OutputStreamWriter(out, Charset.defaultCharset()), true);
    }

    PrintWriter errWriter() {
        return new PrintWriter(new OutputStreamWriter(err, Charset.defaultCharset()), true);
    }
}
