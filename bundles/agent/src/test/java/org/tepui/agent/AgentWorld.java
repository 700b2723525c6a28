// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;
import org.tepui.api.metrics.MetricRegistry;
import org.tepui.proto.internal.AgentRegistered;
import org.tepui.proto.internal.PingAgent;
import org.tepui.proto.internal.RegisterAgent;
import org.tepui.proto.internal.ReregisterAgent;
import org.tepui.proto.internal.RunTasks;
import org.tepui.proto.internal.StatusUpdate;
import org.tepui.proto.internal.StatusUpdateAcknowledgement;
import org.tepui.proto.internal.StatusUpdateAcknowledgements;
import org.tepui.proto.internal.TaskReference;
import org.tepui.runtime.Address;
import org.tepui.runtime.Disk;
import org.tepui.runtime.Processes;
import org.tepui.runtime.Randomness;
import org.tepui.runtime.SystemDisk;
import org.tepui.runtime.UserDatabase;
import org.tepui.v1.AgentID;
import org.tepui.v1.CommandInfo;
import org.tepui.v1.FrameworkID;
import org.tepui.v1.FrameworkInfo;
import org.tepui.v1.FrameworkInfo.Capability;
import org.tepui.v1.MasterInfo;
import org.tepui.v1.TaskID;
import org.tepui.v1.TaskInfo;
import org.tepui.v1.TaskState;

/** One agent with a master that the test plays, on a machine whose processes and time the test moves. */
final class AgentWorld {
    static final String AGENT_ID = "m1-S0";
    static final Duration REGISTRATION = Duration.ofSeconds(1);

    final Path workDirectory;
    final FakeProcesses machine = new FakeProcesses();
    final ManualLoop loop = new ManualLoop();
    final Disk disk;
    MetricRegistry metrics = new MetricRegistry();
    FakeMaster master = new FakeMaster(loop);
    AgentConfig config;

    @Nullable
    Agent agent;

    private final List<Disk.DirectoryLock> locks = new ArrayList<>();
    private final SeededRandomness randomness = new SeededRandomness();

    AgentWorld(Path workDirectory) {
        this(workDirectory, new SystemDisk());
    }

    AgentWorld(Path workDirectory, Disk disk) {
        this.workDirectory = workDirectory;
        this.disk = withLocksOfThisProcess(disk);
        this.config = new AgentConfig(
                new Address("127.0.0.1", 0),
                "host1",
                new Address("127.0.0.1", 5050),
                workDirectory,
                Optional.of("cpus:4;mem:1024;disk:1024;ports:[31000-32000]"),
                "rack:a1",
                true,
                "0.1.0",
                AgentConfig.Timings.DEFAULT,
                AgentConfig.Bounds.DEFAULT);
    }

