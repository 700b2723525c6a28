// SPDX-License-Identifier: Apache-2.0
package org.tepui.shim;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What /proc says, for tests. */
final class ProcFs {
    private ProcFs() {}

    /** Processes whose environment has a variable, zombies aside. */
    static List<Long> withVariable(String variable) {
        return matching("environ", variable);
    }

    /** Processes, also dead ones that nobody reaped, whose command line has an argument. */
    static List<Long> withArgument(String argument) {
        return matching("cmdline", argument);
    }

    /** Children of a process, dead or alive. */
    static List<Long> childrenOf(long parent) {
        List<Long> found = new ArrayList<>();
        for (Path process : processes()) {
            String stat = read(process.resolve("stat"));
            if (!stat.isEmpty() && Long.parseLong(fields(stat)[1]) == parent) {
                found.add(pid(process));
            }
        }
        return found;
    }

    /** One letter as in proc(5), or empty if there is no such process. */
    static String state(long pid) {
        String stat = read(Path.of("/proc/" + pid + "/stat"));
        return stat.isEmpty() ? "" : fields(stat)[0];
    }

    static boolean alive(long pid) {
        return !state(pid).isEmpty() && !state(pid).equals("Z");
    }

    /** Field of /proc/PID/stat, counted from 3 as in proc(5). */
    static long statField(long pid, int field) {
        return Long.parseLong(fields(read(Path.of("/proc/" + pid + "/stat")))[field - 3]);
    }

    /** Resident memory in KiB. */
    static long residentKib(long pid) {
        return read(Path.of("/proc/" + pid + "/status"))
                .lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }

    private static String[] fields(String stat) {
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    }

    private static List<Long> matching(String file, String text) {
        List<Long> found = new ArrayList<>();
        for (Path process : processes()) {
            for (String part : read(process.resolve(file)).split("\0", -1)) {
                if (part.equals(text)) {
                    found.add(pid(process));
                    break;
                }
            }
        }
        return found;
    }

    private static long pid(Path process) {
        return Long.parseLong(process.getFileName().toString());
    }

    private static List<Path> processes() {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
            all.forEach(found::add);
        } catch (IOException e) {
            throw new IllegalStateException("cannot list /proc", e);
        }
        return found;
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            // it ended between the listing and the look at it
            return "";
        }
    }
}
