// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.Worker;
import org.tepui.transport.Exchange;
import org.tepui.transport.Refusal.Kind;
import org.tepui.v1.FileInfo;
import org.tepui.v1.TimeInfo;
import org.tepui.v1.master.Call;
import org.tepui.v1.master.Response;

/**
 * Shows the log that a master writes at present under the name that Mesos gives it, {@code /master/log}, and no other
 * file. Used on the master's loop; a worker reads.
 */
final class MasterLog implements MasterFiles {
    /** The name of the log. */
    static final String PATH = "/master/log";

    private static final String DIRECTORY = "/master";
    /** The most that one read returns. */
    private static final int READ_BYTES = 1 << 20;

    private static final int OPEN_READS = 16;
    private static final int SHOWN_CHARACTERS = 200;

    private final Path file;
    private final Worker worker;
    private final EventLoop loop;
    private int openReads;

    /** @param file may be absent at times, as when the log is rolled over */
    MasterLog(Path file, Worker worker, EventLoop loop) {
        this.file = file;
        this.worker = worker;
        this.loop = loop;
    }

    @Override
    public void list(Call.ListFiles call, Exchange exchange) {
        String path = call.getPath().replaceAll("/+$", "");
        if (path.isEmpty() || path.equals(DIRECTORY) || path.equals(PATH)) {
            answer("list the log", exchange, this::listing);
        } else {
            refuseUnknown(call.getPath(), exchange);
        }
    }

    private Response listing() throws IOException {
        return Response.newBuilder()
                .setType(Response.Type.LIST_FILES)
                .setListFiles(Response.ListFiles.newBuilder()
                        .addFileInfos(FileInfo.newBuilder()
                                .setPath(PATH)
                                .setSize(Files.size(file))
                                .setUid(Files.getOwner(file).getName())
                                .setMtime(TimeInfo.newBuilder()
                                        .setNanoseconds(
                                                Files.getLastModifiedTime(file).toMillis() * 1_000_000))))
                .build();
    }

    @Override
    public void read(Call.ReadFile call, Exchange exchange) {
        if (call.getPath().equals(PATH)) {
            long length = call.hasLength() ? call.getLength() : READ_BYTES;
            answer("read the log", exchange, () -> part(call.getOffset(), length));
        } else {
            refuseUnknown(call.getPath(), exchange);
        }
    }

    /** Offset and length are unsigned. */
    private Response part(long offset, long length) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            long size = channel.size();
            ByteString data = ByteString.EMPTY;
            if (Long.compareUnsigned(offset, size) < 0) {
                long wanted = Long.compareUnsigned(length, READ_BYTES) > 0 ? READ_BYTES : length;
                ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(wanted, size - offset));
                channel.position(offset);
                int count = 0;
                while (buffer.hasRemaining() && count >= 0) {
                    count = channel.read(buffer);
                }
                data = ByteString.copyFrom(buffer.flip());
            }
            return Response.newBuilder()
                    .setType(Response.Type.READ_FILE)
                    .setReadFile(Response.ReadFile.newBuilder().setSize(size).setData(data))
                    .build();
        }
    }

    private <M extends Message> void answer(String what, Exchange exchange, Callable<M> work) {
        if (openReads >= OPEN_READS) {
            exchange.refuse(Kind.UNAVAILABLE, openReads + " calls wait for files already: " + OPEN_READS + " may");
            return;
        }
        openReads++;
        worker.submit(what, work, loop, (response, failure) -> {
            openReads--;
            if (response != null) {
                exchange.reply(response);
            } else if (failure instanceof NoSuchFileException) {
                exchange.refuse(Kind.NOT_FOUND, "there is no log at present");
            } else {
                exchange.refuse(Kind.UNAVAILABLE, "could not " + what + ": " + failure);
            }
        });
    }

    private static void refuseUnknown(String path, Exchange exchange) {
        String shown = path.length() > SHOWN_CHARACTERS ? path.substring(0, SHOWN_CHARACTERS) + "..." : path;
        exchange.refuse(Kind.NOT_FOUND, "there is no '" + shown + "': a master shows " + PATH + " only");
    }
}
