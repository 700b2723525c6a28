// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the values of fields that are no messages: numbers, booleans, strings, bytes and enums. */
final class ScalarReader {
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");
    private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,20}");
    /** Up to here each integer is a double and no other integer has the same double. */
    private static final double EXACT_INTEGERS = 1L << 53;

    private static final BigInteger LARGEST_UNSIGNED =
            BigInteger.ONE.shiftLeft(Long.SIZE).subtract(BigInteger.ONE);

    private final JsonParser parser;

    ScalarReader(JsonParser parser) {
        this.parser = parser;
    }

    /**
     * The value of the current token, or null for a name that the enum of an optional or repeated field does not have.
     */
    @Nullable
    Object value(FieldPlan field) throws IOException, InvalidJsonException {
        return switch (field.type()) {
            case STRING -> string(field);
            case BYTES -> bytes(field);
            case BOOL -> bool(field);
            case ENUM -> enumValue(field);
            case DOUBLE -> decimal(field);
            case FLOAT -> (float) decimal(field);
            default -> integer(field, number(field));
        };
    }

    /** The key of a map, which JSON writes as a name. */
    Object key(FieldPlan field, String name) throws InvalidJsonException {
        return switch (field.type()) {
            case STRING -> wellFormed(name);
            case BOOL -> bool(field, name);
            default -> integer(field, numberIn(field, name));
        };
    }

    private String string(FieldPlan field) throws IOException, InvalidJsonException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw unexpected(field);
        }
        return wellFormed(parser.getText());
    }

    /** Half a surrogate pair can be written in JSON and in no UTF-8: it would not come back as it went. */
    private static String wellFormed(String text) throws InvalidJsonException {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                boolean pair = Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    throw new InvalidJsonException(
                            "half a surrogate pair at position " + i + ": Unicode text is expected");
                }
                i++;
            }
        }
        return text;
    }

    private ByteString bytes(FieldPlan field) throws IOException, InvalidJsonException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw unexpected(field);
        }
        try {
            return ByteString.copyFrom(Base64.getDecoder().decode(parser.getText()));
        } catch (IllegalArgumentException e) {
            throw unexpected(field);
        }
    }

    private boolean bool(FieldPlan field) throws IOException, InvalidJsonException {
        return switch (parser.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_STRING -> bool(field, parser.getText());
            default -> throw unexpected(field);
        };
    }

    private static boolean bool(FieldPlan field, String text) throws InvalidJsonException {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw wrong(text, field);
        };
    }

    private @Nullable EnumValueDescriptor enumValue(FieldPlan field) throws IOException, InvalidJsonException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw unexpected(field);
        }
        EnumValueDescriptor value = field.descriptor().getEnumType().findValueByName(parser.getText());
        if (value == null && field.descriptor().isRequired()) {
            throw unexpected(field);
        }
        return value;
    }

    private double decimal(FieldPlan field) throws IOException, InvalidJsonException {
        String text = parser.getText();
        double value;
        switch (parser.currentToken()) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> value = parser.getDoubleValue();
            case VALUE_STRING -> {
                if (text.equals("Infinity")) {
                    return Double.POSITIVE_INFINITY;
                }
                if (text.equals("-Infinity")) {
                    return Double.NEGATIVE_INFINITY;
                }
                value = NUMBER.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
            }
            default -> throw unexpected(field);
        }
        boolean tooLarge = field.type() == FieldDescriptor.Type.FLOAT && Math.abs(value) > Float.MAX_VALUE;
        if (!Double.isFinite(value) || tooLarge) {
            throw wrong(text, field);
        }
        return value;
    }

    private BigInteger number(FieldPlan field) throws IOException, InvalidJsonException {
        return switch (parser.currentToken()) {
            case VALUE_NUMBER_INT ->
                parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                        ? parser.getBigIntegerValue()
                        : BigInteger.valueOf(parser.getLongValue());
            case VALUE_NUMBER_FLOAT -> whole(field, parser.getText(), parser.getDoubleValue());
            case VALUE_STRING -> numberIn(field, parser.getText());
            default -> throw unexpected(field);
        };
    }

    private static BigInteger numberIn(FieldPlan field, String text) throws InvalidJsonException {
        if (INTEGER.matcher(text).matches()) {
            return new BigInteger(text);
        }
        if (NUMBER.matcher(text).matches()) {
            return whole(field, text, Double.parseDouble(text));
        }
        throw wrong(text, field);
    }

    /** A number with a point or an exponent that is an integer all the same, such as 5050.0. */
    private static BigInteger whole(FieldPlan field, String text, double value) throws InvalidJsonException {
        if (value != Math.rint(value) || Math.abs(value) > EXACT_INTEGERS) {
            throw wrong(text, field);
        }
        return BigInteger.valueOf((long) value);
    }

    private static Object integer(FieldPlan field, BigInteger value) throws InvalidJsonException {
        boolean fits = switch (field.type()) {
            case INT32, SINT32, SFIXED32 -> value.bitLength() < Integer.SIZE;
            case UINT32, FIXED32 -> value.signum() >= 0 && value.bitLength() <= Integer.SIZE;
            case INT64, SINT64, SFIXED64 -> value.bitLength() < Long.SIZE;
            default -> value.signum() >= 0 && value.bitLength() <= Long.SIZE;
        };
        if (!fits) {
            throw wrong(value.toString(), field);
        }
        boolean isInt = field.descriptor().getJavaType() == FieldDescriptor.JavaType.INT;
        if (isInt) {
            return value.intValue();
        }
        return value.longValue();
    }

    private InvalidJsonException unexpected(FieldPlan field) throws IOException {
        return new InvalidJsonException(unexpected(parser, allowed(field)));
    }

    private static InvalidJsonException wrong(String text, FieldPlan field) {
        return new InvalidJsonException(
                "'" + InvalidJsonException.shown(text) + "' is not allowed: " + allowed(field) + " is expected");
    }

    /** What was found at the current token, and what is allowed there. */
    static String unexpected(JsonParser parser, String allowed) throws IOException {
        String found = switch (parser.currentToken()) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            default -> "'" + InvalidJsonException.shown(parser.getText()) + "'";
        };
        return found + " is not allowed: " + allowed + " is expected";
    }

    /** What a field takes, in words. */
    static String allowed(FieldPlan field) {
        return switch (field.type()) {
            case STRING -> "a string";
            case BYTES -> "a base64 string";
            case BOOL -> "true or false";
            case ENUM -> "one of " + enumNames(field);
            case DOUBLE, FLOAT -> "a finite number, \"Infinity\" or \"-Infinity\"";
            case INT32, SINT32, SFIXED32 -> "an integer from " + Integer.MIN_VALUE + " to " + Integer.MAX_VALUE;
            case UINT32, FIXED32 -> "an integer from 0 to " + Integer.toUnsignedString(-1);
            case INT64, SINT64, SFIXED64 -> "an integer from " + Long.MIN_VALUE + " to " + Long.MAX_VALUE;
            case UINT64, FIXED64 -> "an integer from 0 to " + LARGEST_UNSIGNED;
            case MESSAGE, GROUP -> "an object";
        };
    }

    private static String enumNames(FieldPlan field) {
        StringBuilder names = new StringBuilder();
        for (EnumValueDescriptor value : field.descriptor().getEnumType().getValues()) {
            names.append(names.isEmpty() ? "" : ", ").append(value.getName());
        }
        return names.toString();
    }
}
