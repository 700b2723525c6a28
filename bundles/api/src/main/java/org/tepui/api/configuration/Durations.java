// SPDX-License-Identifier: Apache-2.0
package org.tepui.api.configuration;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as text: a decimal number and a unit, {@code 15s}, {@code 1.5min} or {@code 200ms}. The unit is never left
 * out.
 */
public final class Durations {
    /** The units, as a message to a user names them. */
    public static final String UNITS = "ns, us, ms, s, min, h, d or w";

    private static final Pattern TEXT = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,9})?)\\s*([a-z]{1,5})");
    private static final BigDecimal LONGEST_NANOSECONDS = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final long MICROSECOND = 1_000;
    private static final long MILLISECOND = 1_000 * MICROSECOND;
    private static final long SECOND = 1_000 * MILLISECOND;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;
    private static final long WEEK = 7 * DAY;

    /** The short units, and the longer ones that Mesos' flags use. */
    private static final Map<String, Long> NANOSECONDS_PER_UNIT = Map.ofEntries(
            Map.entry("ns", 1L),
            Map.entry("us", MICROSECOND),
            Map.entry("ms", MILLISECOND),
            Map.entry("s", SECOND),
            Map.entry("sec", SECOND),
            Map.entry("secs", SECOND),
            Map.entry("min", MINUTE),
            Map.entry("mins", MINUTE),
            Map.entry("h", HOUR),
            Map.entry("hr", HOUR),
            Map.entry("hrs", HOUR),
            Map.entry("d", DAY),
            Map.entry("day", DAY),
            Map.entry("days", DAY),
            Map.entry("w", WEEK),
            Map.entry("week", WEEK),
            Map.entry("weeks", WEEK));

    private Durations() {}

    /**
     * Reads a duration of 0 to 292 years.
     *
     * @throws IllegalArgumentException saying what is expected
     */
    public static Duration parse(String text) {
        Matcher matcher = TEXT.matcher(text.trim().toLowerCase(Locale.ROOT));
        Long unit = matcher.matches() ? NANOSECONDS_PER_UNIT.get(matcher.group(2)) : null;
        if (unit == null) {
            throw new IllegalArgumentException(
                    "a number with a unit is expected, 15s for instance; units are " + UNITS);
        }
        BigDecimal nanoseconds = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit));
        if (nanoseconds.compareTo(LONGEST_NANOSECONDS) > 0) {
            throw new IllegalArgumentException("at most 292 years are allowed");
        }
        return Duration.ofNanos(nanoseconds.longValue());
    }

    /** Writes a duration with the largest unit that divides it, so that {@link #parse} reads the same. */
    public static String format(Duration duration) {
        long nanoseconds = duration.toNanos();
        if (nanoseconds == 0) {
            return "0s";
        }
        String[] names = {"w", "d", "h", "min", "s", "ms", "us"};
        long[] sizes = {WEEK, DAY, HOUR, MINUTE, SECOND, MILLISECOND, MICROSECOND};
        for (int i = 0; i < names.length; i++) {
            if (nanoseconds % sizes[i] == 0) {
                return nanoseconds / sizes[i] + names[i];
            }
        }
        return nanoseconds + "ns";
    }
}
