// SPDX-License-Identifier: Apache-2.0
package org.tepui.api.configuration;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Numbers of bytes as text: a decimal number and a unit in powers of 1024, {@code 64MB} or {@code 1.5GB}. The unit is
 * never left out.
 */
public final class Sizes {
    /** The units, as a message to a user names them. */
    public static final String UNITS = "B, KB, MB, GB or TB";

    private static final Pattern TEXT = Pattern.compile("(\\d{1,19}(?:\\.\\d{1,9})?)\\s*([A-Z]{1,3})");
    private static final BigDecimal LARGEST = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final long KILOBYTE = 1L << 10;
    private static final long MEGABYTE = 1L << 20;
    private static final long GIGABYTE = 1L << 30;
    private static final long TERABYTE = 1L << 40;
    private static final Map<String, Long> BYTES_PER_UNIT = Map.of(
            "B", 1L,
            "KB", KILOBYTE,
            "KIB", KILOBYTE,
            "MB", MEGABYTE,
            "MIB", MEGABYTE,
            "GB", GIGABYTE,
            "GIB", GIGABYTE,
            "TB", TERABYTE,
            "TIB", TERABYTE);

    private Sizes() {}

    /**
     * Reads a number of bytes; a fraction of a byte is dropped.
     *
     * @throws IllegalArgumentException saying what is expected
     */
    public static long parse(String text) {
        Matcher matcher = TEXT.matcher(text.trim().toUpperCase(Locale.ROOT));
        Long unit = matcher.matches() ? BYTES_PER_UNIT.get(matcher.group(2)) : null;
        if (unit == null) {
            throw new IllegalArgumentException(
                    "a number with a unit is expected, 64MB for instance; units are " + UNITS);
        }
        BigDecimal bytes = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit));
        if (bytes.compareTo(LARGEST) > 0) {
            throw new IllegalArgumentException("at most " + format(Long.MAX_VALUE) + " are allowed");
        }
        return bytes.longValue();
    }

    /**
     * Writes a number of bytes, at least 0, with the largest unit that divides it, so that {@link #parse} reads the
     * same.
     */
    public static String format(long bytes) {
        String[] names = {"TB", "GB", "MB", "KB"};
        long[] sizes = {TERABYTE, GIGABYTE, MEGABYTE, KILOBYTE};
        for (int i = 0; i < names.length; i++) {
            if (bytes != 0 && bytes % sizes[i] == 0) {
                return bytes / sizes[i] + names[i];
            }
        }
        return bytes + "B";
    }
}
