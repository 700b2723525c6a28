// SPDX-License-Identifier: Apache-2.0
package org.tepui.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The first events of a run in words, for the report of a failure. */
final class EventLog {
    private static final int MOST = 300;

    private final List<String> events = new ArrayList<>();
    private long more;

    /** Adds an event; its words are asked for only if there is room for it. */
    void add(Supplier<String> words) {
        if (events.size() < MOST) {
            events.add(words.get());
        } else {
            more++;
        }
    }

    @Override
    public String toString() {
        return String.join("\n", events) + (more == 0 ? "" : "\nand " + more + " more");
    }
}
