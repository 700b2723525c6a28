// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import com.google.protobuf.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.api.metrics.MetricRegistry;
import org.tepui.proto.agent.AgentRecord;
import org.tepui.proto.convert.IdConversion;
import org.tepui.proto.convert.StateConversion;
import org.tepui.proto.internal.AgentRefused;
import org.tepui.proto.internal.AgentRegistered;
import org.tepui.proto.internal.KillTask;
import org.tepui.proto.internal.PingAgent;
import org.tepui.proto.internal.ReserveResources;
import org.tepui.proto.internal.RunTasks;
import org.tepui.proto.internal.ShutdownAgent;
import org.tepui.proto.internal.ShutdownFramework;
import org.tepui.proto.internal.StatusUpdateAcknowledgements;
import org.tepui.proto.internal.TaskReference;
import org.tepui.proto.internal.UpdateFramework;
import org.tepui.runtime.Address;
import org.tepui.runtime.Disk;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.Processes;
import org.tepui.runtime.Randomness;
import org.tepui.runtime.UserDatabase;
import org.tepui.transport.Endpoint;
import org.tepui.transport.Refusal;
import org.tepui.v1.TaskStatus.Reason;
import org.tepui.v1.agent.Call;

/**
 * The agent of one machine: registers with its master, runs the tasks that the master sends, and reports what
 * becomes of them until each report is acknowledged. The same class runs in production and in the simulator.
 *
 * <p>Everything in it happens on one loop, that of its endpoint. It is started once and stopped once. Tasks do not
 * notice when it stops: the next agent over the same work directory finds them again.
 */
