// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An append-only log of opaque records in one file. Records appended while a write is under way share the next one
 * (group commit), and each is acknowledged, in order, once it is durable. The owner keeps the file short by replacing
 * its records with a snapshot of its state.
 *
 * <p>Every method is called on the owner's loop, and every callback comes back on it.
 */
public final class RecordLog {
    /** The longest record. */
    public static final int MAXIMUM_RECORD_BYTES = LogFormat.MAXIMUM_RECORD_BYTES;
    /** How much may wait to become durable, unless another bound is given. */
    public static final long DEFAULT_BYTES_IN_FLIGHT = 64L << 20;

    private static final int BATCH_BYTES = 8 << 20;
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Path path;
    private final Worker worker;
    private final EventLoop loop;
    private final Watcher watcher;
    private final long maximumBytesInFlight;
    private final LogFile file;

    /** Appended and not acknowledged; the first of them may be with the worker. */
    private final Deque<Entry> waiting = new ArrayDeque<>();

    private long bytesInFlight;
    private long lastSequence;
    private long acknowledgedSequence;
    private long fileBytes;
    private boolean writing;
    private boolean writeScheduled;
    private boolean stalled;
    private @Nullable Replacement replacement;
    private @Nullable IOException failure;
    private @Nullable Runnable closed;

    private RecordLog(Settings settings, LogFile file) {
        this.path = settings.path();
        this.worker = settings.worker();
        this.loop = settings.loop();
        this.watcher = settings.watcher();
        this.maximumBytesInFlight = settings.maximumBytesInFlight();
        this.file = file;
        this.fileBytes = file.size();
    }

    /** Hears what became of one record. */
    @FunctionalInterface
    public interface Callback {
        /**
         * The record is durable, or never will be acknowledged.
         *
         * @param failure null: the record is durable; else it may or may not be found after a restart
         */
        void done(@Nullable IOException failure);
    }

    /** Hears of the state of the disk. */
    public interface Watcher {
        /**
         * Records cannot be written, and are tried again until they can: mostly a full disk. Nothing is acknowledged
         * meanwhile.
         */
        void stalled(IOException cause);

        /** Records are written again. */
        void resumed();

        /**
         * The log is at its end: what is on the disk is not known any more, so nothing more is written or
         * acknowledged. The owner stops its service; the next start reads what is there.
         */
        void failed(IOException cause);
    }

    /**
     * What a log is made of.
     *
     * @param path its file
     * @param worker does all that blocks; it may serve others too
     * @param maximumBytesInFlight more than that may not wait to become durable
     */
    public record Settings(
            Path path, Disk disk, Worker worker, EventLoop loop, Watcher watcher, long maximumBytesInFlight) {
        /** With the default bound on what is in flight. */
        public Settings(Path path, Disk disk, Worker worker, EventLoop loop, Watcher watcher) {
            this(path, disk, worker, loop, watcher, DEFAULT_BYTES_IN_FLIGHT);
        }
    }

    /**
     * A log that was opened.
     *
     * @param records all that were read, oldest first
     * @param recovery how the file was found; the owner reports what is not in order
     */
    public record Opened(RecordLog log, List<byte[]> records, LogRecovery recovery) {}

    private static final class Entry {
        private final long sequence;
        private final byte[] record;
        private final Callback callback;

        Entry(long sequence, byte[] record, Callback callback) {
            this.sequence = sequence;
            this.record = record;
            this.callback = callback;
        }

        long bytes() {
            return record.length + (long) LogFormat.RECORD_OVERHEAD;
        }
    }

    /** Records to write in place of all; those appended until it starts are added. */
    private record Replacement(List<byte[]> records, Consumer<@Nullable IOException> done) {}

    /**
     * Opens a log and reads it; makes it if it is missing. A damaged file is no failure: what is intact up to the
     * damage is kept, and the recovery says so.
     *
     * @param done gets the log, or the failure: the file cannot be read or written, or is of another version
     */
    public static void open(Settings settings, BiConsumer<@Nullable Opened, @Nullable Exception> done) {
        Callable<LogFile.Opened> work = () -> LogFile.open(settings.disk(), settings.path());
        settings.worker().submit("open log", work, settings.loop(), (opened, failure) -> {
            if (opened == null) {
                done.accept(null, failure);
            } else {
                RecordLog log = new RecordLog(settings, opened.file());
                done.accept(new Opened(log, opened.records(), opened.recovery()), null);
            }
        });
    }

