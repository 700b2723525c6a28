// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tepui.v1.CommandInfo;
import org.tepui.v1.DurationInfo;
import org.tepui.v1.Environment;
import org.tepui.v1.FrameworkInfo;
import org.tepui.v1.HealthCheck;
import org.tepui.v1.KillPolicy;
import org.tepui.v1.Label;
import org.tepui.v1.MasterInfo;
import org.tepui.v1.Offer;
import org.tepui.v1.Resource;
import org.tepui.v1.TaskID;
import org.tepui.v1.TaskInfo;
import org.tepui.v1.TaskStatus;
import org.tepui.v1.Value;
import org.tepui.v1.scheduler.Call;

/** Each rule of reading, one pair by hand. */
class JsonReadTest {
    private static final JsonCodec CODEC = JsonCodec.standard();

    private static <T extends Message> T read(String json, T prototype) throws InvalidJsonException {
        return CODEC.read(json.replace('\'', '"'), prototype);
    }

    private static void refused(String json, Message prototype, String... words) {
        assertThatThrownBy(() -> read(json, prototype))
                .isInstanceOf(InvalidJsonException.class)
                .message()
                .contains(words);
    }

    @Nested
    class Names {
        @Test
        void areThoseOfTheProtoFiles() throws Exception {
            assertThat(read("{'name':'n','user':'u','failover_timeout':3}", FrameworkInfo.getDefaultInstance()))
                    .isEqualTo(FrameworkInfo.newBuilder()
                            .setName("n")
                            .setUser("u")
                            .setFailoverTimeout(3)
                            .build());
        }

        @Test
        void inCamelCaseAreUnknown() throws Exception {
            assertThat(read("{'name':'n','user':'u','failoverTimeout':3}", FrameworkInfo.getDefaultInstance())
                            .hasFailoverTimeout())
                    .isFalse();
        }

        @Test
        void thatAreUnknownAreSkippedWithAllTheyHold() throws Exception {
            assertThat(read("{'x':{'y':[1,{'value':'no'}]},'value':'t'}", TaskID.getDefaultInstance()))
                    .isEqualTo(TaskID.newBuilder().setValue("t").build());
        }

        @Test
        void thatOccurTwiceCountAsTheLast() throws Exception {
            Resource resource = read(
                    "{'name':'ports','type':'RANGES','ranges':{'range':[{'begin':1,'end':2}]},'ranges':{'range':[]}}",
                    Resource.getDefaultInstance());
            assertThat(resource.getRanges().getRangeCount()).isZero();
            assertThat(read("{'type':'ACCEPT','type':null}", Call.getDefaultInstance())
                            .hasType())
                    .isFalse();
        }
    }

    @Nested
    class Null {
        @Test
        void countsAsAbsentForFieldsOfAllKinds() throws Exception {
            assertThat(read(
                            "{'framework_id':null,'type':null,'subscribe':null,'accept':null}",
                            Call.getDefaultInstance()))
                    .isEqualTo(Call.getDefaultInstance());
            assertThat(read("{'uris':null,'shell':null,'value':null}", CommandInfo.getDefaultInstance()))
                    .isEqualTo(CommandInfo.getDefaultInstance());
        }

        @Test
        void isLeftOutOfLists() throws Exception {
            assertThat(read("{'arguments':['a',null,'b']}", CommandInfo.getDefaultInstance())
                            .getArgumentsList())
                    .containsExactly("a", "b");
        }

        @Test
        void doesNotSatisfyARequiredField() {
            refused("{'value':null}", TaskID.getDefaultInstance(), "the required field value is missing");
        }
    }

    @Nested
    class Numbers {
        @ParameterizedTest
        @ValueSource(strings = {"9007199254740993", "'9007199254740993'"})
        void of64BitsComeAsNumbersOrStringsWithoutLoss(String number) throws Exception {
            assertThat(read("{'nanoseconds':" + number + "}", DurationInfo.getDefaultInstance())
                            .getNanoseconds())
                    .isEqualTo(9007199254740993L);
        }

        @ParameterizedTest
        @CsvSource({
            "9223372036854775807, 9223372036854775807",
            "-9223372036854775808, -9223372036854775808",
            "5.0, 5",
            "5e3, 5000",
            "'\"5.0\"', 5",
            "-0.0, 0"
        })
        void thatAreIntegersMayBeWrittenInAnyWay(String number, long value) throws Exception {
            assertThat(CODEC.read("{\"nanoseconds\":" + number + "}", DurationInfo.getDefaultInstance())
                            .getNanoseconds())
                    .isEqualTo(value);
        }

