// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Message;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes a message as a stream of JSON tokens. One per document. */
final class JsonWriter {
    private final JsonGenerator generator;

    JsonWriter(JsonGenerator generator) {
        this.generator = generator;
    }

    void message(Message message) throws IOException {
        generator.writeStartObject();
        for (FieldPlan field : MessagePlan.of(message.getDescriptorForType()).fields()) {
            if (field.shape() != FieldPlan.Shape.SINGLE) {
                values(message, field);
            } else {
                Object value = message.hasField(field.descriptor())
                        ? message.getField(field.descriptor())
                        : field.writtenDefault();
                if (value != null) {
                    generator.writeFieldName(field.name());
                    value(field, value);
                }
            }
        }
        generator.writeEndObject();
    }

    private void values(Message message, FieldPlan field) throws IOException {
        if (message.getRepeatedFieldCount(field.descriptor()) == 0) {
            return;
        }
        List<?> values = (List<?>) message.getField(field.descriptor());
        generator.writeFieldName(field.name());
        if (field.shape() == FieldPlan.Shape.MAP) {
            entries(field, values);
            return;
        }
        generator.writeStartArray();
        for (Object value : values) {
            value(field, value);
        }
        generator.writeEndArray();
    }

    private void entries(FieldPlan field, List<?> entries) throws IOException {
        FieldPlan key = Objects.requireNonNull(field.key());
        FieldPlan value = Objects.requireNonNull(field.value());
        generator.writeStartObject();
        for (Object each : entries) {
            Message entry = (Message) each;
            generator.writeFieldName(keyText(key, entry.getField(key.descriptor())));
            value(value, entry.getField(value.descriptor()));
        }
        generator.writeEndObject();
    }

    private static String keyText(FieldPlan field, @Nullable Object key) {
        return switch (field.type()) {
            case UINT32, FIXED32 -> Integer.toUnsignedString((Integer) Objects.requireNonNull(key));
            case UINT64, FIXED64 -> Long.toUnsignedString((Long) Objects.requireNonNull(key));
            default -> String.valueOf(key);
        };
    }

    private void value(FieldPlan field, Object value) throws IOException {
        switch (field.type()) {
            case STRING -> generator.writeString((String) value);
            case BYTES -> generator.writeString(Base64.getEncoder().encodeToString(((ByteString) value).toByteArray()));
            case BOOL -> generator.writeBoolean((Boolean) value);
            case ENUM -> generator.writeString(((EnumValueDescriptor) value).getName());
            // infinite values and NaN are no JSON numbers: the generator writes them as strings
            case DOUBLE -> generator.writeNumber((Double) value);
            case FLOAT -> generator.writeNumber((Float) value);
            case INT32, SINT32, SFIXED32 -> generator.writeNumber((Integer) value);
            case UINT32, FIXED32 -> generator.writeNumber(Integer.toUnsignedLong((Integer) value));
            case INT64, SINT64, SFIXED64 -> generator.writeNumber((Long) value);
            case UINT64, FIXED64 -> unsigned((Long) value);
            case MESSAGE, GROUP -> message((Message) value);
        }
    }

    private void unsigned(long value) throws IOException {
        if (value >= 0) {
            generator.writeNumber(value);
        } else {
            generator.writeNumber(Long.toUnsignedString(value));
        }
    }
}
