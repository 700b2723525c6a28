// SPDX-License-Identifier: Apache-2.0
package org.tepui.registrar;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.api.metrics.MetricRegistry;
import org.tepui.api.metrics.TimerMetric;
import org.tepui.proto.registry.MasterStarted;
import org.tepui.proto.registry.Record;
import org.tepui.proto.registry.RecordBatch;
import org.tepui.runtime.Disk;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.LogOverloadedException;
import org.tepui.runtime.LogRecovery;
import org.tepui.runtime.RecordLog;
import org.tepui.runtime.Worker;

/**
 * A registry on the disk of the one machine that a master runs on: one log, {@code registry.log} in the work
 * directory, which belongs to this master while it runs. When the log is long and mostly about the past, a snapshot
 * of the state takes its place.
 *
 * <p>While the disk is full nothing is acknowledged, and everything waits until it is not.
 */
public final class DiskRegistrar implements Registrar {
    /** The file in the work directory. */
    public static final String FILE_NAME = "registry.log";

    private static final Logger LOG = LoggerFactory.getLogger(DiskRegistrar.class);
    private static final long SHORT_LOG_BYTES = 1 << 20;
    private static final int SNAPSHOT_FACTOR = 4;
    private static final int SNAPSHOT_BATCH_BYTES = 256 << 10;

    private final Settings settings;
    private final EventLoop loop;
    private final RegistryState state;
    private final TimerMetric storeTime;
    private @Nullable Owner owner;
    private Disk.@Nullable DirectoryLock lock;
    private @Nullable RecordLog log;
    private boolean opening;
    private @Nullable Runnable whenOpened;
    private boolean started;
    private boolean stopping;
    private boolean failed;
    private long compactAtBytes = SHORT_LOG_BYTES;
    private volatile long fileBytes;
    private volatile long queued;

    /**
     * What a registrar is made of.
     *
     * @param workDirectory made if missing
     * @param worker does all that blocks
     * @param loop the master's
     * @param metrics get {@code registrar/...}
     */
    public record Settings(
            Path workDirectory,
            Disk disk,
            Worker worker,
            EventLoop loop,
            RegistryLimits limits,
            MetricRegistry metrics) {}

    /** Makes a registrar that has read nothing yet. */
    public DiskRegistrar(Settings settings) {
        this.settings = settings;
        this.loop = settings.loop();
        this.state = new RegistryState(settings.limits());
        this.storeTime = settings.metrics().timer("registrar/state_store");
        settings.metrics().gauge("registrar/registry_size_bytes", () -> fileBytes);
        settings.metrics().gauge("registrar/queued_operations", () -> queued);
    }

    @Override
    public void start(String masterId, Owner newOwner) {
        loop.assertInLoop();
        if (owner != null) {
            throw new IllegalStateException("the registrar was started before");
        }
        owner = newOwner;
        opening = true;
        long begin = loop.clock().nanoTime();
        settings.worker().submit("lock registry", this::takeLock, loop, (taken, failure) -> {
            lock = taken;
            if (failure != null) {
                fail("the work directory of the master cannot be used: " + describe(failure));
                endOpening();
            } else {
                open(masterId, begin);
            }
        });
    }

    private Disk.DirectoryLock takeLock() throws IOException {
        return settings.disk().lock(settings.workDirectory());
    }

    private void open(String masterId, long begin) {
        Path file = settings.workDirectory().resolve(FILE_NAME);
        RecordLog.Settings logSettings =
                new RecordLog.Settings(file, settings.disk(), settings.worker(), loop, new LogWatcher());
        RecordLog.open(logSettings, (opened, failure) -> {
            if (opened == null) {
                fail("the registry " + file + " cannot be read: " + (failure == null ? "" : describe(failure)));
            } else {
                log = opened.log();
                report(opened.recovery());
                if (whenOpened == null && replayAll(file, opened.records())) {
                    settings.metrics()
                            .timer("registrar/state_fetch")
                            .record(loop.clock().nanoTime() - begin);
                    setCompaction(snapshotBytes(snapshot()));
                    recordStart(opened.log(), masterId);
                }
            }
            endOpening();
        });
    }

    /** Whoever asked to stop meanwhile had to wait: the file was not to be touched by two. */
    private void endOpening() {
        opening = false;
        Runnable waits = whenOpened;
        if (waits != null) {
            whenOpened = null;
            letGo(waits);
        }
    }

    private static void report(LogRecovery recovery) {
        switch (recovery.outcome()) {
            case CREATED, INTACT, TAIL_CUT -> LOG.info("{}", recovery.explanation());
            case DAMAGED -> LOG.error("{}", recovery.explanation());
        }
    }

    private boolean replayAll(Path file, List<byte[]> batches) {
        try {
            for (byte[] batch : batches) {
                RecordBatch.parseFrom(batch).getRecordsList().forEach(state::replay);
            }
            return true;
        } catch (InvalidProtocolBufferException | UnknownRecordException e) {
            fail("the registry " + file + " cannot be understood: " + e.getMessage());
            return false;
        }
    }

