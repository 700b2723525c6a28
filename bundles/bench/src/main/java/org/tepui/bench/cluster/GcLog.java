// SPDX-License-Identifier: Apache-2.0
package org.tepui.bench.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tepui.bench.report.BenchException;

/** What a JVM wrote about its collections: the heap in use is only known right after one. */
record GcLog(Path file) {
    private static final Pattern COLLECTION = Pattern.compile("(\\d+)M->(\\d+)M\\((\\d+)M\\) ([\\d.]+)ms");
    private static final int AFTER = 2;
    private static final int PAUSE = 4;

    /** What makes a JVM write it. */
    String javaOption() {
        return "-Xlog:gc:file=" + file;
    }

    /** Used after the last collection, in MB; 0 before the first. */
    double usedMegabytes() throws BenchException {
        double used = 0;
        for (String line : lines()) {
            Matcher matcher = COLLECTION.matcher(line);
            if (matcher.find()) {
                used = Double.parseDouble(matcher.group(AFTER));
            }
        }
        return used;
    }

    /** The longest pause, in ms. */
    double longestPauseMillis() throws BenchException {
        double longest = 0;
        for (String line : lines()) {
            Matcher matcher = COLLECTION.matcher(line);
            if (matcher.find()) {
                longest = Math.max(longest, Double.parseDouble(matcher.group(PAUSE)));
            }
        }
        return longest;
    }

    private Iterable<String> lines() throws BenchException {
        try {
            return Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new BenchException("cannot read what the JVM wrote about collections: " + e.getMessage(), e);
        }
    }
}
