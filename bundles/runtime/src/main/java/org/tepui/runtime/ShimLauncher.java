// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One launcher process, from its start to its end. A thread writes frames to it, another reads the lines that it
 * prints. The lines end only when the launcher is dead and each of its shims has recorded whether its command runs.
 */
final class ShimLauncher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ShimLauncher.class);
    private static final String READY = "ready";
    private static final byte[] END = {};

    private final Process process;
    private final BufferedReader lines;
    private final Consumer<String> gone;
    private final BlockingQueue<byte[]> frames = new LinkedBlockingQueue<>();

    private ShimLauncher(Process process, Consumer<String> gone) {
        this.process = process;
        this.lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.gone = gone;
    }

    /**
     * Starts a launcher and waits until it is ready, which takes until shims that an earlier one was starting are
     * done, at most 10 s.
     *
     * @param name for threads
     * @param gone hears, on a thread of the launcher's, how it ended
     * @throws IOException with what the launcher says
     */
    static ShimLauncher start(String name, Path program, Path directory, Consumer<String> gone) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(program.toString(), "launcher", directory.toString());
        builder.environment().clear();
        builder.directory(Path.of("/").toFile());
        builder.redirectErrorStream(true);
        ShimLauncher launcher = new ShimLauncher(builder.start(), gone);
        launcher.awaitReady();
        launcher.run(name + "-launcher-writer", launcher::write);
        launcher.run(name + "-launcher-reader", launcher::read);
        return launcher;
    }

    private void awaitReady() throws IOException {
        List<String> said = new ArrayList<>();
        String line;
        while ((line = lines.readLine()) != null) {
            if (line.equals(READY)) {
                return;
            }
            said.add(line);
        }
        process.destroyForcibly();
        throw new IOException("the launcher of shims did not start: " + String.join("; ", said));
    }

    private void run(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** The pid of the launcher. */
    long pid() {
        return process.pid();
    }

    /** Queues a frame; it is lost if the launcher ends before it reads it. From any thread. */
    void send(byte[] frame) {
        frames.add(frame);
    }

    /** Lets the launcher end once it has read what is queued. What it started goes on. From any thread. */
    @Override
    public void close() {
        frames.add(END);
    }

    private void write() {
        List<byte[]> batch = new ArrayList<>();
        try (OutputStream out = process.getOutputStream()) {
            while (true) {
                batch.add(frames.take());
                frames.drainTo(batch);
                for (byte[] frame : batch) {
                    if (frame.length == 0) {
                        return;
                    }
                    out.write(frame);
                }
                out.flush();
                batch.clear();
            }
        } catch (IOException e) {
            LOG.debug("the launcher {} does not read any more", process.pid(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read() {
        try {
            String line;
            while ((line = lines.readLine()) != null) {
                LOG.warn("launcher: {}", line);
            }
        } catch (IOException e) {
            LOG.warn("the output of launcher {} cannot be read any more", process.pid(), e);
        }
        frames.add(END);
        try {
            gone.accept("it ended with status " + process.waitFor());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
