// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows under headings, each column as wide as it needs; cut to the width of a terminal where there is one. */
final class Table {
    private static final String GAP = "  ";
    private static final String CUT = "..";
    private static final int NARROWEST = 5;

    private final List<String> headings;
    private final List<List<String>> rows = new ArrayList<>();

    Table(String... headings) {
        this.headings = List.of(headings);
    }

    /** Adds a row with a text for each heading. */
    void add(String... cells) {
        if (cells.length != headings.size()) {
            throw new IllegalArgumentException(cells.length + " cells for " + headings.size() + " columns");
        }
        rows.add(List.of(cells));
    }

    /** @param width of the terminal in characters; 0 if there is none, so that nothing is cut */
    void print(PrintStream out, int width) {
        int[] widths = new int[headings.size()];
        for (int column = 0; column < widths.length; column++) {
            widths[column] = headings.get(column).length();
            for (List<String> row : rows) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        if (width > 0) {
            shrink(widths, width);
        }
        print(out, headings, widths);
        rows.forEach(row -> print(out, row, widths));
    }

    /** Takes from the widest column until all fit, or none can give more. */
    private void shrink(int[] widths, int width) {
        int excess = Arrays.stream(widths).sum() + GAP.length() * (widths.length - 1) - width;
        while (excess > 0) {
            int widest = 0;
            for (int column = 1; column < widths.length; column++) {
                widest = widths[column] > widths[widest] ? column : widest;
            }
            if (widths[widest] <= NARROWEST) {
                return;
            }
            widths[widest]--;
            excess--;
        }
    }

    private static void print(PrintStream out, List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = cells.get(column);
            String shown = cell.length() > widths[column]
                    ? cell.substring(0, widths[column] - CUT.length()) + CUT
                    : cell + " ".repeat(widths[column] - cell.length());
            line.append(column == 0 ? "" : GAP).append(shown);
        }
        out.println(line.toString().stripTrailing());
    }
}
