// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tepui.proto.random.MessageTypes;
import org.tepui.proto.random.RandomMessages;

/** Random messages go through the published classes and ours without loss, in both directions. */
class PublishedWireTest {
    private static final int INSTANCES = 20;
    private static final int DEPTH = 4;

    @Test
    void ourMessagesComeBackFromThePublishedClasses() throws Exception {
        RandomMessages random = new RandomMessages(new Random(1), DEPTH);
        List<Message> prototypes = MessageTypes.prototypes(MessageTypes.V1);
        assertThat(prototypes).hasSizeGreaterThan(300);

        for (Message prototype : prototypes) {
            String name = prototype.getDescriptorForType().getFullName();
            for (int i = 0; i < INSTANCES; i++) {
                Message ours = random.like(prototype);
                org.apache.mesos.protobuf.Message theirs = MesosArtifact.parse(name, ours.toByteArray());
                assertUnderstood(theirs);
                assertThat(prototype.getParserForType().parseFrom(theirs.toByteArray()))
                        .as(name)
                        .isEqualTo(ours);
            }
        }
    }

    @Test
    void publishedMessagesComeBackFromOurClasses() throws Exception {
        Map<String, Message> ours = new HashMap<>();
        MessageTypes.prototypes(MessageTypes.V1)
                .forEach(prototype -> ours.put(prototype.getDescriptorForType().getFullName(), prototype));
        RandomMessages random = new RandomMessages(new Random(2), DEPTH);
        int types = 0;

        for (Descriptor type : publishedTypes()) {
            types++;
            Message prototype = Objects.requireNonNull(ours.get(type.getFullName()), type.getFullName());
            for (int i = 0; i < INSTANCES; i++) {
                DynamicMessage described = random.of(type);
                org.apache.mesos.protobuf.Message theirs =
                        MesosArtifact.parse(type.getFullName(), described.toByteArray());
                assertUnderstood(theirs);
                Message between = prototype.getParserForType().parseFrom(theirs.toByteArray());
                assertUnderstood(between);
                assertThat(MesosArtifact.parse(type.getFullName(), between.toByteArray()))
                        .as(type.getFullName())
                        .isEqualTo(theirs);
            }
        }
        assertThat(types).isEqualTo(ours.size());
    }

    private static List<Descriptor> publishedTypes() throws Exception {
        List<Descriptor> types = new ArrayList<>();
        for (FileDescriptor file : MesosArtifact.linked()) {
            file.getMessageTypes().forEach(type -> collect(type, types));
        }
        return types;
    }

    private static void collect(Descriptor type, List<Descriptor> types) {
        if (!type.getOptions().getMapEntry()) {
            types.add(type);
            type.getNestedTypes().forEach(nested -> collect(nested, types));
        }
    }

    /** Nothing travelled as an unknown field: that would come back too, and show nothing. */
    private static void assertUnderstood(org.apache.mesos.protobuf.Message message) {
        assertThat(message.getUnknownFields().asMap()).isEmpty();
        for (Object value : message.getAllFields().values()) {
            for (Object each : value instanceof List<?> list ? list : List.of(value)) {
                if (each instanceof org.apache.mesos.protobuf.Message nested) {
                    assertUnderstood(nested);
                }
            }
        }
    }

    private static void assertUnderstood(Message message) {
        assertThat(message.getUnknownFields().asMap()).isEmpty();
        for (Object value : message.getAllFields().values()) {
            for (Object each : value instanceof List<?> list ? list : List.of(value)) {
                if (each instanceof Message nested) {
                    assertUnderstood(nested);
                }
            }
        }
    }
}