    /** The operating system frees the locks of a process that dies. */
    private Disk withLocksOfThisProcess(Disk real) {
        return (Disk) Proxy.newProxyInstance(
                Disk.class.getClassLoader(), new Class<?>[] {Disk.class}, (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(real, arguments);
                        if (result instanceof Disk.DirectoryLock lock) {
                            locks.add(lock);
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** Starts an agent over the work directory. */
    CompletableFuture<Address> start() {
        Agent made = new Agent(
                master,
                machine.view(loop),
                disk,
                new AgentWorkers(loop, loop, loop),
                randomness,
                new OneUser(),
                metrics,
                config);
        agent = made;
        CompletableFuture<Address> started = made.start();
        loop.settle();
        return started;
    }

    /** Starts an agent and registers it. */
    AgentWorld running() {
        assertThat(start()).isCompleted();
        register();
        return this;
    }

    /** Answers the registration of the agent. */
    void register() {
        master.connect();
        loop.advance(REGISTRATION);
        assertThat(master.sent).isNotEmpty();
        master.sent.removeIf(m -> m instanceof RegisterAgent);
        admit();
    }

    void admit(TaskReference... unknown) {
        master.send(AgentRegistered.newBuilder()
                .setAgentId(AgentID.newBuilder().setValue(AGENT_ID))
                .setMaster(MasterInfo.newBuilder().setId("m1").setIp(0).setPort(5050))
                .setPingTimeoutMs(75_000)
                .addAllUnknownTasks(List.of(unknown))
                .build());
    }

    /** The master lost track of the agent, and admits it again. */
    void admitAgain(TaskReference... unknown) {
        ping(false);
        admit(unknown);
    }

    void ping(boolean connected) {
        master.send(PingAgent.newBuilder().setConnected(connected).build());
    }

    /** The agent's process dies without a word; a new one starts. */
    void restart() {
        crash();
        assertThat(start()).isCompleted();
    }

    void crash() {
        loop.die();
        locks.forEach(Disk.DirectoryLock::close);
        locks.clear();
        master = new FakeMaster(loop);
        metrics = new MetricRegistry();
    }

    ReregisterAgent reregister() {
        master.connect();
        loop.advance(REGISTRATION);
        List<ReregisterAgent> asked = master.take(ReregisterAgent.class);
        assertThat(asked).isNotEmpty();
        admit();
        return asked.get(asked.size() - 1);
    }

    void run(FrameworkInfo framework, TaskInfo... tasks) {
        master.send(RunTasks.newBuilder()
                .setFramework(framework)
                .addAllTasks(List.of(tasks))
                .build());
    }

    /** Acknowledges a status as its scheduler does. */
    void acknowledge(StatusUpdate update) {
        acknowledge(update, update.getStatus().getUuid());
    }

    void acknowledge(StatusUpdate update, ByteString uuid) {
        master.send(StatusUpdateAcknowledgements.newBuilder()
                .addAcknowledgements(StatusUpdateAcknowledgement.newBuilder()
                        .setTask(TaskReference.newBuilder()
                                .setFrameworkId(update.getFrameworkId())
                                .setTaskId(update.getStatus().getTaskId()))
                        .setUuid(uuid))
                .build());
    }

    /** Takes the one status that the agent sent, and acknowledges it. */
    StatusUpdate expect(String taskId, TaskState state) {
        StatusUpdate update = expectUnacknowledged(taskId, state);
        acknowledge(update);
        return update;
    }

    StatusUpdate expectUnacknowledged(String taskId, TaskState state) {
        List<StatusUpdate> updates = master.takeUpdates();
        assertThat(updates)
                .extracting(u -> u.getStatus().getTaskId().getValue() + " "
                        + u.getStatus().getState())
                .containsExactly(taskId + " " + state);
        return updates.get(0);
    }

    double metric(String name) {
        return metrics.snapshot().getOrDefault(name, Double.NaN);
    }

    Path sandbox(Processes.ProcessSpec spec) {
        return spec.workingDirectory();
    }

    static FrameworkInfo framework(Capability.Type... capabilities) {
        FrameworkInfo.Builder framework = FrameworkInfo.newBuilder()
                .setId(FrameworkID.newBuilder().setValue("m1-0000"))
                .setUser("")
                .setName("test");
        for (Capability.Type type : capabilities) {
            framework.addCapabilities(Capability.newBuilder().setType(type));
        }
        return framework.build();
    }

    static TaskInfo task(String id) {
        return task(id, "sleep 100");
    }

    static TaskInfo task(String id, String command) {
        return TaskInfo.newBuilder()
                .setName(id)
                .setTaskId(TaskID.newBuilder().setValue(id))
                .setAgentId(AgentID.newBuilder().setValue(AGENT_ID))
                .setCommand(CommandInfo.newBuilder().setValue(command))
                .build();
    }

    static TaskReference reference(String taskId) {
        return TaskReference.newBuilder()
                .setFrameworkId(framework().getId())
                .setTaskId(TaskID.newBuilder().setValue(taskId))
                .build();
    }

    /** Knows one user, who is the one that runs the test, so that files can be given to him. */
    private static final class OneUser implements UserDatabase {
        @Override
        public Optional<User> find(String name) throws IOException {
            int uid = (int) java.nio.file.Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            int gid = (int) java.nio.file.Files.getAttribute(Path.of("/proc/self"), "unix:gid");
            return name.equals("alice")
                    ? Optional.of(new User(name, new Processes.UserIds(uid, gid, List.of(gid)), "/home/alice"))
                    : Optional.empty();
        }
    }

    private static final class SeededRandomness implements Randomness {
        private final RandomGenerator generator =
                RandomGeneratorFactory.of("L64X128MixRandom").create(7);

        @Override
        public UUID nextUuid() {
            return new UUID(generator.nextLong(), generator.nextLong());
        }

        @Override
        public long nextLong() {
            return generator.nextLong();
        }
    }
}
