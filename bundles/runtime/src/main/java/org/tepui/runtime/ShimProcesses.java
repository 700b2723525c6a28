// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.runtime.ShimDirectory.Recorded;
import org.tepui.runtime.ShimEvent.Identity;

/**
 * Processes under shims: a small launcher process of the service's forks a shim for each, and the shim outlives both.
 *
 * <p>Under the runtime directory, which belongs on tmpfs and to one service, {@code processes/ID/pid} and
 * {@code processes/ID/exit} say what is known of a process; events on the FIFO {@code events} say it faster. So the
 * service, the launcher or a shim can be killed at any time:
 *
 * <ul>
 *   <li>the service: its next life finds everything by {@link #recover};
 *   <li>the launcher: another one is started, and what the first had not done is done by that one. A signal may
 *       arrive twice then;
 *   <li>a shim: what it looked after is killed, and its end reported with neither code nor signal. Processes which
 *       left their session are found only as long as the launcher that forked the shim lives.
 * </ul>
 *
 * <p>A process that ends takes all its descendants with it, and its end is reported when they are gone.
 *
 * <p>A process may find itself in the table in one phase of {@link ProcessPhase}. All state here is soft: the files
 * hold it.
 */
public final class ShimProcesses implements Processes, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ShimProcesses.class);
    private static final int LARGEST_SIGNAL = 64;
    /** How often a start is handed to a launcher before one takes it for the cause of the launcher's end. */
    private static final int ATTEMPTS = 3;
    /** Bytes of frames that wait for their start, more are refused. */
    private static final long STARTING_LIMIT = 64L << 20;

    private static final byte[] NO_FRAME = {};
    private static final Duration RESCAN_DELAY = Duration.ofSeconds(1);

    private final EventLoop loop;
    private final ThreadWorker worker;
    private final ShimDirectory directory;
    private final LaunchFrames frames = new LaunchFrames(ShimDirectory.nameCharset());
    private final LauncherKeeper launcher;
    private final Map<String, Supervised> processes = new LinkedHashMap<>();
    private final Map<Long, Supervised> byShim = new LinkedHashMap<>();
    /** Asked to be removed, and perhaps still recorded. */
    private final Deque<Forgotten> forgotten = new ArrayDeque<>();

    private @Nullable Listener listener;
    private @Nullable ShimEventReader events;
    private long startingBytes;
    private long sequence;
    private boolean rescanPlanned;

    /** What is known of one process. */
    private static final class Supervised {
        final String id;
        ProcessPhase phase;
        Identity identity;
        /** Starts it; empty once it runs. */
        byte[] frame = NO_FRAME;
        /** Of its last start frame, counted together with what was forgotten. */
        long sequence;

        int attempts;
        /** To be sent once it runs. */
        final List<Integer> waitingSignals = new ArrayList<>();

        int lastSignal;

        Supervised(String id, ProcessPhase phase, Identity identity) {
            this.id = id;
            this.phase = phase;
            this.identity = identity;
        }
    }

    private record Forgotten(long sequence, String id, Identity identity) {
        boolean isOf(Recorded recorded) {
            Identity recordedIdentity = recorded.identity();
            return id.equals(recorded.id())
                    && (recordedIdentity == null ? identity.pid() == 0 : recordedIdentity.sameProcess(identity));
        }
    }

    /**
     * Starts nothing yet: {@link #recover} does.
     *
     * @param loop of the service; all calls are made on it
     * @param program the executable {@code tepui-shim}
     * @param runtimeDirectory on tmpfs, for this service alone; made if missing
     */
    public ShimProcesses(EventLoop loop, Path program, Path runtimeDirectory) {
        this.loop = loop;
        this.worker = new ThreadWorker(loop.name() + "-launcher");
        this.directory = new ShimDirectory(runtimeDirectory.toAbsolutePath());
        this.launcher = new LauncherKeeper(loop, worker, program.toAbsolutePath(), directory, new LauncherOwner());
    }

    /**
     * As the interface says. Starts the launcher and reads the runtime directory, so it blocks for some milliseconds,
     * or up to 10 s if another service uses the directory.
     *
     * @throws UncheckedIOException if the shim cannot be run or the runtime directory cannot be used, saying why
     */
    @Override
    public List<Started> recover(Listener newListener) {
        loop.assertInLoop();
        if (listener != null) {
            throw new IllegalStateException("recover was called before");
        }
        listener = newListener;
        List<Recorded> records;
        try {
            directory.create();
            launcher.startFirst();
            // the FIFO before the files: what ends in between is told by one of the two
            events = new ShimEventReader(
                    loop.name(),
                    directory.fifo(),
                    ShimDirectory.nameCharset(),
                    batch -> loop.execute("shim events", () -> batch.forEach(this::apply)),
                    () -> loop.execute("plan rescan", this::planRescan));
            records = directory.scan();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot supervise processes in " + directory.path(), e);
        }
        List<Started> found = new ArrayList<>();
        for (Recorded recorded : records) {
            Started started = adopt(recorded);
            if (started != null) {
                found.add(started);
            }
        }
        return found;
    }

    /** Puts a process of an earlier life into the table; its end, if it is recorded, follows as an event. */
    private @Nullable Started adopt(Recorded recorded) {
        String id = recorded.id();
        Identity identity = recorded.identity();
        ShimEvent end = recorded.end();
        if (identity == null) {
            LOG.info("process {} of an earlier life was never executed", ProcessIds.shown(id));
            launcher.send(frames.forget(id));
            if (end != null) {
                tellNotStarted(id, end.reason());
            }
            return null;
        }
        Supervised process = new Supervised(id, ProcessPhase.RUNNING, identity);
        processes.put(id, process);
        byShim.put(identity.shim(), process);
        if (end == null) {
            launcher.send(frames.watch(id, identity));
        } else {
            loop.execute("recovered end", () -> apply(end));
        }
        return new Started(id, identity.pid(), identity.startTime());
    }

    @Override
    public void start(ProcessSpec spec) {
        loop.assertInLoop();
        listener();
        String id = spec.id();
        byte[] frame;
        try {
            frame = startFrame(spec);
        } catch (IllegalArgumentException e) {
            tellNotStarted(id, String.valueOf(e.getMessage()));
            return;
        }
        Supervised process = new Supervised(id, ProcessPhase.STARTING, Identity.NONE);
        process.frame = frame;
        startingBytes += frame.length;
        processes.put(id, process);
        sendStart(process);
    }

    private byte[] startFrame(ProcessSpec spec) {
        String id = spec.id();
        String problem = ProcessIds.problem(id);
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
        if (processes.containsKey(id)) {
            throw new IllegalArgumentException("a process with the id '" + ProcessIds.shown(id) + "' is there already");
        }
        byte[] frame = frames.start(spec);
        if (startingBytes + frame.length > STARTING_LIMIT) {
            throw new IllegalArgumentException("too much waits to be started: " + startingBytes + " bytes, at most "
                    + STARTING_LIMIT + " are allowed");
        }
        return frame;
    }

    private void sendStart(Supervised process) {
        process.attempts++;
        process.sequence = sequence++;
        launcher.send(process.frame);
    }

    /**
     * As the interface says; a process that is being started gets the signal once it runs.
     *
     * @throws IllegalArgumentException if the signal is not 1 to 64
     */
    @Override
    public void signal(String id, int signal) {
        loop.assertInLoop();
        if (signal < 1 || signal > LARGEST_SIGNAL) {
            throw new IllegalArgumentException("signal " + signal + " is out of range: 1 to 64 are allowed");
        }
        Supervised process = processes.get(id);
        if (process == null || process.phase == ProcessPhase.ENDED) {
            return;
        }
        if (process.phase == ProcessPhase.RUNNING) {
            sendSignal(process, signal);
        } else if (!process.waitingSignals.contains(signal)) {
            process.waitingSignals.add(signal);
        }
    }

    private void sendSignal(Supervised process, int signal) {
        process.lastSignal = signal;
        launcher.send(frames.signal(process.id, process.identity, signal));
    }

    /**
     * As the interface says; an unknown process is no error.
     *
     * @throws IllegalStateException if the process has not ended
     */
    @Override
    public void forget(String id) {
        loop.assertInLoop();
        Supervised process = processes.get(id);
        if (process == null) {
            return;
        }
        if (process.phase != ProcessPhase.ENDED) {
            throw new IllegalStateException(
                    "process " + id + " is " + process.phase + ": only one that ended can be" + " forgotten");
        }
        remove(process);
    }

    private void remove(Supervised process) {
        processes.remove(process.id);
        byShim.remove(process.identity.shim(), process);
        forgotten.add(new Forgotten(sequence++, process.id, process.identity));
        launcher.send(frames.forget(process.id));
    }

    /**
     * Ends the launcher and the threads; processes go on under their shims, for the next {@link #recover}. To be
     * called on the loop, or after the loop ended.
     */
    @Override
    public void close() {
        launcher.close();
        if (events != null) {
            events.close();
        }
        worker.close();
    }

    private Listener listener() {
        if (listener == null) {
            throw new IllegalStateException("recover was not called");
        }
        return listener;
    }

    /** The listener is told in events of their own, so that one which throws or calls back disturbs nothing here. */
    private void tellNotStarted(String id, String reason) {
        loop.execute("process not started", () -> listener().notStarted(id, reason));
    }

    private void apply(ShimEvent event) {
        Supervised process = processes.get(event.id());
        switch (event.type()) {
            case STARTED -> started(process, event.identity());
            case EXITED -> exited(process, event);
            case FAILED -> failed(process, event);
            case SHIM_GONE -> {
                Supervised left = process == null ? byShim.get(event.identity().shim()) : process;
                if (left != null && left.phase == ProcessPhase.RUNNING) {
                    launcher.send(frames.conclude(left.id));
                }
            }
            case SHIM_KILLED -> shimKilled(event.identity().shim());
        }
    }

    private void started(@Nullable Supervised process, Identity identity) {
        if (process == null || !process.phase.mayBecome(ProcessPhase.RUNNING)) {
            return;
        }
        endStarting(process);
        process.phase = ProcessPhase.RUNNING;
        process.identity = identity;
        byShim.put(identity.shim(), process);
        // the launcher reads in order, so what was to be forgotten before this start is
        while (!forgotten.isEmpty() && forgotten.getFirst().sequence < process.sequence) {
            forgotten.removeFirst();
        }
        Started event = new Started(process.id, identity.pid(), identity.startTime());
        loop.execute("process started", () -> listener().started(event));
        for (int signal : process.waitingSignals) {
            sendSignal(process, signal);
        }
        process.waitingSignals.clear();
    }

    private void endStarting(Supervised process) {
        startingBytes -= process.frame.length;
        process.frame = NO_FRAME;
    }

    private void exited(@Nullable Supervised process, ShimEvent event) {
        Identity identity = event.identity();
        if (process != null && process.phase == ProcessPhase.STARTING && identity.pid() != 0) {
            // the event before was lost
            started(process, identity);
        }
        if (process == null || !process.phase.mayBecome(ProcessPhase.ENDED)) {
            return;
        }
        if (identity.pid() != 0 && !identity.sameProcess(process.identity)) {
            LOG.warn("an end of process {} is of an earlier one with its id: ignored", process.id);
            return;
        }
        process.phase = ProcessPhase.ENDED;
        loop.execute("process exited", () -> listener().exited(process.id, event.status()));
    }

    private void failed(@Nullable Supervised process, ShimEvent event) {
        if (process == null || process.phase == ProcessPhase.ENDED) {
            return;
        }
        if (process.phase == ProcessPhase.RUNNING) {
            LOG.warn("what was recorded of process {} is lost: {}", process.id, event.reason());
            exited(process, ShimEvent.exited(process.id, Identity.NONE, ShimEvent.UNKNOWN_STATUS));
            return;
        }
        endStarting(process);
        remove(process);
        tellNotStarted(process.id, event.reason());
    }

    /** A shim that is not known to belong to anybody was starting something: a new launcher tells what came of it. */
    private void shimKilled(long shim) {
        Supervised process = byShim.get(shim);
        if (process == null) {
            LOG.warn("shim {} ended while it was starting a process", shim);
            launcher.replace();
        } else if (process.phase == ProcessPhase.RUNNING) {
            LOG.warn("shim {} of process {} was killed: what is left of the process is ended", shim, process.id);
            launcher.send(frames.conclude(process.id));
        }
    }

    private void planRescan() {
        if (!rescanPlanned) {
            rescanPlanned = true;
            loop.schedule(
                    "rescan", RESCAN_DELAY, () -> worker.submit("rescan", directory::scan, loop, this::rescanned));
        }
    }

    private void rescanned(@Nullable List<Recorded> records, @Nullable Exception failure) {
        rescanPlanned = false;
        if (records == null) {
            LOG.error("cannot read {}", directory.path(), failure);
            return;
        }
        for (Recorded recorded : records) {
            if (forgotten.stream().noneMatch(former -> former.isOf(recorded))) {
                applyRecord(recorded);
            }
        }
    }

    private void applyRecord(Recorded recorded) {
        if (recorded.identity() != null) {
            started(processes.get(recorded.id()), recorded.identity());
        }
        if (recorded.end() != null) {
            apply(recorded.end());
        }
    }

    private final class LauncherOwner implements LauncherKeeper.Owner {
        @Override
        public void launcherStarted(List<Recorded> records) {
            take(records);
            for (Supervised process : List.copyOf(processes.values())) {
                if (process.phase == ProcessPhase.RUNNING) {
                    launcher.send(frames.watch(process.id, process.identity));
                    if (process.lastSignal != 0) {
                        sendSignal(process, process.lastSignal);
                    }
                } else if (process.phase == ProcessPhase.STARTING && process.attempts < ATTEMPTS) {
                    sendStart(process);
                } else if (process.phase == ProcessPhase.STARTING) {
                    failed(process, ShimEvent.failed(process.id, "the launcher of shims ended each time it was asked"));
                }
            }
        }

        @Override
        public void launcherNotStarted(List<Recorded> records, String reason) {
            take(records);
            for (Supervised process : List.copyOf(processes.values())) {
                if (process.phase == ProcessPhase.STARTING) {
                    failed(process, ShimEvent.failed(process.id, reason));
                }
            }
        }

        /** Brings the table up to what the files say, and the files to what was forgotten. */
        private void take(List<Recorded> records) {
            Map<String, Recorded> left = new LinkedHashMap<>();
            records.forEach(recorded -> left.put(recorded.id(), recorded));
            for (Forgotten former : forgotten) {
                Recorded recorded = left.get(former.id);
                if (recorded != null && former.isOf(recorded)) {
                    left.remove(former.id);
                    launcher.send(frames.forget(former.id));
                }
            }
            for (Recorded recorded : left.values()) {
                if (recorded.identity() == null && recorded.end() == null) {
                    // claimed by a shim that died at once
                    launcher.send(frames.forget(recorded.id()));
                } else if (processes.containsKey(recorded.id())) {
                    applyRecord(recorded);
                } else {
                    LOG.warn("{} records process {}, which nobody asked for", directory.path(), recorded.id());
                }
            }
        }
    }
}
