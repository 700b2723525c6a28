// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.api.resources.Attribute;
import org.tepui.api.resources.Resources;
import org.tepui.proto.agent.AgentRecord;
import org.tepui.proto.convert.AttributeConversion;
import org.tepui.proto.convert.DomainConversion;
import org.tepui.proto.convert.ReservationFormat;
import org.tepui.proto.convert.ResourceConversion;
import org.tepui.proto.validation.AgentInfoRules;
import org.tepui.runtime.Disk;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.RecordLog;
import org.tepui.v1.AgentInfo;

/**
 * The first steps of an agent: takes possession of its work directory, reads its log, and decides whether it is the
 * agent that wrote it.
 *
 * <p>It is, if it offers the same as before; the port may be another. Where it offers something else, tasks that
 * are still in the log decide: without any it becomes a new agent with a new id, and with some it refuses to start,
 * since they hold resources that it might not have any more.
 */
final class AgentRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(AgentRecovery.class);

    private final EventLoop loop;
    private final AgentConfig config;
    private final Disk disk;
    private final AgentWorkers workers;
    private final AgentLog log;
    private final AgentIdentity identity;
    private final TaskLedger ledger;
    private final Reservations reservations;
    private final MachineResources machine;
    private Disk.@Nullable DirectoryLock lock;

    AgentRecovery(
            EventLoop loop,
            AgentConfig config,
            Disk disk,
            AgentWorkers workers,
            AgentLog log,
            AgentIdentity identity,
            TaskLedger ledger,
            Reservations reservations) {
        this.loop = loop;
        this.config = config;
        this.disk = disk;
        this.workers = workers;
        this.log = log;
        this.identity = identity;
        this.ledger = ledger;
        this.reservations = reservations;
        this.machine = new MachineResources(
                disk, config.workDirectory(), Runtime.getRuntime().availableProcessors());
    }

    /** How it went. On the loop. */
    interface Outcome {
        /** The state of the earlier life is there again, and the identity describes this agent but for its port. */
        void recovered();

        /** The agent cannot start; a sentence for the operator. */
        void failed(String reason);
    }

    /** Starts it. */
    void run(Outcome outcome) {
        loop.assertInLoop();
        workers.sandboxes().submit("take work directory", this::takeWorkDirectory, loop, (taken, failure) -> {
            lock = taken;
            if (taken == null) {
                outcome.failed("work_dir " + config.workDirectory() + " cannot be used: " + reason(failure));
            } else {
                readLog(outcome);
            }
        });
    }

    private Disk.DirectoryLock takeWorkDirectory() throws IOException {
        return disk.lock(paths().metaDirectory());
    }

    /** Gives the work directory back: to be called when the log is closed. */
    void release() {
        Disk.DirectoryLock held = lock;
        lock = null;
        if (held != null) {
            held.close();
        }
    }

    private void readLog(Outcome outcome) {
        RecordLog.Settings settings = new RecordLog.Settings(paths().log(), disk, workers.log(), loop, log.watcher());
        log.open(settings, (records, problem) -> {
            if (records == null) {
                outcome.failed(problem == null ? "the log cannot be read" : problem);
                return;
            }
            try {
                replay(records);
            } catch (IllegalArgumentException e) {
                outcome.failed("the log " + paths().log() + " has a record that breaks a rule: " + e.getMessage());
                return;
            }
            describe(outcome);
        });
    }

    private void replay(List<AgentRecord> records) {
        for (AgentRecord record : records) {
            if (record.hasAdmitted()) {
                identity.replay(record.getAdmitted());
            } else if (record.hasResourcesReserved()) {
                reservations.replay(record.getResourcesReserved());
            } else {
                ledger.replay(record);
            }
        }
        ledger.replayed();
    }

    private void describe(Outcome outcome) {
        Optional<AgentInfo> recorded = identity.recorded();
        workers.sandboxes().submit("look at the machine", () -> description(recorded), loop, (info, failure) -> {
            if (info == null) {
                outcome.failed("the machine cannot be described: " + reason(failure));
                return;
            }
            Optional<String> problem = AgentInfoRules.problem(info);
            if (problem.isPresent()) {
                outcome.failed("the agent cannot be described as it is configured: " + problem.get());
            } else {
                decide(info, outcome);
            }
        });
    }

    private AgentInfo description(Optional<AgentInfo> recorded) {
        Resources earlier = recorded.map(info -> ResourceConversion.toApi(info.getResourcesList()))
                .orElseGet(Resources::empty);
        Resources resources = machine.of(config.resources(), earlier);
        AgentInfo.Builder info = AgentInfo.newBuilder()
                .setHostname(config.hostname())
                .addAllResources(ResourceConversion.toWire(resources, ReservationFormat.STACK))
                .addAllAttributes(AttributeConversion.toWire(Attribute.parse(config.attributes())));
        config.domain().map(DomainConversion::toWire).ifPresent(info::setDomain);
        return info.build();
    }

    private void decide(AgentInfo info, Outcome outcome) {
        Optional<AgentInfo> recorded = identity.recorded();
        boolean same = recorded.map(earlier -> isSame(earlier, info)).orElse(true);
        if (!same && ledger.isEmpty() && reservations.isEmpty()) {
            LOG.info("This agent offers something else than {} did: it registers as a new one", identity.id());
            identity.reset();
        } else if (!same) {
            outcome.failed("work_dir " + config.workDirectory() + " belongs to another agent, which has "
                    + (ledger.isEmpty() ? "reservations" : "tasks") + ": it is ("
                    + show(recorded.orElse(info)) + "), and this one is (" + show(info)
                    + "). Start it as before, or with another work_dir");
            return;
        }
        identity.configure(info);
        outcome.recovered();
    }

    private static boolean isSame(AgentInfo earlier, AgentInfo now) {
        return earlier.toBuilder().clearId().clearPort().build().equals(now);
    }

    private static String show(AgentInfo info) {
        return "hostname " + info.getHostname() + ", resources " + ResourceConversion.toApi(info.getResourcesList())
                + ", " + info.getAttributesCount() + " attributes";
    }

    /** What failed, in words: the exceptions of files often name the path alone. */
    private static String reason(@Nullable Exception failure) {
        if (failure instanceof AccessDeniedException) {
            return "permission denied: " + failure.getMessage();
        }
        if (failure instanceof FileSystemException || failure == null) {
            return String.valueOf(failure);
        }
        return String.valueOf(failure.getMessage());
    }

    private SandboxPaths paths() {
        return new SandboxPaths(config.workDirectory());
    }
}
