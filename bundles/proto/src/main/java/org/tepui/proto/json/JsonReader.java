// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Fills a message from a stream of JSON tokens. One per document; the path of an error is built while the call
 * stack unwinds.
 */
final class JsonReader {
    private final JsonParser parser;
    private final ScalarReader scalars;

    JsonReader(JsonParser parser) {
        this.parser = parser;
        this.scalars = new ScalarReader(parser);
    }

    /** Reads the document, which must be one object and nothing after it. */
    void document(Message.Builder message) throws IOException, InvalidJsonException {
        JsonToken first = parser.nextToken();
        if (first != JsonToken.START_OBJECT) {
            throw new InvalidJsonException(
                    first == null ? "the document is empty: an object is expected" : unexpected("an object"));
        }
        message(message);
        if (parser.nextToken() != null) {
            throw new InvalidJsonException("there is more after the object: one object is expected");
        }
    }

    private void message(Message.Builder message) throws IOException, InvalidJsonException {
        MessagePlan plan = MessagePlan.of(message.getDescriptorForType());
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            FieldPlan field = plan.field(name);
            parser.nextToken();
            if (field == null) {
                parser.skipChildren();
                continue;
            }
            try {
                field(message, field);
            } catch (InvalidJsonException e) {
                throw e.within(name);
            }
        }
        plan.requireComplete(message);
    }

    /** Sets one field. A name that occurs twice counts as what it says last, as in Mesos. */
    private void field(Message.Builder message, FieldPlan field) throws IOException, InvalidJsonException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            message.clearField(field.descriptor());
            return;
        }
        switch (field.shape()) {
            case SINGLE -> {
                if (parser.currentToken() == JsonToken.START_ARRAY) {
                    throw new InvalidJsonException(unexpected(ScalarReader.allowed(field)));
                }
                set(message, field, value(message, field));
            }
            case LIST -> {
                List<Object> values = new ArrayList<>();
                elements(message, field, values);
                set(message, field, values);
            }
            case MAP -> set(message, field, entries(message, field));
        }
    }

    private static void set(Message.Builder message, FieldPlan field, @Nullable Object value) {
        if (value == null) {
            message.clearField(field.descriptor());
        } else {
            message.setField(field.descriptor(), value);
        }
    }

    /**
     * Collects the elements of a list. As in Mesos, a value without brackets is a list of one, and lists in lists
     * are flattened.
     */
    private void elements(Message.Builder message, FieldPlan field, List<Object> values)
            throws IOException, InvalidJsonException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            Object value = value(message, field);
            if (value != null) {
                values.add(value);
            }
            return;
        }
        for (int index = 0; parser.nextToken() != JsonToken.END_ARRAY; index++) {
            try {
                elements(message, field, values);
            } catch (InvalidJsonException e) {
                throw e.within(index);
            }
        }
    }

    private List<Message> entries(Message.Builder message, FieldPlan field) throws IOException, InvalidJsonException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new InvalidJsonException(unexpected("an object"));
        }
        FieldPlan keyField = Objects.requireNonNull(field.key());
        FieldPlan valueField = Objects.requireNonNull(field.value());
        Map<Object, Message> entries = new LinkedHashMap<>();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            try {
                Message.Builder entry = message.newBuilderForField(field.descriptor());
                Object key = scalars.key(keyField, name);
                entry.setField(keyField.descriptor(), key);
                parser.nextToken();
                Object value = value(entry, valueField);
                if (value != null) {
                    entry.setField(valueField.descriptor(), value);
                    entries.put(key, entry.build());
                }
            } catch (InvalidJsonException e) {
                throw e.within("[\"" + InvalidJsonException.shown(name) + "\"]");
            }
        }
        return List.copyOf(entries.values());
    }

    /** One value, or null where it counts as absent: null, or a name that the enum does not have. */
    private @Nullable Object value(Message.Builder holder, FieldPlan field) throws IOException, InvalidJsonException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return null;
        }
        if (field.type() != FieldDescriptor.Type.MESSAGE && field.type() != FieldDescriptor.Type.GROUP) {
            return scalars.value(field);
        }
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new InvalidJsonException(unexpected("an object"));
        }
        Message.Builder nested = holder.newBuilderForField(field.descriptor());
        message(nested);
        return nested.buildPartial();
    }

    private String unexpected(String allowed) throws IOException {
        return ScalarReader.unexpected(parser, allowed);
    }
}
