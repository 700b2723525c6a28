// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import org.junit.jupiter.api.Test;
import org.tepui.v1.CapabilityInfo;
import org.tepui.v1.CommandInfo;
import org.tepui.v1.DurationInfo;
import org.tepui.v1.FrameworkInfo;
import org.tepui.v1.HealthCheck;
import org.tepui.v1.Label;
import org.tepui.v1.MasterInfo;
import org.tepui.v1.Resource;
import org.tepui.v1.Secret;
import org.tepui.v1.TaskID;
import org.tepui.v1.TaskResourceLimitation;
import org.tepui.v1.Value;
import org.tepui.v1.master.Call;
import org.tepui.v1.quota.QuotaConfig;

/** Each rule of writing, one pair by hand. */
class JsonWriteTest {
    private static void written(Message message, String json) {
        assertThat(JsonCodec.standard().toText(message)).isEqualTo(json.replace('\'', '"'));
    }

    @Test
    void namesAreThoseOfTheProtoFiles() {
        written(
                org.tepui.v1.scheduler.Call.newBuilder()
                        .setFrameworkId(org.tepui.v1.FrameworkID.newBuilder().setValue("f"))
                        .build(),
                "{'framework_id':{'value':'f'}}");
    }

    @Test
    void numbersOf64BitsAreNumbers() {
        written(
                DurationInfo.newBuilder().setNanoseconds(9007199254740993L).build(),
                "{'nanoseconds':9007199254740993}");
        written(
                DurationInfo.newBuilder().setNanoseconds(Long.MIN_VALUE).build(),
                "{'nanoseconds':-9223372036854775808}");
        written(Value.Range.newBuilder().setBegin(0).setEnd(-1).build(), "{'begin':0,'end':18446744073709551615}");
    }

    @Test
    void unsignedNumbersOf32BitsStayPositive() {
        written(
                MasterInfo.newBuilder().setId("m").setIp(-1).setPort(5050).build(),
                "{'id':'m','ip':4294967295,'port':5050}");
    }

    @Test
    void fractionsAreShortestAndInfiniteOnesAreStrings() {
        written(Value.Scalar.newBuilder().setValue(0.1).build(), "{'value':0.1}");
        written(Value.Scalar.newBuilder().setValue(4).build(), "{'value':4.0}");
        written(Value.Scalar.newBuilder().setValue(2e-3).build(), "{'value':0.002}");
        written(Value.Scalar.newBuilder().setValue(1e21).build(), "{'value':1.0E21}");
        written(Value.Scalar.newBuilder().setValue(Double.POSITIVE_INFINITY).build(), "{'value':'Infinity'}");
        written(Value.Scalar.newBuilder().setValue(Double.NEGATIVE_INFINITY).build(), "{'value':'-Infinity'}");
        written(Value.Scalar.newBuilder().setValue(Double.NaN).build(), "{'value':'NaN'}");
    }

    @Test
    void enumsAreNamesAndBytesBase64() {
        written(
                CapabilityInfo.newBuilder()
                        .addCapabilities(CapabilityInfo.Capability.CHOWN)
                        .addCapabilities(CapabilityInfo.Capability.KILL)
                        .build(),
                "{'capabilities':['CHOWN','KILL']}");
        written(
                Secret.newBuilder()
                        .setType(Secret.Type.VALUE)
                        .setValue(Secret.Value.newBuilder()
                                .setData(ByteString.copyFrom(new byte[] {0, -1, -2, 'h', 'i'})))
                        .build(),
                "{'type':'VALUE','value':{'data':'AP/+aGk='}}");
    }

    @Test
    void unsetFieldsWithADefaultAreWrittenUnlessDeprecated() {
        written(
                FrameworkInfo.newBuilder().setUser("u").setName("n").build(),
                "{'user':'u','name':'n','failover_timeout':0.0,'checkpoint':false}");
        written(
                HealthCheck.getDefaultInstance(),
                "{'delay_seconds':15.0,'interval_seconds':10.0,'timeout_seconds':20.0,'consecutive_failures':3,"
                        + "'grace_period_seconds':10.0}");
        written(CommandInfo.newBuilder().setValue("true").build(), "{'shell':true,'value':'true'}");
    }

    @Test
    void deprecatedFieldsWithADefaultAreWrittenWhenSet() {
        @SuppressWarnings("deprecation") // frameworks of before MULTI_ROLE set it
        FrameworkInfo info = FrameworkInfo.newBuilder()
                .setUser("u")
                .setName("n")
                .setRole("ads")
                .build();
        written(info, "{'user':'u','name':'n','failover_timeout':0.0,'checkpoint':false,'role':'ads'}");
    }

    @Test
    void emptyListsAndMapsAreLeftOut() {
        written(TaskResourceLimitation.getDefaultInstance(), "{}");
        written(QuotaConfig.newBuilder().setRole("r").build(), "{'role':'r'}");
        written(
                Resource.newBuilder()
                        .setName("ports")
                        .setType(Value.Type.RANGES)
                        .setRanges(Value.Ranges.getDefaultInstance())
                        .build(),
                "{'name':'ports','type':'RANGES','ranges':{}}");
    }

    @Test
    void mapsAreObjects() {
        written(
                QuotaConfig.newBuilder()
                        .setRole("r")
                        .putLimits("cpus", Value.Scalar.newBuilder().setValue(1).build())
                        .putLimits("mem", Value.Scalar.newBuilder().setValue(2).build())
                        .build(),
                "{'role':'r','limits':{'cpus':{'value':1.0},'mem':{'value':2.0}}}");
    }

    @Test
    void durationsOfProtobufAreOrdinaryMessages() {
        written(
                Call.DrainAgent.newBuilder()
                        .setAgentId(org.tepui.v1.AgentID.newBuilder().setValue("a"))
                        .setMaxGracePeriod(Duration.newBuilder().setSeconds(600))
                        .build(),
                "{'agent_id':{'value':'a'},'max_grace_period':{'seconds':600},'mark_gone':false}");
    }

    @Test
    void textIsEscapedWhereJsonWantsIt() {
        assertThat(JsonCodec.standard()
                        .toText(Label.newBuilder().setKey("a\"\\\n\u0001/€😀").build()))
                .isEqualTo("{\"key\":\"a\\\"\\\\\\n\\u0001/€😀\"}");
    }

    @Test
    void streamsAreLeftOpen() throws Exception {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream() {
            @Override
            public void close() {
                throw new AssertionError("closed");
            }
        };
        JsonCodec.standard().write(TaskID.newBuilder().setValue("t").build(), out);
        assertThat(out.toString(java.nio.charset.StandardCharsets.UTF_8)).isEqualTo("{\"value\":\"t\"}");
    }
}