    private void recordStart(RecordLog target, String masterId) {
        Record start = Record.newBuilder()
                .setMasterStarted(
                        MasterStarted.newBuilder().setMasterId(masterId).setEpoch(state.epoch() + 1))
                .build();
        append(target, List.of(start), () -> {
            started = true;
            Owner hears = owner;
            if (hears != null) {
                hears.started(state);
            }
        });
    }

    @Override
    public void commit(List<Record> records, Runnable durable) {
        loop.assertInLoop();
        RecordLog target = log;
        if (!started || target == null) {
            throw new IllegalStateException("the registrar did not start yet");
        }
        if (records.isEmpty() || records.stream().anyMatch(DiskRegistrar::isEmpty)) {
            throw new IllegalArgumentException("there is nothing to commit, or a record without a change among them");
        }
        if (!failed && !stopping) {
            append(target, records, durable);
        }
    }

    private static boolean isEmpty(Record record) {
        return record.getChangeCase() == Record.ChangeCase.CHANGE_NOT_SET;
    }

    private void append(RecordLog target, List<Record> records, Runnable durable) {
        byte[] batch = RecordBatch.newBuilder().addAllRecords(records).build().toByteArray();
        long begin = loop.clock().nanoTime();
        try {
            target.append(batch, failure -> {
                count(target);
                if (failure == null && !failed) {
                    storeTime.record(loop.clock().nanoTime() - begin);
                    records.forEach(state::replay);
                    durable.run();
                    compactIfLong(target);
                }
            });
            count(target);
        } catch (LogOverloadedException e) {
            fail("the registry is too far behind: " + e.getMessage());
        }
    }

    private void count(RecordLog target) {
        fileBytes = target.fileBytes();
        queued = target.lastSequence() - target.acknowledgedSequence();
    }

    private void compactIfLong(RecordLog target) {
        if (target.fileBytes() < compactAtBytes || target.isReplacing() || stopping) {
            return;
        }
        List<byte[]> snapshot = snapshot();
        long before = target.fileBytes();
        target.replace(snapshot, target.acknowledgedSequence(), failure -> {
            if (failure == null) {
                setCompaction(snapshotBytes(snapshot));
                LOG.info("The registry went from {} to {} bytes", before, target.fileBytes());
            } else {
                compactAtBytes = target.fileBytes() + SHORT_LOG_BYTES;
                LOG.warn("The registry could not be compacted: {}", failure.getMessage());
            }
        });
    }

    private void setCompaction(long snapshotBytes) {
        compactAtBytes = Math.max(SHORT_LOG_BYTES, SNAPSHOT_FACTOR * snapshotBytes);
    }

    /** The state as it is, in batches of a size that is good to write. */
    private List<byte[]> snapshot() {
        List<byte[]> batches = new ArrayList<>();
        RecordBatch.Builder batch = RecordBatch.newBuilder();
        int bytes = 0;
        for (Record record : state.toRecords()) {
            batch.addRecords(record);
            bytes += record.getSerializedSize();
            if (bytes >= SNAPSHOT_BATCH_BYTES) {
                batches.add(batch.build().toByteArray());
                batch.clear();
                bytes = 0;
            }
        }
        if (batch.getRecordsCount() > 0) {
            batches.add(batch.build().toByteArray());
        }
        return batches;
    }

    private static long snapshotBytes(List<byte[]> snapshot) {
        long bytes = 0;
        for (byte[] batch : snapshot) {
            bytes += batch.length;
        }
        return bytes;
    }

    @Override
    public void stop(Runnable stopped) {
        loop.assertInLoop();
        if (stopping) {
            throw new IllegalStateException("the registrar was stopped before");
        }
        stopping = true;
        if (opening) {
            whenOpened = stopped;
        } else {
            letGo(stopped);
        }
    }

    private void letGo(Runnable stopped) {
        Runnable last = () -> {
            releaseLock();
            stopped.run();
        };
        RecordLog target = log;
        if (target == null) {
            last.run();
        } else {
            target.close(last);
        }
    }

    private void releaseLock() {
        Disk.DirectoryLock held = lock;
        if (held != null) {
            lock = null;
            held.close();
        }
    }

    private void fail(String reason) {
        Owner hears = owner;
        if (!failed && hears != null) {
            failed = true;
            LOG.error("{}", reason);
            hears.failed(reason);
        }
    }

    /** Some failures of the disk name the path and nothing else in their message. */
    private static String describe(Exception failure) {
        return failure.getClass() == IOException.class ? String.valueOf(failure.getMessage()) : failure.toString();
    }

    private final class LogWatcher implements RecordLog.Watcher {
        @Override
        public void stalled(IOException cause) {
            LOG.error("The registry cannot be written and is tried again until it can: {}", cause.getMessage());
        }

        @Override
        public void resumed() {
            LOG.info("The registry is written again");
        }

        @Override
        public void failed(IOException cause) {
            fail("the registry cannot be written any more: " + cause.getMessage());
        }
    }
}
