// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.tepui.proto.operator.Call;
import org.tepui.v1.AgentID;
import org.tepui.v1.AgentInfo;
import org.tepui.v1.FrameworkID;
import org.tepui.v1.FrameworkInfo;
import org.tepui.v1.Offer;
import org.tepui.v1.OfferID;
import org.tepui.v1.Resource;
import org.tepui.v1.Role;
import org.tepui.v1.Task;
import org.tepui.v1.TaskID;
import org.tepui.v1.TaskState;
import org.tepui.v1.Value;
import org.tepui.v1.WeightInfo;
import org.tepui.v1.master.Response;
import org.tepui.v1.quota.QuotaConfig;

/** A master and its only agent on one port, as far as the commands ask them. */
final class FakeCluster implements AutoCloseable {
    static final FrameworkID FRAMEWORK =
            FrameworkID.newBuilder().setValue("F-1").build();
    static final AgentID AGENT = AgentID.newBuilder().setValue("A-1").build();

    final List<Call> calls = new CopyOnWriteArrayList<>();
    final Map<String, String> files = new TreeMap<>();
    final List<Task> tasks = new ArrayList<>();
    final List<Task> completed = new ArrayList<>();
    final List<Resource> capacity = new ArrayList<>();
    /** Changes that operators asked for with Mesos' calls. */
    final List<org.tepui.v1.master.Call> changes = new ArrayList<>();
    /** Refuses changes with this. */
    String refusal = "";

    private final HttpServer server;

