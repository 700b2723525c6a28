// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.validation;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The shape that all calls share: a field {@code type}, and for most types a field of the same name in lower case
 * that must be present.
 *
 * <p>Which field a type needs is read from the descriptor, so a type that is added to the .proto file is checked at
 * once.
 */
final class CallShape {
    private final FieldDescriptor type;
    private final Map<EnumValueDescriptor, FieldDescriptor> arguments = new HashMap<>();

    /**
     * @param call the type of the call
     * @param mayLackArguments the types whose arguments may be left out
     */
    CallShape(Descriptor call, Set<String> mayLackArguments) {
        type = call.findFieldByName("type");
        for (EnumValueDescriptor value : type.getEnumType().getValues()) {
            FieldDescriptor field = call.findFieldByName(value.getName().toLowerCase(Locale.ROOT));
            if (field != null && !mayLackArguments.contains(value.getName())) {
                arguments.put(value, field);
            }
        }
    }

    /** What is missing: a required field anywhere, the type, or the arguments of the type. */
    Optional<String> problem(Message call) {
        if (!call.isInitialized()) {
            return Optional.of("Not initialized: the required fields " + missing(call) + " are missing");
        }
        if (!call.hasField(type)) {
            return Optional.of("Expecting 'type' to be present");
        }
        FieldDescriptor argument = arguments.get((EnumValueDescriptor) call.getField(type));
        return argument == null || call.hasField(argument) ? Optional.empty() : expecting(argument.getName());
    }

    static Optional<String> expecting(String field) {
        return Optional.of("Expecting '" + field + "' to be present");
    }

    private static String missing(Message call) {
        List<String> paths = call.findInitializationErrors();
        return String.join(", ", paths.subList(0, Math.min(paths.size(), 10)));
    }
}
