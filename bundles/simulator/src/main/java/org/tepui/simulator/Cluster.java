// SPDX-License-Identifier: Apache-2.0
package org.tepui.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.tepui.agent.Agent;
import org.tepui.agent.AgentConfig;
import org.tepui.agent.AgentWorkers;
import org.tepui.allocators.drf.DrfAllocatorFactory;
import org.tepui.api.metrics.MetricRegistry;
import org.tepui.driver.DriverConfig;
import org.tepui.driver.EndpointSchedulerDriver;
import org.tepui.driver.SchedulerDriver;
import org.tepui.master.AllocatorSettings;
import org.tepui.master.Master;
import org.tepui.master.MasterConfig;
import org.tepui.master.MasterFiles;
import org.tepui.master.MasterParts;
import org.tepui.master.PolicyOffering;
import org.tepui.registrar.DiskRegistrar;
import org.tepui.registrar.RegistryLimits;
import org.tepui.runtime.Address;
import org.tepui.runtime.Processes;
import org.tepui.runtime.UserDatabase;
import org.tepui.runtime.simulated.ProcessPlan;
import org.tepui.runtime.simulated.SimulatedNode;
import org.tepui.runtime.simulated.SimulatedWorld;
import org.tepui.transport.EndpointLimits;
import org.tepui.transport.EpochRule;
import org.tepui.transport.LocalPeer;
import org.tepui.transport.MessageEndpoint;
import org.tepui.transport.TransportCounters;
import org.tepui.v1.FrameworkInfo;

/** The nodes of a simulated cluster and how each starts: production classes over what its node offers. */
final class Cluster {
    static final Address MASTER = new Address("master", 5050);
    private static final String VERSION = "simulated";
    private static final int AGENT_PORT = 5051;
    private static final double FAILOVER_TIMEOUT_SECONDS = 7 * 24 * 3600;

    private final SimulatedWorld world;
    private final Scenario scenario;
    private final Oracle oracle;
    private final List<WorkloadScheduler.Memory> memories = new ArrayList<>();
    private @Nullable MessageEndpoint masterEndpoint;

    Cluster(SimulatedWorld world, Scenario scenario, Oracle oracle) {
        this.world = world;
        this.scenario = scenario;
        this.oracle = oracle;
    }

    void start() {
        master().start(this::startMaster);
        for (int i = 1; i <= scenario.agents(); i++) {
            agent(i).machine().setBehaviour(behaviour(agent(i)));
            agent(i).start(this::startAgent);
        }
        for (int i = 1; i <= scenario.frameworks(); i++) {
            int number = i;
            memories.add(new WorkloadScheduler.Memory());
            scheduler(i).start(node -> startScheduler(number, node));
        }
    }

    SimulatedNode master() {
        return world.node("master");
    }

    SimulatedNode agent(int number) {
        return world.node("agent-" + number);
    }

    SimulatedNode scheduler(int number) {
        return world.node("scheduler-" + number);
    }

    /** Asks operator calls of the master on its loop, if there is one at present. */
    void askMaster(Consumer<MessageEndpoint> question) {
        MessageEndpoint endpoint = masterEndpoint;
        if (endpoint != null && master().isRunning()) {
            endpoint.loop().execute("ask master", () -> question.accept(endpoint));
        }
    }

    /** Nothing runs any more: no machine may have a process. */
    void checkProcesses() {
        for (int i = 1; i <= scenario.agents(); i++) {
            List<String> running = agent(i).machine().running();
            if (!running.isEmpty()) {
                oracle.violated("I15", agent(i).name() + " has processes at rest: " + running);
            }
        }
    }

    private static MessageEndpoint endpoint(SimulatedNode node, String role, MetricRegistry metrics) {
        return new MessageEndpoint(
                node.newLoop(role),
                node.network(),
                node.randomness(),
                new LocalPeer(role, VERSION),
                EndpointLimits.DEFAULTS,
                EpochRule.REFUSE_OLDER_MASTERS,
                TransportCounters.in(metrics));
    }

