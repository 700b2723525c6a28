// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the FIFO of a runtime directory on a thread of its own and passes events on in batches. It holds both ends
 * open, so that the stream does not end when no shim has it open.
 */
final class ShimEventReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ShimEventReader.class);
    private static final int READ_BYTES = 16 * ShimEventDecoder.EVENT_BYTES;
    private static final long CLOSE_LIMIT_MILLIS = 5000;

    private final Path fifo;
    private final RandomAccessFile file;
    private final ShimEventDecoder decoder;
    private final Consumer<List<ShimEvent>> events;
    private final Runnable damaged;
    private final Thread thread;
    private volatile boolean closing;

    /**
     * Starts to read.
     *
     * @param events called on the reader's thread
     * @param damaged called on the reader's thread when bytes were skipped: events may have been lost
     * @throws IOException if the FIFO is not there or is none
     */
    ShimEventReader(String name, Path fifo, Charset names, Consumer<List<ShimEvent>> events, Runnable damaged)
            throws IOException {
        BasicFileAttributes attributes =
                Files.readAttributes(fifo, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isOther()) {
            throw new IOException(fifo + " is no FIFO");
        }
        this.fifo = fifo;
        this.file = new RandomAccessFile(fifo.toFile(), "rw");
        this.decoder = new ShimEventDecoder(names);
        this.events = events;
        this.damaged = damaged;
        this.thread = new Thread(this::run, name + "-shim-events");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES);
        try (file) {
            while (!closing) {
                int length = file.read(buffer.array(), buffer.position(), buffer.remaining());
                if (length < 0) {
                    throw new IOException("the stream ended");
                }
                buffer.position(buffer.position() + length);
                buffer.flip();
                passOn(buffer);
                buffer.compact();
            }
        } catch (IOException e) {
            if (!closing) {
                LOG.error("{} cannot be read any more: no end of a process will be noticed", fifo, e);
            }
        }
    }

    private void passOn(ByteBuffer buffer) {
        List<ShimEvent> batch = new ArrayList<>();
        int skipped = decoder.decode(buffer, batch::add);
        if (closing) {
            return;
        }
        if (!batch.isEmpty()) {
            events.accept(batch);
        }
        if (skipped > 0) {
            LOG.warn("{} bytes on {} are no event of a shim and were skipped", skipped, fifo);
            damaged.run();
        }
    }

    /** Ends the thread and waits for it, at most 5 s. */
    @Override
    public void close() {
        closing = true;
        try {
            // the read is waiting in the kernel, and only bytes wake it
            file.write(new byte[ShimEventDecoder.EVENT_BYTES]);
            thread.join(CLOSE_LIMIT_MILLIS);
        } catch (IOException e) {
            LOG.debug("{} was closed already", fifo, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