        @Test
        void withoutSignReachTheirWholeRange() throws Exception {
            Value.Range range = read(
                    "{'begin':18446744073709551615,'end':'18446744073709551615'}", Value.Range.getDefaultInstance());
            assertThat(range.getBegin()).isEqualTo(-1L);
            assertThat(range.getEnd()).isEqualTo(-1L);
            assertThat(read("{'id':'m','ip':4294967295,'port':1}", MasterInfo.getDefaultInstance())
                            .getIp())
                    .isEqualTo(-1);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "9223372036854775808",
                    "1.5",
                    "1e19",
                    "1e400",
                    "'1.5'",
                    "'12x'",
                    "''",
                    "' 1'",
                    "'0x10'",
                    "true",
                    "{}",
                    "[1]",
                    "99999999999999999999999999"
                })
        void thatDoNotFitAnIntegerAreRefused(String number) {
            refused(
                    "{'grace_period':{'nanoseconds':" + number + "}}",
                    KillPolicy.getDefaultInstance(),
                    "grace_period.nanoseconds: ",
                    "is not allowed: an integer from -9223372036854775808 to 9223372036854775807 is expected");
        }

        @ParameterizedTest
        @ValueSource(strings = {"-1", "18446744073709551616"})
        void thatDoNotFitAnUnsignedFieldAreRefused(String number) {
            refused(
                    "{'begin':" + number + ",'end':1}",
                    Value.Range.getDefaultInstance(),
                    "begin: '" + number + "' is not allowed: an integer from 0 to 18446744073709551615 is expected");
        }

        @Test
        void of32BitsKeepTheirRange() {
            refused("{'id':'m','ip':4294967296,'port':1}", MasterInfo.getDefaultInstance(), "ip: ", "0 to 4294967295");
            refused("{'hostname':'h','port':2147483648}", org.tepui.v1.AgentInfo.getDefaultInstance(), "port: ");
        }

        @ParameterizedTest
        @CsvSource({
            "1, 1.0",
            "0.1, 0.1",
            "-2.5e3, -2500",
            "\"0.25\", 0.25",
            "\"Infinity\", Infinity",
            "\"-Infinity\", -Infinity"
        })
        void withFractionComeAsNumbersStringsOrInfinite(String number, double value) throws Exception {
            assertThat(CODEC.read("{\"value\":" + number + "}", Value.Scalar.getDefaultInstance())
                            .getValue())
                    .isEqualTo(value);
        }

        @ParameterizedTest
        @ValueSource(strings = {"'NaN'", "'+Infinity'", "'infinity'", "'abc'", "true", "1e400", "'1e400'", "{}"})
        void thatAreNotANumberAreRefused(String number) {
            refused(
                    "{'value':" + number + "}",
                    Value.Scalar.getDefaultInstance(),
                    "value: ",
                    "a finite number, \"Infinity\" or \"-Infinity\" is expected");
        }

