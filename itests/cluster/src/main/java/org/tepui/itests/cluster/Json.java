// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.cluster;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON as a program of another language sees it.
 *
 * @param value a map, a list, a string, a number, a boolean or null
 */
public record Json(@Nullable Object value) {
    private static final JsonFactory FACTORY = new JsonFactory();

    /** Reads exactly one value. */
    public static Json parse(String text) throws IOException {
        try (JsonParser parser = FACTORY.createParser(text)) {
            Json json = new Json(read(parser, parser.nextToken()));
            if (parser.nextToken() != null) {
                throw new IOException("more than one value: " + text);
            }
            return json;
        }
    }

    /** The value under a name of an object; {@code null} inside where there is none. */
    public Json at(String name) {
        return new Json(value instanceof Map<?, ?> object ? object.get(name) : null);
    }

    /** The elements of a list; none where this is no list. */
    public List<Json> list() {
        List<Json> elements = new ArrayList<>();
        if (value instanceof List<?> list) {
            list.forEach(element -> elements.add(new Json(element)));
        }
        return elements;
    }

    /** The text of a string or number. */
    public String text() {
        return String.valueOf(value);
    }

    /** The value of a number. */
    public double number() {
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        throw new AssertionError("not a number: " + value);
    }

    private static @Nullable Object read(JsonParser parser, @Nullable JsonToken token) throws IOException {
        if (token == null) {
            throw new IOException("no value");
        }
        return switch (token) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> object = new LinkedHashMap<>();
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String name = parser.currentName();
                    object.put(name, read(parser, parser.nextToken()));
                }
                yield object;
            }
            case START_ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>();
                for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                    list.add(read(parser, next));
                }
                yield list;
            }
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw new IOException("unexpected " + token);
        };
    }
}
