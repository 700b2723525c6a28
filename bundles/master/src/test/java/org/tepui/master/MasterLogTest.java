// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.Worker;
import org.tepui.transport.Refusal.Kind;
import org.tepui.v1.FileInfo;
import org.tepui.v1.master.Call;
import org.tepui.v1.master.Response;

class MasterLogTest {
    @TempDir
    Path directory;

    private final VirtualTime time = new VirtualTime();
    private final EventLoop loop = time.loop("master");
    private final List<Runnable> waiting = new ArrayList<>();

    private MasterLog log() {
        return new MasterLog(directory.resolve("master.log"), new HeldWorker(), loop);
    }

    private RecordingExchange read(MasterLog log, String path, long offset, long length) {
        RecordingExchange exchange = exchange();
        log.read(
                Call.ReadFile.newBuilder()
                        .setPath(path)
                        .setOffset(offset)
                        .setLength(length)
                        .build(),
                exchange);
        return exchange;
    }

    private RecordingExchange list(MasterLog log, String path) {
        RecordingExchange exchange = exchange();
        log.list(Call.ListFiles.newBuilder().setPath(path).build(), exchange);
        return exchange;
    }

    private static RecordingExchange exchange() {
        return new RecordingExchange(new RecordingConnection("http"), true, Optional.empty());
    }

    private void work() {
        List<Runnable> pieces = List.copyOf(waiting);
        waiting.clear();
        pieces.forEach(Runnable::run);
        time.settle();
    }

    @ParameterizedTest
    @CsvSource({"0, 5, 01234", "8, 100, 89", "3, 0, ''", "10, 5, ''", "-1, 5, ''", "2, -1, 23456789"})
    void readsAPartOfTheLog(long offset, long length, String expected) throws IOException {
        Files.writeString(directory.resolve("master.log"), "0123456789");
        RecordingExchange exchange = read(log(), "/master/log", offset, length);
        work();

        Response.ReadFile part = exchange.response(Response.class).getReadFile();
        assertThat(part.getData().toStringUtf8()).isEqualTo(expected);
        assertThat(part.getSize()).isEqualTo(10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/master", "/master/", "/master/log"})
    void listsTheLog(String path) throws IOException {
        Files.writeString(directory.resolve("master.log"), "0123456789");
        RecordingExchange exchange = list(log(), path);
        work();

        assertThat(exchange.response(Response.class).getListFiles().getFileInfosList())
                .extracting(FileInfo::getPath, FileInfo::getSize)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("/master/log", 10L));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/passwd", "/master/log/../../etc/passwd", "/master", "", "master.log"})
    void readsNoOtherFile(String path) {
        assertThat(read(log(), path, 0, 1).refused().kind()).isEqualTo(Kind.NOT_FOUND);
        assertThat(list(log(), "/etc").refused().kind()).isEqualTo(Kind.NOT_FOUND);
        assertThat(list(log(), "x".repeat(10_000_000)).refused().reason()).hasSizeLessThan(1000);
        assertThat(waiting).isEmpty();
    }

    @Test
    void saysThatThereIsNoLog() {
        RecordingExchange exchange = read(log(), "/master/log", 0, 1);
        work();
        assertThat(exchange.refused().kind()).isEqualTo(Kind.NOT_FOUND);
    }

    @Test
    void takesNotMoreReadersThanItCanServe() throws IOException {
        Files.writeString(directory.resolve("master.log"), "0123456789");
        MasterLog log = log();
        List<RecordingExchange> taken = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            taken.add(read(log, "/master/log", 0, 1));
        }
        assertThat(read(log, "/master/log", 0, 1).refused().kind()).isEqualTo(Kind.UNAVAILABLE);
        work();
        assertThat(taken).allMatch(RecordingExchange::answered);
        assertThat(read(log, "/master/log", 0, 1).answered()).isFalse();
    }

    /** Works when it is told to. */
    private final class HeldWorker implements Worker {
        @Override
        public String name() {
            return "held";
        }

        @Override
        public <T> void submit(
                String what, Callable<T> work, EventLoop target, BiConsumer<@Nullable T, @Nullable Exception> done) {
            waiting.add(() -> {
                try {
                    T result = work.call();
                    target.execute(what, () -> done.accept(result, null));
                } catch (Exception e) {
                    target.execute(what, () -> done.accept(null, e));
                }
            });
        }
    }
}