        @Test
        void inStringFieldsAreRefused() {
            refused("{'value':5}", TaskID.getDefaultInstance(), "value: '5' is not allowed: a string is expected");
        }
    }

    @Nested
    class Booleans {
        @Test
        void comeAsLiteralsOrStrings() throws Exception {
            assertThat(read("{'shell':false}", CommandInfo.getDefaultInstance()).getShell())
                    .isFalse();
            assertThat(read("{'shell':'false'}", CommandInfo.getDefaultInstance())
                            .getShell())
                    .isFalse();
            assertThat(read("{'shell':'true'}", CommandInfo.getDefaultInstance())
                            .getShell())
                    .isTrue();
        }

        @ParameterizedTest
        @ValueSource(strings = {"0", "'yes'", "'True'", "{}", "[true]"})
        void ofOtherKindsAreRefused(String value) {
            refused(
                    "{'shell':" + value + "}",
                    CommandInfo.getDefaultInstance(),
                    "shell: ",
                    "true or false is expected");
        }
    }

    @Nested
    class Enums {
        @Test
        void areNames() throws Exception {
            assertThat(read("{'type':'ACCEPT'}", Call.getDefaultInstance()).getType())
                    .isEqualTo(Call.Type.ACCEPT);
        }

        @Test
        void withUnknownNamesAreAbsentInOptionalFields() throws Exception {
            assertThat(read("{'type':'FLY'}", Call.getDefaultInstance()).hasType())
                    .isFalse();
            assertThat(read("{'type':''}", Call.getDefaultInstance()).hasType()).isFalse();
        }

        @Test
        void withUnknownNamesKeepTheMessageAroundThem() throws Exception {
            FrameworkInfo info = read(
                    "{'name':'n','user':'u','capabilities':[{'type':'FLYING'},{'type':'MULTI_ROLE'}]}",
                    FrameworkInfo.getDefaultInstance());
            assertThat(info.getCapabilitiesCount()).isEqualTo(2);
            assertThat(info.getCapabilities(0).hasType()).isFalse();
            assertThat(info.getCapabilities(1).getType()).isEqualTo(FrameworkInfo.Capability.Type.MULTI_ROLE);
        }

        @Test
        void withUnknownNamesAreLeftOutOfLists() throws Exception {
            assertThat(read(
                                    "{'capabilities':['CHOWN','LEVITATE','KILL']}",
                                    org.tepui.v1.CapabilityInfo.getDefaultInstance())
                            .getCapabilitiesList())
                    .containsExactly(
                            org.tepui.v1.CapabilityInfo.Capability.CHOWN, org.tepui.v1.CapabilityInfo.Capability.KILL);
        }

        @Test
        void withUnknownNamesAreRefusedInRequiredFields() {
            refused(
                    "{'task_id':{'value':'t'},'state':'TASK_LOUNGING'}",
                    TaskStatus.getDefaultInstance(),
                    "state: 'TASK_LOUNGING' is not allowed: one of TASK_STAGING, TASK_STARTING, ");
        }

        @Test
        void asNumbersAreRefused() {
            refused("{'type':3}", Call.getDefaultInstance(), "type: '3' is not allowed: one of UNKNOWN, SUBSCRIBE");
        }
    }

    @Nested
    class Bytes {
        @Test
        void areBase64() throws Exception {
            assertThat(read(
                                    "{'name':'n','task_id':{'value':'t'},'agent_id':{'value':'a'},'data':'AP/+aGk='}",
                                    TaskInfo.getDefaultInstance())
                            .getData())
                    .isEqualTo(ByteString.copyFrom(new byte[] {0, -1, -2, 'h', 'i'}));
        }

        @ParameterizedTest
        @ValueSource(strings = {"'!'", "'AP_-aGk='", "5", "'A'"})
        void thatAreNotBase64AreRefused(String value) {
            refused(
                    "{'type':'VALUE','value':{'data':" + value + "}}",
                    org.tepui.v1.Secret.getDefaultInstance(),
                    "value.data: ",
                    "a base64 string is expected");
        }
    }

    @Nested
    class Lists {
        @Test
        void ofOneMayLackTheBrackets() throws Exception {
            assertThat(read("{'arguments':'only'}", CommandInfo.getDefaultInstance())
                            .getArgumentsList())
                    .containsExactly("only");
            assertThat(read("{'range':{'begin':1,'end':2}}", Value.Ranges.getDefaultInstance())
                            .getRangeList())
                    .containsExactly(
                            Value.Range.newBuilder().setBegin(1).setEnd(2).build());
        }

        @Test
        void inListsAreFlattened() throws Exception {
            assertThat(read("{'arguments':['a',['b',['c']]]}", CommandInfo.getDefaultInstance())
                            .getArgumentsList())
                    .containsExactly("a", "b", "c");
        }

        @Test
        void forSingleFieldsAreRefused() {
            refused("{'value':['a']}", TaskID.getDefaultInstance(), "value: an array is not allowed: a string");
            refused("{'accept':[]}", Call.getDefaultInstance(), "accept: an array is not allowed: an object");
        }
    }

    @Nested
    class Maps {
        @Test
        void areObjects() throws Exception {
            TaskInfo task = read(
                    "{'name':'n','task_id':{'value':'t'},'agent_id':{'value':'a'},"
                            + "'limits':{'cpus':{'value':2},'mem':{'value':'Infinity'},'disk':null}}",
                    TaskInfo.getDefaultInstance());
            assertThat(task.getLimitsMap()).containsOnlyKeys("cpus", "mem");
            assertThat(task.getLimitsOrThrow("cpus").getValue()).isEqualTo(2);
            assertThat(task.getLimitsOrThrow("mem").getValue()).isInfinite();
        }

        @Test
        void ofOtherKindsAreRefusedWithTheirKey() {
            String start = "{'name':'n','task_id':{'value':'t'},'agent_id':{'value':'a'},'limits':";
            refused(start + "[]}", TaskInfo.getDefaultInstance(), "limits: an array is not allowed: an object");
            refused(
                    start + "{'cpus':{'value':'x'}}}",
                    TaskInfo.getDefaultInstance(),
                    "limits[\"cpus\"].value: 'x' is not allowed");
        }
    }

    @Test
    void durationsOfProtobufAreOrdinaryMessages() throws Exception {
        String start = "{'type':'DRAIN_AGENT','drain_agent':{'agent_id':{'value':'a'},'max_grace_period':";
        org.tepui.v1.master.Call call =
                read(start + "{'seconds':600,'nanos':5}}}", org.tepui.v1.master.Call.getDefaultInstance());
        assertThat(call.getDrainAgent().getMaxGracePeriod().getSeconds()).isEqualTo(600);
        assertThat(call.getDrainAgent().getMaxGracePeriod().getNanos()).isEqualTo(5);
        refused(
                start + "'600s'}}",
                org.tepui.v1.master.Call.getDefaultInstance(),
                "drain_agent.max_grace_period: '600s' is not allowed: an object is expected");
    }

    @Test
    void missingRequiredFieldsAreNamedWithTheirPath() {
        refused(
                "{'type':'ACCEPT','accept':{'operations':[{'type':'REVIVE'},{'type':'LAUNCH','launch':"
                        + "{'task_infos':[{'task_id':{}}]}}]}}",
                Call.getDefaultInstance(),
                "accept.operations[1].launch.task_infos[0].task_id: the required field value is missing");
        refused(
                "{'launch':{'task_infos':{}}}",
                Offer.Operation.getDefaultInstance(),
                "launch.task_infos: the required fields name, task_id, agent_id are missing");
    }

    @Test
    void textOutsideTheBasicPlaneIsReadAndHalfAPairRefused() throws Exception {
        assertThat(read("{'key':'\\ud83d\\ude00','value':'\uD83D\uDE00'}", Label.getDefaultInstance()))
                .isEqualTo(Label.newBuilder()
                        .setKey("\uD83D\uDE00")
                        .setValue("\uD83D\uDE00")
                        .build());
        refused("{'key':'a\\ud83d'}", Label.getDefaultInstance(), "key: half a surrogate pair at position 1");
        refused("{'key':'\\ude00\\ud83d'}", Label.getDefaultInstance(), "key: half a surrogate pair at position 0");
    }

    @Test
    void errorsShowLongValuesCutAndWithoutControlCharacters() {
        assertThatThrownBy(() -> read("{'shell':'\\n" + "x".repeat(10_000) + "'}", CommandInfo.getDefaultInstance()))
                .message()
                .startsWith("shell: '?xxx")
                .hasSizeLessThan(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "[]",
                "5",
                "'x'",
                "{",
                "{'value'}",
                "{'value':}",
                "{'value':'t'}}",
                "{'value':'t'} x",
                "{'value':NaN}",
                "{'value':'t',}",
                "{value:'t'}",
                "{'value':01}",
                "{'value':'\t'}",
                "{'value':'\\x'}"
            })
    void whatIsNoObjectIsRefused(String json) {
        refused(json, TaskID.getDefaultInstance(), "");
    }

    @Test
    void whatIsNoUtf8IsRefused() {
        byte[] json = {'{', '"', 'v', '"', ':', '"', (byte) 0xC0, (byte) 0x80, '"', '}'};
        assertThatThrownBy(() -> CODEC.read(json, TaskID.getDefaultInstance()))
                .isInstanceOf(InvalidJsonException.class);
    }

    @Test
    void defaultsAreThoseOfTheMessages() throws Exception {
        HealthCheck check = read("{}", HealthCheck.getDefaultInstance());
        assertThat(check.getIntervalSeconds()).isEqualTo(10);
        assertThat(check.hasIntervalSeconds()).isFalse();
        assertThat(read("{'name':'X'}", Environment.Variable.getDefaultInstance())
                        .getType())
                .isEqualTo(Environment.Variable.Type.VALUE);
    }
}
