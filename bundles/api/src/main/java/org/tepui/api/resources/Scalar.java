// SPDX-License-Identifier: Apache-2.0
package org.tepui.api.resources;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * An amount, exact in thousandths of a unit. One value that comes from outside is at most {@link
 * #MAXIMUM_THOUSANDTHS}, so that the sum over 90,000 agents at that bound still fits.
 *
 * @param thousandths zero or more
 */
public record Scalar(long thousandths) implements ResourceValue {
    /** The most that one value may be: a hundred thousand million units. */
    public static final long MAXIMUM_THOUSANDTHS = 100_000_000_000_000L;

    private static final int MAXIMUM_DIGITS = 40;
    private static final String ALLOWED = "0 to " + MAXIMUM_THOUSANDTHS / 1000 + ", rounded to three decimals";

    /** @throws IllegalArgumentException if negative */
    public Scalar {
        if (thousandths < 0) {
            throw new IllegalArgumentException(format(thousandths) + " is not allowed: " + ALLOWED);
        }
    }

    /**
     * The amount nearest to a floating point value, rounded as Mesos does.
     *
     * @throws IllegalArgumentException if it is negative, too large or not a number
     */
    public static Scalar of(double value) {
        if (!(value >= 0 && value <= MAXIMUM_THOUSANDTHS / 1000.0)) {
            throw new IllegalArgumentException(value + " is not allowed: " + ALLOWED);
        }
        return new Scalar(Math.round(value * 1000));
    }

    /**
     * Reads a decimal number such as {@code 4} or {@code 0.5}.
     *
     * @throws IllegalArgumentException if it is not one, or out of bounds
     */
    public static Scalar parse(String text) {
        if (text.length() > MAXIMUM_DIGITS || !isDecimal(text)) {
            String shown = text.length() > MAXIMUM_DIGITS ? text.substring(0, MAXIMUM_DIGITS) + "..." : text;
            throw new IllegalArgumentException("'" + shown + "' is not allowed: a number such as 4 or 0.5, " + ALLOWED);
        }
        BigDecimal rounded = new BigDecimal(text).movePointRight(3).setScale(0, RoundingMode.HALF_UP);
        if (rounded.compareTo(BigDecimal.valueOf(MAXIMUM_THOUSANDTHS)) > 0) {
            throw new IllegalArgumentException("'" + text + "' is too large: " + ALLOWED);
        }
        return new Scalar(rounded.longValueExact());
    }

    private static boolean isDecimal(String text) {
        int digits = 0;
        int points = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9') {
                digits++;
            } else if (c == '.') {
                points++;
            } else {
                return false;
            }
        }
        return digits > 0 && points <= 1;
    }

    /** Writes an amount in thousandths as units, with as many decimals as it needs: {@code 1500} as {@code 1.5}. */
    public static String format(long thousandths) {
        return BigDecimal.valueOf(thousandths, 3).stripTrailingZeros().toPlainString();
    }

    /** The amount in units, as the v1 API carries it. */
    public double units() {
        return thousandths / 1000.0;
    }

    @Override
    public ValueType type() {
        return ValueType.SCALAR;
    }

    @Override
    public boolean isEmpty() {
        return thousandths == 0;
    }

    @Override
    public Scalar plus(ResourceValue other) {
        return new Scalar(Math.addExact(thousandths, ((Scalar) other).thousandths));
    }

    @Override
    public Scalar minus(ResourceValue other) {
        return new Scalar(Math.max(0, thousandths - ((Scalar) other).thousandths));
    }

    @Override
    public boolean contains(ResourceValue other) {
        return thousandths >= ((Scalar) other).thousandths;
    }

    @Override
    public String toString() {
        return format(thousandths);
    }
}
