// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.oracle;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.lang.reflect.Method;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What Apache Mesos published, seen through reflection: its classes bring a protobuf runtime of their own. */
final class MesosArtifact {
    private static final List<String> PACKAGES = List.of(
            "",
            "quota.",
            "allocator.",
            "maintenance.",
            "scheduler.",
            "executor.",
            "master.",
            "agent.",
            "resource_provider.");

    private MesosArtifact() {}

    /** The published files by their protobuf package, as their own runtime describes them. */
    static Map<String, FileDescriptorProto> files() throws Exception {
        Map<String, FileDescriptorProto> files = new LinkedHashMap<>();
        for (String name : PACKAGES) {
            org.apache.mesos.protobuf.Descriptors.FileDescriptor file =
                    (org.apache.mesos.protobuf.Descriptors.FileDescriptor)
                            Class.forName("org.apache.mesos.v1." + name + "Protos")
                                    .getMethod("getDescriptor")
                                    .invoke(null);
            FileDescriptorProto described =
                    FileDescriptorProto.parseFrom(file.toProto().toByteArray());
            files.put(described.getPackage(), described);
        }
        return files;
    }

    /** The same files for our runtime, from which messages can be made by their description alone. */
    static List<FileDescriptor> linked() throws Exception {
        Map<String, FileDescriptor> linked = new LinkedHashMap<>();
        linked.put(
                "google/protobuf/duration.proto",
                com.google.protobuf.Duration.getDescriptor().getFile());
        for (FileDescriptorProto file : files().values()) {
            linked.put(file.getName(), link(file, linked));
        }
        linked.remove("google/protobuf/duration.proto");
        return List.copyOf(linked.values());
    }

    private static FileDescriptor link(FileDescriptorProto file, Map<String, FileDescriptor> known)
            throws DescriptorValidationException {
        FileDescriptor[] dependencies =
                file.getDependencyList().stream().map(known::get).toArray(FileDescriptor[]::new);
        return FileDescriptor.buildFrom(file, dependencies);
    }

    /** Parses the bytes with the published class of this full name and returns its message. */
    static org.apache.mesos.protobuf.Message parse(String fullName, byte[] bytes) throws Exception {
        String inner = fullName.substring("mesos.v1.".length());
        int split = 0;
        for (String name : PACKAGES) {
            if (!name.isEmpty() && inner.startsWith(name)) {
                split = name.length();
            }
        }
        String className = "org.apache.mesos.v1." + inner.substring(0, split) + "Protos$"
                + inner.substring(split).replace('.', '$');
        Method parseFrom = Class.forName(className).getMethod("parseFrom", byte[].class);
        return (org.apache.mesos.protobuf.Message) parseFrom.invoke(null, (Object) bytes);
    }
}