    /**
     * Appends a record.
     *
     * @param record not changed by the caller afterwards; at most {@link #MAXIMUM_RECORD_BYTES}
     * @return its sequence, from 1 and without gaps since the log was opened
     * @throws IllegalArgumentException if the record is too long
     * @throws LogOverloadedException if too much waits to become durable, or the file needs to be compacted first
     * @throws IllegalStateException if the log was closed
     */
    public long append(byte[] record, Callback callback) {
        loop.assertInLoop();
        checkLength(record);
        if (closed != null) {
            throw new IllegalStateException(path + " is closed");
        }
        Entry entry = new Entry(lastSequence + 1, record, callback);
        if (bytesInFlight + entry.bytes() > maximumBytesInFlight) {
            throw new LogOverloadedException("too much waits to be written to " + path + ": " + bytesInFlight
                    + " bytes of " + maximumBytesInFlight + " allowed");
        }
        if (fileBytes + bytesInFlight + entry.bytes() > LogFile.MAXIMUM_BYTES) {
            throw new LogOverloadedException(path + " has reached its bound of " + LogFile.MAXIMUM_BYTES + " bytes");
        }
        lastSequence = entry.sequence;
        bytesInFlight += entry.bytes();
        waiting.add(entry);
        if (replacement != null) {
            replacement.records().add(record);
        }
        scheduleWrite();
        return lastSequence;
    }

    private void checkLength(byte[] record) {
        if (record.length > MAXIMUM_RECORD_BYTES) {
            throw new IllegalArgumentException("a record of " + record.length + " bytes for " + path + " is too long: "
                    + MAXIMUM_RECORD_BYTES + " are allowed");
        }
    }

    /**
     * Replaces the records of the file by others, atomically: after a crash either all of the old or all of the new
     * are found. Records appended meanwhile follow the new ones.
     *
     * @param snapshot gives the same state as all records up to and including the sequence
     * @param upTo {@link #lastSequence()} if the state already has what waits to become durable, {@link
     * #acknowledgedSequence()} if not
     * @param done hears null, or why the old records are still there
     * @throws IllegalArgumentException if a record or the whole is too long, or the state cannot be that of the
     * sequence
     * @throws IllegalStateException if a replacement is under way, or the log was closed
     */
    public void replace(List<byte[]> snapshot, long upTo, Consumer<@Nullable IOException> done) {
        loop.assertInLoop();
        long bytes = LogFormat.HEADER_BYTES + bytesInFlight;
        for (byte[] record : snapshot) {
            checkLength(record);
            bytes += record.length + (long) LogFormat.RECORD_OVERHEAD;
        }
        if (bytes > LogFile.MAXIMUM_BYTES) {
            throw new IllegalArgumentException("a snapshot of " + bytes + " bytes for " + path + " is too long: "
                    + LogFile.MAXIMUM_BYTES + " are allowed");
        }
        if (replacement != null || closed != null) {
            throw new IllegalStateException(path + (closed != null ? " is closed" : " is being replaced already"));
        }
        if (upTo < acknowledgedSequence || upTo > lastSequence) {
            throw new IllegalArgumentException("a snapshot of " + path + " up to record " + upTo + " is not possible: "
                    + acknowledgedSequence + " to " + lastSequence + " are");
        }
        List<byte[]> records = new ArrayList<>(snapshot);
        for (Entry entry : waiting) {
            if (entry.sequence > upTo) {
                records.add(entry.record);
            }
        }
        replacement = new Replacement(records, done);
        scheduleWrite();
    }

    /** Whether a replacement is under way. */
    public boolean isReplacing() {
        return replacement != null;
    }

    /** The sequence of the record appended last, 0 for none since the log was opened. */
    public long lastSequence() {
        return lastSequence;
    }

    /** The sequence of the record acknowledged last; in a callback, that of its record. */
    public long acknowledgedSequence() {
        return acknowledgedSequence;
    }

    /** The length of the file. */
    public long fileBytes() {
        return fileBytes;
    }

    /** How much waits to become durable, in bytes. */
    public long bytesInFlight() {
        return bytesInFlight;
    }