    FakeCluster() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/v1", this::answerV1);
        server.createContext("/tepui/v1", this::answerOwn);
        server.start();
    }

    String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    static Task task(String id, TaskState state) {
        return Task.newBuilder()
                .setName("sleep")
                .setTaskId(TaskID.newBuilder().setValue(id))
                .setFrameworkId(FRAMEWORK)
                .setAgentId(AGENT)
                .setState(state)
                .addResources(scalar("cpus", 0.5))
                .addResources(scalar("mem", 64))
                .build();
    }

    static Resource scalar(String name, double value) {
        return Resource.newBuilder()
                .setName(name)
                .setType(Value.Type.SCALAR)
                .setScalar(Value.Scalar.newBuilder().setValue(value))
                .build();
    }

    private void answerV1(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        // a call of the other API may lack what this one requires
        if (answerRoles(exchange, org.tepui.v1.master.Call.parser().parsePartialFrom(body))) {
            return;
        }
        org.tepui.v1.agent.Call agentCall = org.tepui.v1.agent.Call.parseFrom(body);
        if (agentCall.getType() == org.tepui.v1.agent.Call.Type.READ_FILE) {
            answerFile(exchange, agentCall.getReadFile());
            return;
        }
        Response.GetAgents agents = Response.GetAgents.newBuilder()
                .addAgents(Response.GetAgents.Agent.newBuilder()
                        .setAgentInfo(AgentInfo.newBuilder()
                                .setId(AGENT)
                                .setHostname("127.0.0.1")
                                .setPort(server.getAddress().getPort()))
                        .setActive(true)
                        .setVersion("0.1.0")
                        .addAllocatedResources(scalar("cpus", 0.5))
                        .addTotalResources(scalar("cpus", 4)))
                .build();
        Response.Builder response = Response.newBuilder();
        if (org.tepui.v1.master.Call.parseFrom(body).getType() == org.tepui.v1.master.Call.Type.GET_AGENTS) {
            response.setType(Response.Type.GET_AGENTS).setGetAgents(agents);
        } else {
            response.setType(Response.Type.GET_STATE)
                    .setGetState(Response.GetState.newBuilder()
                            .setGetAgents(agents)
                            .setGetFrameworks(Response.GetFrameworks.newBuilder()
                                    .addFrameworks(Response.GetFrameworks.Framework.newBuilder()
                                            .setFrameworkInfo(FrameworkInfo.newBuilder()
                                                    .setId(FRAMEWORK)
                                                    .setName("nightly")
                                                    .setUser("root")
                                                    .addRoles("batch"))
                                            .setActive(true)
                                            .setConnected(true)
                                            .setRecovered(false)))
                            .setGetTasks(Response.GetTasks.newBuilder()
                                    .addAllTasks(tasks)
                                    .addAllCompletedTasks(completed)));
        }
        answer(exchange, response.build());
    }

    /** Answers what is about roles: {@code eng} has a quota and a weight. */
    private boolean answerRoles(HttpExchange exchange, org.tepui.v1.master.Call call) throws IOException {
        Response.Builder response = Response.newBuilder();
        Value.Scalar four = Value.Scalar.newBuilder().setValue(4).build();
        switch (call.getType()) {
            case GET_QUOTA ->
                response.getGetQuotaBuilder()
                        .getStatusBuilder()
                        .addConfigs(QuotaConfig.newBuilder()
                                .setRole("eng")
                                .putGuarantees("cpus", four)
                                .putLimits("mem", four));
            case GET_WEIGHTS ->
                response.getGetWeightsBuilder()
                        .addWeightInfos(WeightInfo.newBuilder().setRole("eng").setWeight(2.5));
            case GET_ROLES ->
                response.getGetRolesBuilder()
                        .addRoles(Role.newBuilder()
                                .setName("eng")
                                .setWeight(2)
                                .addFrameworks(FRAMEWORK)
                                .addResources(scalar("cpus", 0.5)));
            case UPDATE_QUOTA, UPDATE_WEIGHTS -> {
                changes.add(call);
                byte[] reason = refusal.getBytes(java.nio.charset.StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(reason.length == 0 ? 200 : 400, reason.length == 0 ? -1 : reason.length);
                exchange.getResponseBody().write(reason);
                exchange.close();
                return true;
            }
            default -> {
                return false;
            }
        }
        answer(exchange, response.build());
        return true;
    }

    private void answerFile(HttpExchange exchange, org.tepui.v1.agent.Call.ReadFile call) throws IOException {
        String content = files.get(call.getPath());
        if (content == null) {
            byte[] reason = ("there is no " + call.getPath()).getBytes(java.nio.charset.StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(400, reason.length);
            exchange.getResponseBody().write(reason);
            exchange.close();
            return;
        }
        int from = (int) Math.min(content.length(), call.getOffset());
        int to = (int) Math.min(content.length(), from + call.getLength());
        answer(
                exchange,
                org.tepui.v1.agent.Response.newBuilder()
                        .setType(org.tepui.v1.agent.Response.Type.READ_FILE)
                        .setReadFile(org.tepui.v1.agent.Response.ReadFile.newBuilder()
                                .setSize(content.length())
                                .setData(ByteString.copyFromUtf8(content.substring(from, to))))
                        .build());
    }

    private void answerOwn(HttpExchange exchange) throws IOException {
        Call call = Call.parseFrom(exchange.getRequestBody().readAllBytes());
        calls.add(call);
        org.tepui.proto.operator.Response.Builder response =
                org.tepui.proto.operator.Response.newBuilder().setType(call.getType());
        switch (call.getType()) {
            case GET_OFFERS ->
                response.getGetOffersBuilder()
                        .addOffers(Offer.newBuilder()
                                .setId(OfferID.newBuilder().setValue("O-1"))
                                .setFrameworkId(FRAMEWORK)
                                .setAgentId(AGENT)
                                .setHostname("host")
                                .addResources(scalar("cpus", 3.5)));
            case USE_ALLOCATOR ->
                response.getUseAllocatorBuilder()
                        .setPauseNs(1_500_000)
                        .setAllocator(allocator(call.getUseAllocator().getName(), true)
                                .putAllConfiguration(call.getUseAllocator().getConfigurationMap()));
            case GET_ALLOCATORS ->
                response.getGetAllocatorsBuilder()
                        .addAllocators(allocator("drf", true).putConfiguration("allocation.interval", "2s"))
                        .addAllocators(allocator("priority", false).setSuspended("it threw"));
            case GET_ALLOCATOR_STATUS ->
                response.getGetAllocatorStatusBuilder()
                        .setServing(allocator("drf", true))
                        .setServingSince(org.tepui.v1.TimeInfo.newBuilder().setNanoseconds(1_000_000_000))
                        .setChosenName("drf")
                        .setSwaps(2)
                        .setFailures(1)
                        .addEvents(org.tepui.proto.operator.Response.AllocatorEvent.newBuilder()
                                .setTime(org.tepui.v1.TimeInfo.newBuilder().setNanoseconds(0))
                                .setKind(org.tepui.proto.operator.Response.AllocatorEvent.Kind.FAILED)
                                .setName("priority")
                                .setVersion("1.0.0")
                                .setReason("it threw"));
            case GET_CAPACITY -> {
                if (!capacity.isEmpty()) {
                    response.getGetCapacityBuilder()
                            .addAgents(org.tepui.proto.operator.Response.AgentCapacity.newBuilder()
                                    .setAgentId(AGENT)
                                    .setHostname("host")
                                    .addAllTotal(capacity));
                }
            }
            default ->
                response.getKillTaskBuilder()
                        .setFrameworkId(FRAMEWORK)
                        .setTaskId(call.getKillTask().getTaskId())
                        .setAgentId(AGENT);
        }
        answer(exchange, response.build());
    }

    private static void answer(HttpExchange exchange, Message message) throws IOException {
        byte[] bytes = message.toByteArray();
        exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
        exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private static org.tepui.proto.operator.Response.Allocator.Builder allocator(String name, boolean inUse) {
        return org.tepui.proto.operator.Response.Allocator.newBuilder()
                .setName(name)
                .setVersion("1.0.0")
                .setInUse(inUse);
    }
}
