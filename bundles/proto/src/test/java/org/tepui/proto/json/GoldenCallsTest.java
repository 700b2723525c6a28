// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import org.junit.jupiter.api.Test;
import org.tepui.v1.AgentID;
import org.tepui.v1.CommandInfo;
import org.tepui.v1.Environment;
import org.tepui.v1.ExecutorID;
import org.tepui.v1.Filters;
import org.tepui.v1.FrameworkID;
import org.tepui.v1.FrameworkInfo;
import org.tepui.v1.MasterInfo;
import org.tepui.v1.Offer;
import org.tepui.v1.OfferID;
import org.tepui.v1.Resource;
import org.tepui.v1.TaskID;
import org.tepui.v1.TaskInfo;
import org.tepui.v1.TaskState;
import org.tepui.v1.TaskStatus;
import org.tepui.v1.Value;
import org.tepui.v1.scheduler.Call;
import org.tepui.v1.scheduler.Event;

/** Whole calls and events as clients of Mesos send and get them. */
class GoldenCallsTest {
    private static final FrameworkID FRAMEWORK =
            FrameworkID.newBuilder().setValue("m-0001").build();
    private static final AgentID AGENT = AgentID.newBuilder().setValue("m-S0").build();
    private static final ByteString UUID = ByteString.copyFromUtf8("0123456789abcdef");

    /** The JSON is read as the message. */
    private static void read(String json, Message message) throws Exception {
        assertThat(JsonCodec.standard().read(json, message.getDefaultInstanceForType()))
                .isEqualTo(message);
    }

    /** The message is written as the JSON, white space apart, and read back. */
    private static void written(Message message, String json) throws Exception {
        assertThat(JsonCodec.standard().toText(message)).isEqualTo(json.replaceAll("\\s", ""));
        Message back = JsonCodec.standard().read(json, message.getDefaultInstanceForType());
        assertThat(JsonCodec.standard().toText(back)).isEqualTo(json.replaceAll("\\s", ""));
    }

    private static Resource cpus(double value) {
        return Resource.newBuilder()
                .setName("cpus")
                .setType(Value.Type.SCALAR)
                .setScalar(Value.Scalar.newBuilder().setValue(value))
                .build();
    }

    @Test
    void subscribe() throws Exception {
        read(
                """
                {
                  "type": "SUBSCRIBE",
                  "subscribe": {
                    "framework_info": {
                      "user": "root",
                      "name": "example",
                      "roles": ["ads", "eng/web"],
                      "failover_timeout": 604800,
                      "checkpoint": "true",
                      "capabilities": [{"type": "MULTI_ROLE"}, {"type": "PARTITION_AWARE"}]
                    },
                    "suppressed_roles": ["ads"]
                  },
                  "framework_id": null
                }
                """,
                Call.newBuilder()
                        .setType(Call.Type.SUBSCRIBE)
                        .setSubscribe(Call.Subscribe.newBuilder()
                                .setFrameworkInfo(FrameworkInfo.newBuilder()
                                        .setUser("root")
                                        .setName("example")
                                        .addRoles("ads")
                                        .addRoles("eng/web")
                                        .setFailoverTimeout(604800)
                                        .setCheckpoint(true)
                                        .addCapabilities(FrameworkInfo.Capability.newBuilder()
                                                .setType(FrameworkInfo.Capability.Type.MULTI_ROLE))
                                        .addCapabilities(FrameworkInfo.Capability.newBuilder()
                                                .setType(FrameworkInfo.Capability.Type.PARTITION_AWARE)))
                                .addSuppressedRoles("ads"))
                        .build());
    }

