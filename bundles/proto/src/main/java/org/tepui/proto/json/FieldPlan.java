// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.json;

import com.fasterxml.jackson.core.io.SerializedString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * What the codec has to know of one field, worked out once.
 *
 * @param descriptor the field
 * @param type its type on the wire
 * @param name its name in JSON
 * @param shape how many values it has
 * @param writtenDefault what is written when the field is unset, null for nothing
 * @param key the plan of a map's keys, null for other fields
 * @param value the plan of a map's values, null for other fields
 */
record FieldPlan(
        FieldDescriptor descriptor,
        FieldDescriptor.Type type,
        SerializedString name,
        Shape shape,
        @Nullable Object writtenDefault,
        @Nullable FieldPlan key,
        @Nullable FieldPlan value) {

    /** How many values a field has. */
    enum Shape {
        SINGLE,
        LIST,
        MAP
    }

    static FieldPlan of(FieldDescriptor field) {
        boolean map = field.isMapField();
        Descriptor entry = map ? field.getMessageType() : null;
        return new FieldPlan(
                field,
                field.getType(),
                new SerializedString(field.getName()),
                map ? Shape.MAP : field.isRepeated() ? Shape.LIST : Shape.SINGLE,
                hasWrittenDefault(field) ? field.getDefaultValue() : null,
                entry == null ? null : of(entry.findFieldByNumber(1)),
                entry == null ? null : of(entry.findFieldByNumber(2)));
    }

    private static boolean hasWrittenDefault(FieldDescriptor field) {
        return !field.isRepeated()
                && field.hasDefaultValue()
                && !field.getOptions().getDeprecated();
    }
}
