// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The log on the real disk, loop and worker; what can go wrong is tried on the simulated ones. */
@Timeout(60)
class RecordLogOnDiskTest implements RecordLog.Watcher {
    private final BlockingQueue<Throwable> faults = new LinkedBlockingQueue<>();
    private final ThreadEventLoop loop = ThreadEventLoop.start("loop", (where, what, failure) -> faults.add(failure));
    private final ThreadWorker worker = new ThreadWorker("worker");

    @TempDir
    Path directory;

    @AfterEach
    void close() {
        worker.close();
        loop.close();
        assertThat(faults).isEmpty();
    }

    @Test
    void readsWhatItAcknowledgedAndSharesWritesAmongRecords() throws InterruptedException {
        int count = 5_000;
        RecordLog log = open().log();
        BlockingQueue<Long> acknowledged = new LinkedBlockingQueue<>();
        for (int i = 0; i < count; i++) {
            int number = i;
            loop.execute(
                    "append",
                    () -> log.append(
                            bytes("record " + number), failure -> acknowledged.add(log.acknowledgedSequence())));
        }
        for (long i = 1; i <= count; i++) {
            assertThat(acknowledged.poll(30, TimeUnit.SECONDS)).isEqualTo(i);
        }
        closeLog(log);
        RecordLog.Opened again = open();
        assertThat(again.recovery().outcome()).isEqualTo(LogRecovery.Outcome.INTACT);
        assertThat(texts(again.records()))
                .hasSize(count)
                .startsWith("record 0", "record 1")
                .endsWith("record 4999");
        closeLog(again.log());
    }

    @Test
    void putsASnapshotInPlaceOfTheRecordsItCovers() throws InterruptedException {
        RecordLog log = open().log();
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        loop.execute("append and replace", () -> {
            log.append(bytes("one"), failure -> heard.add("one"));
            log.append(bytes("two"), failure -> {
                heard.add("two");
                log.replace(List.of(bytes("one and two")), log.acknowledgedSequence(), error -> heard.add("replaced"));
                log.append(bytes("four"), error -> heard.add("four"));
            });
            log.append(bytes("three"), failure -> heard.add("three"));
        });
        for (String expected : List.of("one", "two", "three", "four", "replaced")) {
            assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo(expected);
        }
        closeLog(log);
        RecordLog.Opened again = open();
        assertThat(texts(again.records())).containsExactly("one and two", "three", "four");
        closeLog(again.log());
    }

    @Test
    void refusesARecordThatIsTooLongAndOneTooMany() throws InterruptedException {
        RecordLog log = open().log();
        BlockingQueue<String> done = new LinkedBlockingQueue<>();
        loop.execute("append", () -> {
            byte[] tooLong = new byte[RecordLog.MAXIMUM_RECORD_BYTES + 1];
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> log.append(tooLong, failure -> {}))
                    .withMessageContaining("4194305 bytes")
                    .withMessageContaining("4194304 are allowed");
            byte[] longest = new byte[RecordLog.MAXIMUM_RECORD_BYTES];
            for (int i = 0; i < 15; i++) {
                log.append(longest, failure -> done.add("acknowledged"));
            }
            assertThatThrownBy(() -> log.append(longest, failure -> {}))
                    .isInstanceOf(LogOverloadedException.class)
                    .hasMessageContaining("67108864 allowed");
            done.add("refused");
        });
        assertThat(done.poll(30, TimeUnit.SECONDS)).isEqualTo("refused");
        for (int i = 0; i < 15; i++) {
            assertThat(done.poll(30, TimeUnit.SECONDS)).isEqualTo("acknowledged");
        }
        closeLog(log);
    }

    private RecordLog.Opened open() throws InterruptedException {
        BlockingQueue<RecordLog.Opened> opened = new LinkedBlockingQueue<>();
        RecordLog.Settings settings =
                new RecordLog.Settings(directory.resolve("log"), new SystemDisk(), worker, loop, this);
        RecordLog.open(settings, (result, failure) -> {
            if (result != null) {
                opened.add(result);
            }
        });
        RecordLog.Opened result = opened.poll(30, TimeUnit.SECONDS);
        if (result == null) {
            throw new AssertionError("the log could not be opened");
        }
        return result;
    }

    private void closeLog(RecordLog log) throws InterruptedException {
        BlockingQueue<String> closed = new LinkedBlockingQueue<>();
        loop.execute("close", () -> log.close(() -> closed.add("closed")));
        assertThat(closed.poll(30, TimeUnit.SECONDS)).isEqualTo("closed");
    }

    @Override
    public void stalled(IOException cause) {
        faults.add(cause);
    }

    @Override
    public void resumed() {}

    @Override
    public void failed(IOException cause) {
        faults.add(cause);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> texts(List<byte[]> records) {
        List<String> texts = new ArrayList<>();
        for (byte[] record : records) {
            texts.add(new String(record, StandardCharsets.UTF_8));
        }
        return texts;
    }
}