    @Test
    void subscribed() throws Exception {
        written(
                Event.newBuilder()
                        .setType(Event.Type.SUBSCRIBED)
                        .setSubscribed(Event.Subscribed.newBuilder()
                                .setFrameworkId(FRAMEWORK)
                                .setHeartbeatIntervalSeconds(15)
                                .setMasterInfo(MasterInfo.newBuilder()
                                        .setId("m")
                                        .setIp(16777343)
                                        .setPort(5050)))
                        .build(),
                """
                {"type":"SUBSCRIBED","subscribed":{"framework_id":{"value":"m-0001"},"heartbeat_interval_seconds":15.0,
                "master_info":{"id":"m","ip":16777343,"port":5050}}}
                """);
    }

    @Test
    void offers() throws Exception {
        written(
                Event.newBuilder()
                        .setType(Event.Type.OFFERS)
                        .setOffers(Event.Offers.newBuilder()
                                .addOffers(Offer.newBuilder()
                                        .setId(OfferID.newBuilder().setValue("m-O1"))
                                        .setFrameworkId(FRAMEWORK)
                                        .setAgentId(AGENT)
                                        .setHostname("h")
                                        .addResources(cpus(4).toBuilder()
                                                .setAllocationInfo(Resource.AllocationInfo.newBuilder()
                                                        .setRole("ads")))
                                        .addResources(Resource.newBuilder()
                                                .setName("ports")
                                                .setType(Value.Type.RANGES)
                                                .setRanges(Value.Ranges.newBuilder()
                                                        .addRange(Value.Range.newBuilder()
                                                                .setBegin(31000)
                                                                .setEnd(32000))))
                                        .setAllocationInfo(Resource.AllocationInfo.newBuilder()
                                                .setRole("ads"))))
                        .build(),
                """
                {"type":"OFFERS","offers":{"offers":[{"id":{"value":"m-O1"},"framework_id":{"value":"m-0001"},
                "agent_id":{"value":"m-S0"},"hostname":"h","resources":[
                {"name":"cpus","type":"SCALAR","scalar":{"value":4.0},"allocation_info":{"role":"ads"}},
                {"name":"ports","type":"RANGES","ranges":{"range":[{"begin":31000,"end":32000}]}}],
                "allocation_info":{"role":"ads"}}]}}
                """);
    }

    @Test
    void acceptWithLaunch() throws Exception {
        read(
                """
                {
                  "framework_id": {"value": "m-0001"},
                  "type": "ACCEPT",
                  "accept": {
                    "offer_ids": [{"value": "m-O1"}],
                    "operations": [{
                      "type": "LAUNCH",
                      "launch": {
                        "task_infos": [{
                          "name": "sleep",
                          "task_id": {"value": "t1"},
                          "agent_id": {"value": "m-S0"},
                          "command": {
                            "shell": true,
                            "value": "sleep 1000",
                            "environment": {"variables": [{"name": "A", "value": "1"}]}
                          },
                          "resources": [{
                            "name": "cpus", "type": "SCALAR", "scalar": {"value": "0.1"},
                            "allocation_info": {"role": "ads"}
                          }],
                          "limits": {"cpus": {"value": "Infinity"}}
                        }]
                      }
                    }],
                    "filters": {"refuse_seconds": 5.0}
                  }
                }
                """,
                Call.newBuilder()
                        .setFrameworkId(FRAMEWORK)
                        .setType(Call.Type.ACCEPT)
                        .setAccept(Call.Accept.newBuilder()
                                .addOfferIds(OfferID.newBuilder().setValue("m-O1"))
                                .addOperations(Offer.Operation.newBuilder()
                                        .setType(Offer.Operation.Type.LAUNCH)
                                        .setLaunch(Offer.Operation.Launch.newBuilder()
                                                .addTaskInfos(sleep())))
                                .setFilters(Filters.newBuilder().setRefuseSeconds(5)))
                        .build());
    }