    private void startMaster(SimulatedNode node) {
        MetricRegistry metrics = new MetricRegistry();
        MessageEndpoint endpoint = endpoint(node, "master", metrics);
        DiskRegistrar registrar = new DiskRegistrar(new DiskRegistrar.Settings(
                Path.of("/master"),
                node.disk(),
                node.newWorker("registrar"),
                endpoint.loop(),
                RegistryLimits.DEFAULT,
                metrics));
        Master master = new Master(new MasterParts(
                MasterConfig.defaults(),
                VERSION,
                endpoint,
                new SimulatedPolicyLoops(node),
                AllocatorSettings.defaults(),
                registrar,
                node.randomness(),
                metrics,
                MasterFiles.NONE,
                endpoint::setEpoch,
                reason -> oracle.violated("I3", "the master resigned: " + reason)));
        DrfAllocatorFactory drf = new DrfAllocatorFactory();
        master.addAllocator(PolicyOffering.of(drf, Map.of()));
        master.addAllocator(PolicyOffering.of(new FaultyPolicy(drf, node.randomness()), Map.of()));
        masterEndpoint = endpoint;
        try {
            endpoint.listen(MASTER);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        master.start(MASTER, () -> {});
    }

    private void startAgent(SimulatedNode node) {
        MetricRegistry metrics = new MetricRegistry();
        MessageEndpoint endpoint = endpoint(node, "agent", metrics);
        AgentConfig config = new AgentConfig(
                new Address(node.name(), AGENT_PORT),
                node.name(),
                MASTER,
                Path.of("/agent"),
                Optional.of("cpus:4;mem:4096;disk:10000;ports:[31000-32000]"),
                "",
                true,
                VERSION,
                AgentConfig.Timings.DEFAULT,
                AgentConfig.Bounds.DEFAULT);
        AgentWorkers workers =
                new AgentWorkers(node.newWorker("log"), node.newWorker("sandboxes"), node.newWorker("files"));
        UserDatabase users =
                name -> Optional.of(new UserDatabase.User(name, new Processes.UserIds(1000, 1000, List.of()), "/"));
        Agent agent = new Agent(
                endpoint,
                node.processes(endpoint.loop()),
                node.disk(),
                workers,
                node.randomness(),
                users,
                metrics,
                config);
        var unused = agent.start().whenComplete((address, failure) -> {
            if (failure != null) {
                oracle.violated("I3", node.name() + " does not start: " + failure.getMessage());
            }
        });
    }

    private java.util.function.Function<Processes.ProcessSpec, ProcessPlan> behaviour(SimulatedNode node) {
        return spec -> {
            String framework = spec.environment().getOrDefault("MESOS_FRAMEWORK_ID", "");
            String task = spec.environment().getOrDefault("MESOS_TASK_ID", "");
            oracle.processStarted(new TaskName(numberOf(framework), task), node.name());
            int kind = node.randomness().nextInt(20);
            if (kind == 0) {
                return stubborn(node);
            }
            Duration runTime = Duration.ofMillis(node.randomness().nextInt(kind == 1 ? 120_000 : 30_000));
            return ProcessPlan.exits(runTime, kind == 2 ? 1 : 0);
        };
    }

    /** Runs for a while and takes no notice of SIGTERM. */
    private static ProcessPlan stubborn(SimulatedNode node) {
        return new ProcessPlan(
                Optional.empty(), Duration.ofMillis(node.randomness().nextInt(60_000)), 0, true);
    }

    private int numberOf(String frameworkId) {
        for (int i = 0; i < memories.size(); i++) {
            var id = memories.get(i).frameworkId;
            if (id != null && id.getValue().equals(frameworkId)) {
                return i + 1;
            }
        }
        return -1;
    }

    private void startScheduler(int number, SimulatedNode node) {
        WorkloadScheduler.Memory memory = memories.get(number - 1);
        MessageEndpoint endpoint = endpoint(node, "driver", new MetricRegistry());
        FrameworkInfo.Builder framework = FrameworkInfo.newBuilder()
                .setName("framework-" + number)
                .setUser("user")
                .setFailoverTimeout(FAILOVER_TIMEOUT_SECONDS)
                .addRoles("role-" + number % 2)
                .addCapabilities(
                        FrameworkInfo.Capability.newBuilder().setType(FrameworkInfo.Capability.Type.MULTI_ROLE));
        if (number % 2 == 0) {
            framework.addCapabilities(
                    FrameworkInfo.Capability.newBuilder().setType(FrameworkInfo.Capability.Type.PARTITION_AWARE));
        }
        if (memory.frameworkId != null) {
            framework.setId(memory.frameworkId);
        }
        WorkloadScheduler scheduler = new WorkloadScheduler(
                number, scenario.tasksPerFramework(), memory, oracle, node.randomness(), endpoint.loop());
        SchedulerDriver driver = new EndpointSchedulerDriver(
                DriverConfig.of(MASTER, framework.build()).withExplicitAcknowledgement(), scheduler, endpoint);
        driver.start();
        endpoint.loop().execute("start workload", () -> scheduler.start(driver));
    }
}
