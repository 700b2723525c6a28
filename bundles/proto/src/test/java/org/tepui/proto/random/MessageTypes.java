// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.random;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Message;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** All messages of the v1 API, and Tepui's own. */
public final class MessageTypes {
    /** The files of the v1 API. */
    public static final List<FileDescriptor> V1 = List.of(
            org.tepui.v1.TaskInfo.getDescriptor().getFile(),
            org.tepui.v1.scheduler.Call.getDescriptor().getFile(),
            org.tepui.v1.executor.Call.getDescriptor().getFile(),
            org.tepui.v1.master.Call.getDescriptor().getFile(),
            org.tepui.v1.agent.Call.getDescriptor().getFile(),
            org.tepui.v1.allocator.InverseOfferStatus.getDescriptor().getFile(),
            org.tepui.v1.maintenance.Schedule.getDescriptor().getFile(),
            org.tepui.v1.quota.QuotaConfig.getDescriptor().getFile(),
            org.tepui.v1.resourceprovider.Call.getDescriptor().getFile());

    /** The files of Tepui's own messages. */
    public static final List<FileDescriptor> TEPUI = List.of(
            org.tepui.proto.internal.RunTasks.getDescriptor().getFile(),
            org.tepui.proto.operator.Call.getDescriptor().getFile(),
            org.tepui.proto.transport.Envelope.getDescriptor().getFile());

    private MessageTypes() {}

    /** The default instances of all messages in these files, nested ones included, map entries left out. */
    public static List<Message> prototypes(List<FileDescriptor> files) {
        return files.stream()
                .flatMap(file -> file.getMessageTypes().stream())
                .flatMap(MessageTypes::withNested)
                .map(type -> prototype(className(type)))
                .toList();
    }

    /** The default instance of a generated class. */
    public static Message prototype(String className) {
        try {
            Method method = Class.forName(className).getMethod("getDefaultInstance");
            return (Message) method.invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(className, e);
        }
    }

    private static Stream<Descriptor> withNested(Descriptor type) {
        if (type.getOptions().getMapEntry()) {
            return Stream.empty();
        }
        return Stream.concat(Stream.of(type), type.getNestedTypes().stream().flatMap(MessageTypes::withNested));
    }

    private static String className(Descriptor type) {
        List<String> names = new ArrayList<>();
        for (Descriptor at = type; at != null; at = at.getContainingType()) {
            names.add(0, at.getName());
        }
        return type.getFile().getOptions().getJavaPackage() + "." + String.join("$", names);
    }
}