    private static TaskInfo sleep() {
        return TaskInfo.newBuilder()
                .setName("sleep")
                .setTaskId(TaskID.newBuilder().setValue("t1"))
                .setAgentId(AGENT)
                .setCommand(CommandInfo.newBuilder()
                        .setShell(true)
                        .setValue("sleep 1000")
                        .setEnvironment(Environment.newBuilder()
                                .addVariables(Environment.Variable.newBuilder()
                                        .setName("A")
                                        .setValue("1"))))
                .addResources(cpus(0.1).toBuilder()
                        .setAllocationInfo(Resource.AllocationInfo.newBuilder().setRole("ads")))
                .putLimits(
                        "cpus",
                        Value.Scalar.newBuilder()
                                .setValue(Double.POSITIVE_INFINITY)
                                .build())
                .build();
    }

    @Test
    void update() throws Exception {
        written(
                Event.newBuilder()
                        .setType(Event.Type.UPDATE)
                        .setUpdate(Event.Update.newBuilder()
                                .setStatus(TaskStatus.newBuilder()
                                        .setTaskId(TaskID.newBuilder().setValue("t1"))
                                        .setState(TaskState.TASK_RUNNING)
                                        .setSource(TaskStatus.Source.SOURCE_EXECUTOR)
                                        .setAgentId(AGENT)
                                        .setExecutorId(ExecutorID.newBuilder().setValue("t1"))
                                        .setTimestamp(1.5e9)
                                        .setUuid(UUID)))
                        .build(),
                """
                {"type":"UPDATE","update":{"status":{"task_id":{"value":"t1"},"state":"TASK_RUNNING",
                "source":"SOURCE_EXECUTOR","agent_id":{"value":"m-S0"},"executor_id":{"value":"t1"},"timestamp":1.5E9,
                "uuid":"MDEyMzQ1Njc4OWFiY2RlZg=="}}}
                """);
    }

    @Test
    void acknowledgeDeclineKillReconcileAndTeardown() throws Exception {
        read(
                """
                {"framework_id":{"value":"m-0001"},"type":"ACKNOWLEDGE","acknowledge":{"agent_id":{"value":"m-S0"},
                "task_id":{"value":"t1"},"uuid":"MDEyMzQ1Njc4OWFiY2RlZg=="}}
                """,
                call(Call.Type.ACKNOWLEDGE)
                        .setAcknowledge(Call.Acknowledge.newBuilder()
                                .setAgentId(AGENT)
                                .setTaskId(TaskID.newBuilder().setValue("t1"))
                                .setUuid(UUID))
                        .build());
        read(
                """
                {"framework_id":{"value":"m-0001"},"type":"DECLINE","decline":{"offer_ids":{"value":"m-O1"},
                "filters":{}}}
                """,
                call(Call.Type.DECLINE)
                        .setDecline(Call.Decline.newBuilder()
                                .addOfferIds(OfferID.newBuilder().setValue("m-O1"))
                                .setFilters(Filters.getDefaultInstance()))
                        .build());
        read(
                """
                {"framework_id":{"value":"m-0001"},"type":"KILL","kill":{"task_id":{"value":"t1"},"agent_id":null,
                "kill_policy":{"grace_period":{"nanoseconds":3000000000}}}}
                """,
                call(Call.Type.KILL)
                        .setKill(Call.Kill.newBuilder()
                                .setTaskId(TaskID.newBuilder().setValue("t1"))
                                .setKillPolicy(org.tepui.v1.KillPolicy.newBuilder()
                                        .setGracePeriod(org.tepui.v1.DurationInfo.newBuilder()
                                                .setNanoseconds(3_000_000_000L))))
                        .build());
        read(
                """
                {"framework_id":{"value":"m-0001"},"type":"RECONCILE","reconcile":{"tasks":[]}}
                """,
                call(Call.Type.RECONCILE)
                        .setReconcile(Call.Reconcile.getDefaultInstance())
                        .build());
        read(
                "{\"framework_id\":{\"value\":\"m-0001\"},\"type\":\"TEARDOWN\"}",
                call(Call.Type.TEARDOWN).build());
    }

    private static Call.Builder call(Call.Type type) {
        return Call.newBuilder().setFrameworkId(FRAMEWORK).setType(type);
    }
}
