// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.proto.agent.AgentRecord;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.LogOverloadedException;
import org.tepui.runtime.LogRecovery;
import org.tepui.runtime.RecordLog;

/**
 * The agent's one log. While the disk is full nothing is acknowledged and everything waits; when the log cannot go
 * on the agent ends, and what its tasks do meanwhile is found at the next start.
 */
final class AgentLog implements Journal {
    private static final Logger LOG = LoggerFactory.getLogger(AgentLog.class);

    private final EventLoop loop;
    private final long compactionBytes;
    private final Consumer<String> failed;
    private final Consumer<Consumer<AgentRecord>> snapshot;
    private @Nullable RecordLog log;
    private long bytesAfterCompaction;
    private boolean compactionScheduled;
    private boolean ended;

    /**
     * @param failed hears once, with a sentence, that nothing can be recorded any more
     * @param snapshot gives all records that make the present state
     */
    AgentLog(EventLoop loop, long compactionBytes, Consumer<String> failed, Consumer<Consumer<AgentRecord>> snapshot) {
        this.loop = loop;
        this.compactionBytes = compactionBytes;
        this.failed = failed;
        this.snapshot = snapshot;
    }

    /** Hears of the disk under the log. */
    RecordLog.Watcher watcher() {
        return new RecordLog.Watcher() {
            @Override
            public void stalled(IOException cause) {
                LOG.error("The log cannot be written, and is tried again: {}", cause.getMessage());
            }

            @Override
            public void resumed() {
                LOG.info("The log is written again");
            }

            @Override
            public void failed(IOException cause) {
                fail("the log cannot be written any more: " + cause.getMessage());
            }
        };
    }

    /**
     * Opens the log and reads it.
     *
     * @param done gets the records, oldest first, or why it cannot be used
     */
    void open(RecordLog.Settings settings, BiConsumer<@Nullable List<AgentRecord>, @Nullable String> done) {
        RecordLog.open(settings, (opened, failure) -> {
            if (opened == null) {
                done.accept(null, "the log " + settings.path() + " cannot be used: " + failure);
                return;
            }
            log = opened.log();
            bytesAfterCompaction = opened.log().fileBytes();
            report(opened.recovery());
            try {
                List<AgentRecord> records = new ArrayList<>(opened.records().size());
                for (byte[] record : opened.records()) {
                    records.add(AgentRecord.parseFrom(record));
                }
                done.accept(records, null);
            } catch (InvalidProtocolBufferException e) {
                done.accept(
                        null,
                        "the log " + settings.path() + " has a record that is none of an agent's: " + e.getMessage());
            }
        });
    }

    private static void report(LogRecovery recovery) {
        switch (recovery.outcome()) {
            case CREATED, INTACT -> LOG.debug("{}", recovery.explanation());
            case TAIL_CUT -> LOG.info("{}", recovery.explanation());
            case DAMAGED -> LOG.error("{}", recovery.explanation());
        }
    }

    @Override
    public void append(AgentRecord record, Runnable durable) {
        RecordLog target = log;
        if (target == null || ended) {
            return;
        }
        try {
            target.append(record.toByteArray(), failure -> {
                if (failure == null && !ended) {
                    durable.run();
                }
            });
        } catch (LogOverloadedException e) {
            fail("the disk is too far behind: " + e.getMessage());
            return;
        }
        compactIfLong(target);
    }

    private void compactIfLong(RecordLog target) {
        long bytes = target.fileBytes() + target.bytesInFlight();
        long bound = Math.max(bytesAfterCompaction + compactionBytes, 2 * bytesAfterCompaction);
        if (bytes > bound && !compactionScheduled && !target.isReplacing()) {
            compactionScheduled = true;
            // not within an append: the state may be half way through a change
            loop.execute("compact log", this::compact);
        }
    }

    private void compact() {
        compactionScheduled = false;
        RecordLog target = log;
        if (target == null || ended || target.isReplacing()) {
            return;
        }
        List<byte[]> records = new ArrayList<>();
        snapshot.accept(record -> records.add(record.toByteArray()));
        long before = target.fileBytes();
        target.replace(records, target.lastSequence(), failure -> {
            if (failure == null) {
                bytesAfterCompaction = target.fileBytes();
                LOG.info("Compacted the log from {} to {} bytes", before, bytesAfterCompaction);
            } else {
                LOG.warn("The log could not be compacted: {}", failure.getMessage());
            }
        });
    }

    private void fail(String reason) {
        if (!ended) {
            ended = true;
            failed.accept(reason);
        }
    }

    /**
     * Ends it: what was appended becomes durable first.
     *
     * @param done called when the file is closed
     */
    void close(Runnable done) {
        ended = true;
        RecordLog target = log;
        log = null;
        if (target == null) {
            done.run();
        } else {
            target.close(done);
        }
    }
}