    /**
     * Closes the log: what was appended is written and acknowledged first, or fails if it cannot be. Nothing can be
     * appended any more.
     *
     * @param done called when the file is closed
     */
    public void close(Runnable done) {
        loop.assertInLoop();
        if (closed != null) {
            throw new IllegalStateException(path + " is closed");
        }
        closed = done;
        if (stalled && !writing) {
            // nobody waits for a disk that is full
            fail(new IOException(path + " was closed while it could not be written"));
        }
        scheduleWrite();
    }

    /** Not at once: all that one event appends goes into one batch. */
    private void scheduleWrite() {
        if (!writeScheduled && !writing) {
            writeScheduled = true;
            loop.execute("write log", () -> {
                writeScheduled = false;
                if (!writing && !stalled) {
                    write();
                }
            });
        }
    }

    private void write() {
        if (failure != null) {
            acknowledgeFailure(failure);
        } else if (replacement != null) {
            startReplacement(replacement);
        } else if (!waiting.isEmpty()) {
            startBatch();
        }
        if (closed != null && !writing) {
            finish(closed);
        }
    }

    private void startBatch() {
        List<byte[]> batch = new ArrayList<>();
        long bytes = 0;
        Iterator<Entry> entries = waiting.iterator();
        while (entries.hasNext() && bytes < BATCH_BYTES) {
            Entry entry = entries.next();
            batch.add(entry.record);
            bytes += entry.bytes();
        }
        submit("append to log", () -> file.append(batch), cause -> {
            if (cause == null) {
                acknowledge(batch.size());
            } else {
                stall(cause);
            }
        });
    }

    private void startReplacement(Replacement started) {
        int covered = waiting.size();
        List<byte[]> records = List.copyOf(started.records());
        submit("replace log", () -> file.replace(records), cause -> {
            replacement = null;
            if (cause == null) {
                acknowledge(covered);
            }
            started.done().accept(cause);
        });
    }

    private interface Blocking {
        void run() throws IOException;
    }

    private void submit(String what, Blocking work, Consumer<@Nullable IOException> done) {
        writing = true;
        Callable<Long> sized = () -> {
            work.run();
            return file.size();
        };
        worker.submit(what, sized, loop, (size, thrown) -> {
            writing = false;
            if (size != null) {
                fileBytes = size;
                resume();
            }
            IOException cause = thrown == null || thrown instanceof IOException
                    ? (IOException) thrown
                    : new LogFile.UnusableException(path + " could not be written", new IOException(thrown));
            try {
                if (cause instanceof LogFile.UnusableException) {
                    fail(cause);
                } else {
                    done.accept(cause);
                }
            } finally {
                if (stalled) {
                    writeAgainLater();
                } else {
                    scheduleWrite();
                }
            }
        });
    }

    private void acknowledge(int count) {
        deliver(count, null);
    }

    private void acknowledgeFailure(IOException cause) {
        Replacement dropped = replacement;
        replacement = null;
        try {
            deliver(waiting.size(), cause);
        } finally {
            if (dropped != null) {
                dropped.done().accept(cause);
            }
        }
    }

    /** A callback that throws is a bug of its owner: the others still hear, then the loop reports it. */
    private void deliver(int count, @Nullable IOException cause) {
        RuntimeException bug = null;
        for (int i = 0; i < count; i++) {
            Entry entry = waiting.remove();
            bytesInFlight -= entry.bytes();
            acknowledgedSequence = entry.sequence;
            try {
                entry.callback.done(cause);
            } catch (RuntimeException e) {
                if (bug == null) {
                    bug = e;
                } else {
                    bug.addSuppressed(e);
                }
            }
        }
        if (bug != null) {
            throw bug;
        }
    }

    private void stall(IOException cause) {
        if (closed != null) {
            fail(cause);
            return;
        }
        if (!stalled) {
            stalled = true;
            watcher.stalled(cause);
        }
    }

    private void writeAgainLater() {
        loop.schedule("write log again", RETRY, () -> {
            if (!writing && failure == null) {
                write();
            }
        });
    }

    private void resume() {
        if (stalled) {
            stalled = false;
            watcher.resumed();
        }
    }

    private void fail(IOException cause) {
        stalled = false;
        if (failure == null) {
            failure = cause;
            watcher.failed(cause);
        }
        acknowledgeFailure(cause);
    }

    private void finish(Runnable done) {
        writing = true;
        Callable<Boolean> work = () -> {
            file.close();
            return true;
        };
        // the records are durable: a failure to close changes nothing
        worker.submit("close log", work, loop, (result, thrown) -> done.run());
    }
}
