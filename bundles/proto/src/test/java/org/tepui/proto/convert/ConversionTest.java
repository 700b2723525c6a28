// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tepui.api.AgentCapability;
import org.tepui.api.AgentId;
import org.tepui.api.ContainerId;
import org.tepui.api.ExecutorId;
import org.tepui.api.FaultDomain;
import org.tepui.api.FrameworkCapability;
import org.tepui.api.FrameworkId;
import org.tepui.api.OfferId;
import org.tepui.api.TaskId;
import org.tepui.api.TaskState;
import org.tepui.api.resources.Attribute;
import org.tepui.v1.AgentInfo;
import org.tepui.v1.DomainInfo;
import org.tepui.v1.FrameworkInfo;
import org.tepui.v1.TaskID;
import org.tepui.v1.Value;

class ConversionTest {
    @Test
    void idsGoBothWays() {
        assertThat(IdConversion.toApi(IdConversion.toWire(new AgentId("a")))).isEqualTo(new AgentId("a"));
        assertThat(IdConversion.toApi(IdConversion.toWire(new ContainerId("c"))))
                .isEqualTo(new ContainerId("c"));
        assertThat(IdConversion.toApi(IdConversion.toWire(new ExecutorId("e")))).isEqualTo(new ExecutorId("e"));
        assertThat(IdConversion.toApi(IdConversion.toWire(new FrameworkId("f"))))
                .isEqualTo(new FrameworkId("f"));
        assertThat(IdConversion.toApi(IdConversion.toWire(new OfferId("o")))).isEqualTo(new OfferId("o"));
        assertThat(IdConversion.toApi(IdConversion.toWire(new TaskId("t")))).isEqualTo(new TaskId("t"));
    }

    @Test
    void idsThatBreakTheRulesAreRefused() {
        assertThatThrownBy(() ->
                        IdConversion.toApi(TaskID.newBuilder().setValue("a/b").build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("task id 'a/b'");
    }

    @ParameterizedTest
    @EnumSource
    void statesOfTheWireHaveTheSameName(org.tepui.v1.TaskState state) {
        TaskState converted = StateConversion.toApi(state);
        assertThat("TASK_" + converted.name()).isEqualTo(state.name());
        assertThat(StateConversion.toWire(converted)).isEqualTo(state);
    }

    @Test
    void thereAreAsManyStatesOnBothSides() {
        Set<org.tepui.v1.TaskState> wire = new HashSet<>();
        for (TaskState state : TaskState.values()) {
            wire.add(StateConversion.toWire(state));
        }
        assertThat(wire).hasSameSizeAs(TaskState.values()).hasSameSizeAs(org.tepui.v1.TaskState.values());
    }

    @Test
    void capabilitiesGoBothWays() {
        FrameworkInfo framework = FrameworkInfo.newBuilder()
                .setUser("u")
                .setName("n")
                .addAllCapabilities(CapabilityConversion.frameworkToWire(EnumSet.allOf(FrameworkCapability.class)))
                .build();
        assertThat(framework.getCapabilitiesList())
                .extracting(each -> each.getType().name())
                .containsExactlyElementsOf(EnumSet.allOf(FrameworkCapability.class).stream()
                        .map(Enum::name)
                        .toList());
        assertThat(CapabilityConversion.toApi(framework)).containsExactly(FrameworkCapability.values());
        assertThat(CapabilityConversion.toApi(CapabilityConversion.agentToWire(EnumSet.allOf(AgentCapability.class))))
                .containsExactly(AgentCapability.values());
    }

    @Test
    void capabilitiesThatAreNotKnownAreLeftOut() {
        FrameworkInfo framework = FrameworkInfo.newBuilder()
                .setUser("u")
                .setName("n")
                .addCapabilities(FrameworkInfo.Capability.getDefaultInstance())
                .addCapabilities(
                        FrameworkInfo.Capability.newBuilder().setType(FrameworkInfo.Capability.Type.PARTITION_AWARE))
                .build();
        assertThat(CapabilityConversion.toApi(framework)).containsExactly(FrameworkCapability.PARTITION_AWARE);
        assertThat(CapabilityConversion.toApi(List.of(AgentInfo.Capability.getDefaultInstance())))
                .isEmpty();
    }

    @Test
    void faultDomainsGoBothWays() {
        FaultDomain domain = new FaultDomain("eu", "eu-1");
        assertThat(CapabilityConversion.toApi(CapabilityConversion.toWire(domain)))
                .isEqualTo(domain);
        assertThat(CapabilityConversion.toApi(DomainInfo.getDefaultInstance())).isNull();
    }

    @Test
    void attributesGoBothWays() {
        List<Attribute> attributes = Attribute.parse("rack:r12;speed:2.5;lanes:[1-4];zones:{a,b}");
        List<org.tepui.v1.Attribute> wire = AttributeConversion.toWire(attributes);
        assertThat(AttributeConversion.toApi(wire)).isEqualTo(attributes);
        assertThat(wire)
                .extracting(org.tepui.v1.Attribute::getType)
                .containsExactly(Value.Type.TEXT, Value.Type.SCALAR, Value.Type.RANGES, Value.Type.SET);
    }

    @Test
    void attributesWithoutTheirValueAreRefusedWithTheirPlace() {
        for (Value.Type type : Value.Type.values()) {
            org.tepui.v1.Attribute empty = org.tepui.v1.Attribute.newBuilder()
                    .setName("a")
                    .setType(type)
                    .build();
            assertThatThrownBy(() -> AttributeConversion.toApi(List.of(empty)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("attributes[0]: a value of type " + type + " is expected, and no other; given is none");
        }
    }
}
