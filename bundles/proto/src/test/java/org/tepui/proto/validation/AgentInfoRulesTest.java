// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.validation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tepui.api.resources.Resources;
import org.tepui.proto.convert.ReservationFormat;
import org.tepui.proto.convert.ResourceConversion;
import org.tepui.v1.AgentID;
import org.tepui.v1.AgentInfo;
import org.tepui.v1.Attribute;
import org.tepui.v1.Value;

class AgentInfoRulesTest {
    private static final int TEN_MILLION = 10_000_000;

    private static AgentInfo.Builder agent() {
        return AgentInfo.newBuilder()
                .setHostname("host1")
                .addAllResources(ResourceConversion.toWire(
                        Resources.parse("cpus:4;mem:1024;ports:[31000-32000]"), ReservationFormat.STACK));
    }

    private static Attribute attribute(String name, String text) {
        return Attribute.newBuilder()
                .setName(name)
                .setType(Value.Type.TEXT)
                .setText(Value.Text.newBuilder().setValue(text))
                .build();
    }

    private static void assertRefused(AgentInfo.Builder info, String reason) {
        assertThat(AgentInfoRules.problem(info.build()))
                .hasValueSatisfying(
                        problem -> assertThat(problem).contains(reason).hasSizeLessThan(400));
    }

    @Test
    void takesAnOrdinaryAgent() {
        assertThat(AgentInfoRules.problem(
                        agent().addAttributes(attribute("rack", "a1")).build()))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\nb"})
    void refusesAHostnameThatIsNone(String hostname) {
        assertRefused(agent().setHostname(hostname), "hostname");
    }

    @Test
    void refusesTextsThatAreTooLong() {
        assertRefused(agent().setHostname("h".repeat(TEN_MILLION)), "bytes: at most 1048576");
        assertRefused(agent().setHostname("h".repeat(300_000)), "hostname 'hhhh");
        assertRefused(agent().addAttributes(attribute("a".repeat(TEN_MILLION), "b")), "bytes: at most 1048576");
        assertRefused(agent().addAttributes(attribute("a".repeat(256), "b")), "attribute name 'aaaa");
        assertRefused(agent().addAttributes(attribute("a", "b".repeat(5000))), "text of 5000 characters is too long");
        assertRefused(agent().setId(AgentID.newBuilder().setValue("i".repeat(TEN_MILLION))), "bytes: at most 1048576");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 65536})
    void refusesAPortThatIsNone(int port) {
        assertRefused(agent().setPort(port), "port " + port + " is not allowed: 1 to 65535");
    }

    @Test
    void refusesTooManyAttributesAndResources() {
        AgentInfo.Builder attributes = agent();
        for (int i = 0; i <= 1000; i++) {
            attributes.addAttributes(attribute("a" + i, "b"));
        }
        assertRefused(attributes, "'attributes' has 1001 entries: at most 1000");
        AgentInfo.Builder resources = agent();
        for (int i = 0; i < 9998; i++) {
            resources.addResources(resources.getResources(0));
        }
        assertRefused(resources, "'resources' has 10001 entries: at most 10000");
    }

    @Test
    void namesTheAttributeOrResourceThatIsWrong() {
        assertRefused(
                agent().addAttributes(attribute("rack", "a1")).addAttributes(attribute("a:b", "")), "attributes[1]");
        assertRefused(
                agent().addResources(agent().getResources(0).toBuilder()
                        .setName("mem")
                        .setScalar(Value.Scalar.newBuilder().setValue(-1))),
                "resources[3] 'mem'");
    }
}
