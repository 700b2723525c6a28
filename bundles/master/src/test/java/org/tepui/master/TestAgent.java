// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.tepui.api.AgentId;
import org.tepui.api.resources.Resources;
import org.tepui.proto.convert.ReservationFormat;
import org.tepui.proto.convert.ResourceConversion;
import org.tepui.proto.internal.AgentRegistered;
import org.tepui.proto.internal.PingAgent;
import org.tepui.proto.internal.PongAgent;
import org.tepui.proto.internal.RegisterAgent;
import org.tepui.proto.internal.ReregisterAgent;
import org.tepui.proto.internal.ReserveResources;
import org.tepui.proto.internal.RunTasks;
import org.tepui.proto.internal.StatusUpdate;
import org.tepui.proto.internal.StatusUpdates;
import org.tepui.v1.AgentID;
import org.tepui.v1.AgentInfo;
import org.tepui.v1.FrameworkID;
import org.tepui.v1.FrameworkInfo;
import org.tepui.v1.Resource;
import org.tepui.v1.Task;
import org.tepui.v1.TaskInfo;
import org.tepui.v1.TaskState;
import org.tepui.v1.TaskStatus;

/** An agent that a test plays: it says what the test wants it to say. */
final class TestAgent {
    private static long nextUuid = 1;

    private final TestMaster master;
    private final String registration;
    AgentInfo info;
    RecordingConnection connection;
    boolean answersPings = true;
    /** What it was told last to be reserved by calls. */
    List<Resource> reserved = List.of();

    TestAgent(TestMaster master, String hostname, int port, String resources) {
        this.master = master;
        this.registration = "registration-" + nextUuid++;
        this.info = AgentInfo.newBuilder()
                .setHostname(hostname)
                .setPort(port)
                .addAllResources(ResourceConversion.toWire(Resources.parse(resources), ReservationFormat.SINGLE))
                .build();
        this.connection = newConnection();
    }

    private RecordingConnection newConnection() {
        RecordingConnection fresh = new RecordingConnection("agent");
        fresh.listener = message -> {
            if (message instanceof ReserveResources reserve) {
                reserved = reserve.getResourcesList();
            }
            if (message instanceof PingAgent && answersPings) {
                deliver(PongAgent.getDefaultInstance());
            }
        };
        return fresh;
    }

    /** Registers, and takes the id that it is given. */
    TestAgent register() {
        sendRegistration();
        return adopt();
    }

    void sendRegistration() {
        send(RegisterAgent.newBuilder()
                .setAgent(info.toBuilder().clearId())
                .setVersion("test")
                .setRegistrationUuid(registration)
                .build());
    }

    TestAgent adopt() {
        AgentID id = connection.last(AgentRegistered.class).getAgentId();
        info = info.toBuilder().setId(id).build();
        return this;
    }

    void reregister(Task... tasks) {
        reregister(List.of(), tasks);
    }

    void reregister(List<FrameworkInfo> frameworks, Task... tasks) {
        send(ReregisterAgent.newBuilder()
                .setAgent(info)
                .setVersion("test")
                .addAllReservedResources(reserved)
                .addAllTasks(List.of(tasks))
                .addAllFrameworks(frameworks)
                .build());
    }

    /** Comes back over a new connection. */
    void reconnect() {
        connection = newConnection();
    }

    void disconnect() {
        connection.breakOff();
        master.endpoint.closed(connection, "broken");
        master.time.settle();
    }

    AgentId id() {
        return new AgentId(info.getId().getValue());
    }

    AgentID wireId() {
        return info.getId();
    }

    /** The tasks that it was told to run, by id. */
    Map<String, TaskInfo> launched() {
        Map<String, TaskInfo> tasks = new LinkedHashMap<>();
        connection
                .sent(RunTasks.class)
                .forEach(run -> run.getTasksList()
                        .forEach(task -> tasks.put(task.getTaskId().getValue(), task)));
        return tasks;
    }

    /** A task that it was told to run. */
    TaskInfo launched(String task) {
        return Objects.requireNonNull(launched().get(task), "task " + task + " was not launched");
    }

    /** Reports a state and says that it is the latest. */
    TaskStatus update(FrameworkID framework, String task, TaskState state) {
        return update(framework, task, state, state);
    }

    TaskStatus update(FrameworkID framework, String task, TaskState state, TaskState latest) {
        TaskStatus status = status(task, state);
        resend(framework, status, latest);
        return status;
    }

    TaskStatus status(String task, TaskState state) {
        return TaskStatus.newBuilder()
                .setTaskId(Messages.task(task))
                .setState(state)
                .setAgentId(info.getId())
                .setSource(TaskStatus.Source.SOURCE_EXECUTOR)
                .setTimestamp(1)
                .setUuid(uuid())
                .build();
    }

    void resend(FrameworkID framework, TaskStatus status, TaskState latest) {
        send(StatusUpdates.newBuilder()
                .addUpdates(StatusUpdate.newBuilder()
                        .setFrameworkId(framework)
                        .setStatus(status)
                        .setLatestState(latest))
                .build());
    }

    static ByteString uuid() {
        byte[] bytes = new byte[16];
        long value = nextUuid++;
        for (int i = 0; i < 8; i++) {
            bytes[15 - i] = (byte) (value >> (8 * i));
        }
        return ByteString.copyFrom(bytes);
    }

    /** A task as the agent describes it when it re-registers. */
    Task describe(FrameworkID framework, TaskInfo info, TaskState state) {
        return Task.newBuilder()
                .setName(info.getName())
                .setTaskId(info.getTaskId())
                .setFrameworkId(framework)
                .setAgentId(this.info.getId())
                .setState(state)
                .addAllResources(info.getResourcesList())
                .build();
    }

    /** The task of this id that a framework runs here, as the agent describes it. */
    Task describe(FrameworkID framework, String task, TaskState state) {
        TaskInfo found = connection
                .sent(RunTasks.class)
                .filter(run -> run.getFramework().getId().equals(framework))
                .flatMap(run -> run.getTasksList().stream())
                .filter(info -> info.getTaskId().getValue().equals(task))
                .findFirst()
                .orElseThrow();
        return describe(framework, found, state);
    }

    void send(Message message) {
        deliver(message);
        master.time.settle();
    }

    private void deliver(Message message) {
        master.endpoint.deliver(message, new RecordingExchange(connection, false, Optional.empty()));
    }

    <M extends Message> List<M> received(Class<M> type) {
        return new ArrayList<>(connection.sent(type).toList());
    }
}
