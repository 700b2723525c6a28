// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.cluster;

import java.util.List;

/**
 * How a process ended.
 *
 * @param code its exit code; 128 plus the number of the signal where one ended it
 * @param out all that it wrote to standard output
 * @param err all that it wrote to standard error
 */
public record Outcome(int code, String out, String err) {
    /** The last line of standard output. */
    public String lastLine() {
        List<String> lines = out.lines().toList();
        return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
    }
}