public final class Agent {
    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);
    private static final Duration LONGEST_GRACE = Duration.ofHours(1);

    private final EventLoop loop;
    private final Endpoint endpoint;
    private final AgentConfig config;
    private final AgentMetrics metrics;
    private final AgentLog log;
    private final AgentIdentity identity;
    private final Reservations reservations;
    private final FrameworkManager frameworks;
    private final StatusUpdateManager updates;
    private final TaskLedger ledger;
    private final Sandboxes sandboxes;
    private final TaskManager tasks;
    private final MasterLink link;
    private final AgentRecovery recovery;
    private final OperatorCalls operatorCalls;
    private final SandboxCollector collector;
    private final CompletableFuture<String> ended = new CompletableFuture<>();
    private Address address;
    private boolean serving;
    private boolean stopped;

    /**
     * Makes an agent; nothing happens before {@link #start}.
     *
     * @param endpoint of this agent alone, without handlers; its loop becomes the agent's
     * @param processes of this agent alone, with their answers on that loop
     * @param disk for the work directory
     * @param workers for what blocks
     * @param randomness for ids and waits
     * @param users of the machine
     * @param registry where metrics are listed
     */
    public Agent(
            Endpoint endpoint,
            Processes processes,
            Disk disk,
            AgentWorkers workers,
            Randomness randomness,
            UserDatabase users,
            MetricRegistry registry,
            AgentConfig config) {
        this.loop = endpoint.loop();
        this.endpoint = endpoint;
        this.config = config;
        this.address = config.listen();
        SandboxPaths paths = new SandboxPaths(config.workDirectory());
        metrics = new AgentMetrics(registry, loop.clock());
        log = new AgentLog(loop, config.bounds().compactionBytes(), this::end, this::snapshot);
        identity = new AgentIdentity(log);
        reservations = new Reservations(log, identity);
        frameworks = new FrameworkManager(config.bounds(), metrics);
        updates = new StatusUpdateManager(loop, log, config.timings(), metrics, this::latestState);
        ledger = new TaskLedger(loop, randomness, log, frameworks, updates, metrics, this::completed);
        TaskStatuses statuses = new TaskStatuses(loop.clock(), randomness, this::id);
        sandboxes = new Sandboxes(loop, workers.sandboxes(), disk, users, paths, config.switchUser());
        tasks = new TaskManager(
                loop, config, frameworks, updates, ledger, statuses, sandboxes, processes, metrics, this::place);
        link = new MasterLink(
                endpoint,
                randomness,
                config,
                identity,
                metrics,
                new Registration(
                        config, identity, reservations, frameworks, updates, randomness, new Registration.Outcome() {
                            @Override
                            public void registered(AgentRegistered message) {
                                Agent.this.registered(message);
                            }

                            @Override
                            public void impossible(String reason) {
                                end(reason);
                            }
                        }));
        collector = new SandboxCollector(loop, disk, workers, config, metrics);
        operatorCalls = new OperatorCalls(
                loop, config, identity, new AgentViews(frameworks, updates), registry, workers.files());
        recovery = new AgentRecovery(loop, config, disk, workers, log, identity, ledger, reservations);
    }

    /**
     * Starts the agent: it recovers what it knew, listens, and looks for its master. From any thread.
     *
     * @return the address that was bound, once the agent listens; or an {@link AgentStartException} that says why
     *     it does not
     */
    public CompletableFuture<Address> start() {
        CompletableFuture<Address> started = new CompletableFuture<>();
        loop.execute("start agent", () -> {
            setHandlers();
            recovery.run(new AgentRecovery.Outcome() {
                @Override
                public void recovered() {
                    serve(started);
                }

                @Override
                public void failed(String reason) {
                    started.completeExceptionally(new AgentStartException(reason));
                }
            });
        });
        return started;
    }

    private void serve(CompletableFuture<Address> started) {
        try {
            tasks.recover();
            serving = true;
            address = endpoint.listen(config.listen());
        } catch (UncheckedIOException e) {
            started.completeExceptionally(new AgentStartException(e.getMessage() + ": " + e.getCause()));
            return;
        } catch (IOException e) {
            started.completeExceptionally(
                    new AgentStartException("cannot listen on " + config.listen() + ": " + e.getMessage()));
            return;
        }
        collector.start(sandboxesInUse());
        identity.configure(identity.info().toBuilder().setPort(address.port()).build());
        metrics.resources.total(identity.info().getResourcesList());
        link.start();
        LOG.info(
                "Agent {} listens on {}, with {} tasks",
                identity.id().map(AgentId::value).orElse("without id"),
                address,
                frameworks.taskCount());
        started.complete(address);
    }

    /**
     * Completes with a sentence when the agent cannot or must not go on: the master refused it or told it to shut
     * down, or its log cannot be written. Its owner then stops it.
     */
    public CompletableFuture<String> ended() {
        return ended.copy();
    }

    /**
     * Stops the agent; what was recorded becomes durable first, and tasks go on. From any thread.
     *
     * @return completed when nothing of the agent is left
     */
    public CompletableFuture<Void> stop() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.execute("stop agent", () -> {
            if (!stopped) {
                stopped = true;
                link.stop();
                updates.pause();
                collector.stop();
                endpoint.close();
            }
            log.close(() -> {
                recovery.release();
                done.complete(null);
            });
        });
        return done;
    }

    /**
     * Ends all tasks, as a kill of each would. From any thread, before {@link #stop}.
     *
     * @param longestGrace between SIGTERM and SIGKILL at most
     * @return completed when no process is left
     */
    public CompletableFuture<Void> endTasks(Duration longestGrace) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.execute("end tasks", () -> tasks.endAll(longestGrace, () -> done.complete(null)));
        return done;
    }

    private void end(String reason) {
        if (ended.complete(reason)) {
            LOG.error("The agent ends: {}", reason);
            link.stop();
            updates.pause();
        }
    }

    private void setHandlers() {
        endpoint.handle(Call.getDefaultInstance(), (call, exchange) -> {
            if (serving) {
                operatorCalls.handle(call, exchange);
            } else {
                exchange.refuse(Refusal.Kind.UNAVAILABLE, "the agent is recovering");
            }
        });
        fromMaster(AgentRegistered.getDefaultInstance(), link::registered);
        fromMaster(PingAgent.getDefaultInstance(), link::pinged);
        fromMaster(AgentRefused.getDefaultInstance(), m -> end("the master refused this agent: " + m.getReason()));
        fromMaster(ShutdownAgent.getDefaultInstance(), this::shutDown);
        fromMaster(ReserveResources.getDefaultInstance(), reservations::take);
        fromMaster(RunTasks.getDefaultInstance(), this::run);
        fromMaster(KillTask.getDefaultInstance(), tasks::kill);
        fromMaster(
                ShutdownFramework.getDefaultInstance(),
                m -> tasks.endFramework(IdConversion.toApi(m.getFrameworkId())));
        fromMaster(UpdateFramework.getDefaultInstance(), this::update);
        fromMaster(
                StatusUpdateAcknowledgements.getDefaultInstance(),
                m -> m.getAcknowledgementsList().forEach(ledger::acknowledge));
    }

    /** Orders are taken on the connection to the master alone, which the agent opened itself. */
    private <M extends Message> void fromMaster(M prototype, Consumer<M> handler) {
        String name = prototype.getDescriptorForType().getName();
        endpoint.handle(prototype, (message, exchange) -> {
            if (!link.isMaster(exchange.connection())) {
                metrics.foreignMessages.increment();
                exchange.refuse(Refusal.Kind.FORBIDDEN, name + " is taken from the master of this agent alone");
                return;
            }
            try {
                handler.accept(message);
                exchange.accept();
            } catch (IllegalArgumentException e) {
                LOG.warn("Refused {}: {}", name, e.getMessage());
                exchange.refuse(Refusal.Kind.BAD_REQUEST, String.valueOf(e.getMessage()));
            }
        });
    }

    private void registered(AgentRegistered message) {
        sandboxes.linkAgent(id(), problem -> LOG.warn("No link to the directory of this agent: {}", problem));
        updates.resume(link::send);
        for (TaskReference reference : message.getUnknownTasksList()) {
            tasks.answerUnknown(TaskKey.of(reference), Reason.REASON_RECONCILIATION, "The task is not on this agent");
        }
    }

    private void run(RunTasks message) {
        if (identity.id().isEmpty()) {
            throw new IllegalArgumentException("the agent has no id yet and runs no tasks");
        }
        tasks.run(message);
    }

    private void update(UpdateFramework message) {
        FrameworkId id = IdConversion.toApi(message.getFramework().getId());
        if (frameworks.isActive(id)) {
            ledger.learn(message.getFramework());
        }
    }

    private void shutDown(ShutdownAgent message) {
        LOG.warn("The master told this agent to shut down: {}", message.getMessage());
        tasks.endAll(LONGEST_GRACE, () -> end("the master told this agent to shut down: " + message.getMessage()));
    }

    private AgentId id() {
        return identity.id().orElseThrow(() -> new IllegalStateException("the agent has no id yet"));
    }

    private TaskCommand.Place place() {
        return new TaskCommand.Place(id(), new Address(config.hostname(), address.port()), link.master());
    }

    private Optional<org.tepui.v1.TaskState> latestState(TaskKey key) {
        return frameworks.task(key).map(task -> StateConversion.toWire(task.state()));
    }

    private void completed(AgentTask task) {
        if (serving) {
            collector.ended(sandboxOf(task));
        }
    }

    private Set<Path> sandboxesInUse() {
        Set<Path> inUse = new LinkedHashSet<>();
        frameworks.tasks().forEach(task -> inUse.add(sandboxOf(task)));
        return inUse;
    }

    private Path sandboxOf(AgentTask task) {
        return sandboxes.paths().sandbox(id(), task.key(), task.container());
    }

    private void snapshot(Consumer<AgentRecord> records) {
        identity.snapshot(records);
        reservations.snapshot(records);
        ledger.snapshot(records);
    }
}
