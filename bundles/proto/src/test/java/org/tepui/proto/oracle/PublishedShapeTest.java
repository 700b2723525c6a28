// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.tepui.proto.random.MessageTypes;

/** Our messages and those that Mesos published, fact by fact. */
class PublishedShapeTest {
    @Test
    void everyMessageFieldAndEnumValueIsThatOfThePublishedArtifact() throws Exception {
        Map<String, FileDescriptorProto> ours = new LinkedHashMap<>();
        for (FileDescriptor file : MessageTypes.V1) {
            ours.put(file.getPackage(), file.toProto());
        }
        Map<String, String> published = facts(MesosArtifact.files());

        assertThat(facts(ours)).isEqualTo(published);
        assertThat(published).hasSizeGreaterThan(1500);
    }

    /** One line per message, field, oneof, enum and enum value, by full name. */
    private static Map<String, String> facts(Map<String, FileDescriptorProto> files) {
        Map<String, String> facts = new TreeMap<>();
        files.forEach((name, file) -> {
            file.getMessageTypeList().forEach(type -> message(name, type, facts));
            file.getEnumTypeList().forEach(type -> enumeration(name, type, facts));
            facts.put(
                    name,
                    "services " + file.getServiceCount() + ", extensions " + file.getExtensionCount() + ", syntax "
                            + file.getSyntax());
        });
        return facts;
    }

    private static void message(String scope, DescriptorProto type, Map<String, String> facts) {
        String name = scope + "." + type.getName();
        facts.put(
                name,
                "message " + type.getOptions() + ranges(type) + type.getReservedRangeList()
                        + type.getReservedNameList());
        for (FieldDescriptorProto field : type.getFieldList()) {
            facts.put(name + "." + field.getName(), field(type, field));
        }
        type.getNestedTypeList().forEach(nested -> message(name, nested, facts));
        type.getEnumTypeList().forEach(nested -> enumeration(name, nested, facts));
    }

    private static String ranges(DescriptorProto type) {
        return " extensions " + type.getExtensionCount() + type.getExtensionRangeList();
    }

    private static String field(DescriptorProto type, FieldDescriptorProto field) {
        return String.join(
                " ",
                String.valueOf(field.getNumber()),
                field.getLabel().name(),
                field.getType().name(),
                field.getTypeName(),
                field.hasDefaultValue() ? "default " + field.getDefaultValue() : "no default",
                field.hasOneofIndex()
                        ? "oneof " + type.getOneofDecl(field.getOneofIndex()).getName()
                        : "",
                field.getOptions().toString());
    }

    private static void enumeration(String scope, EnumDescriptorProto type, Map<String, String> facts) {
        String name = scope + "." + type.getName();
        facts.put(name, "enum " + type.getOptions());
        type.getValueList()
                .forEach(value -> facts.put(
                        name + "." + value.getName(), "value " + value.getNumber() + " " + value.getOptions()));
        // what a parser returns for an unset field without default
        facts.put(name + " first", type.getValue(0).getName());
    }
}
