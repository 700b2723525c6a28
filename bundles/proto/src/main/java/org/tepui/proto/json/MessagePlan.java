// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.json;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one message type in the order in which they are declared. Made once per type, immutable, shared by
 * all threads.
 */
final class MessagePlan {
    private static final Map<Descriptor, MessagePlan> PLANS = new ConcurrentHashMap<>();

    private final List<FieldPlan> fields;
    private final Map<String, FieldPlan> byName;
    private final List<FieldDescriptor> required;

    private MessagePlan(Descriptor type) {
        List<FieldPlan> plans = new ArrayList<>();
        List<FieldDescriptor> mustHave = new ArrayList<>();
        byName = new HashMap<>();
        for (FieldDescriptor field : type.getFields()) {
            FieldPlan plan = FieldPlan.of(field);
            plans.add(plan);
            byName.put(field.getName(), plan);
            if (field.isRequired()) {
                mustHave.add(field);
            }
        }
        fields = List.copyOf(plans);
        required = List.copyOf(mustHave);
    }

    static MessagePlan of(Descriptor type) {
        MessagePlan plan = PLANS.get(type);
        return plan != null ? plan : PLANS.computeIfAbsent(type, MessagePlan::new);
    }

    List<FieldPlan> fields() {
        return fields;
    }

    @Nullable
    FieldPlan field(String name) {
        return byName.get(name);
    }

    /** Refuses a message that lacks required fields, naming all of them. */
    void requireComplete(Message.Builder message) throws InvalidJsonException {
        for (FieldDescriptor field : required) {
            if (!message.hasField(field)) {
                throw incomplete(message);
            }
        }
    }

    private InvalidJsonException incomplete(Message.Builder message) {
        List<String> missing = new ArrayList<>();
        for (FieldDescriptor field : required) {
            if (!message.hasField(field)) {
                missing.add(field.getName());
            }
        }
        String fieldsMissing = String.join(", ", missing);
        return new InvalidJsonException(
                missing.size() == 1
                        ? "the required field " + fieldsMissing + " is missing"
                        : "the required fields " + fieldsMissing + " are missing");
    }
}
