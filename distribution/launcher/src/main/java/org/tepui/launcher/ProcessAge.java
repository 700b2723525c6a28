// SPDX-License-Identifier: Apache-2.0
package org.tepui.launcher;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** How old this process is: what a user waits includes the start of the virtual machine. */
final class ProcessAge {
    private static final long MILLISECONDS_PER_TICK = 10;
    private static final int START_FIELD = 19;

    private ProcessAge() {}

    /** In milliseconds, exact to ten; without Linux' /proc the age of the virtual machine. */
    static long milliseconds() {
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"), StandardCharsets.ISO_8859_1);
            String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            String uptime = Files.readString(Path.of("/proc/uptime"), StandardCharsets.US_ASCII);
            double seconds = Double.parseDouble(uptime.substring(0, uptime.indexOf(' ')));
            return Math.round(seconds * 1_000) - Long.parseLong(afterName[START_FIELD]) * MILLISECONDS_PER_TICK;
        } catch (IOException | RuntimeException e) {
            return ManagementFactory.getRuntimeMXBean().getUptime();
        }
    }
}
