// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process that was started here. Its output is read as it comes. Closing kills it, and it alone. */
public final class Program implements AutoCloseable {
    private final String name;
    private final Process process;
    private final Reader out;
    private final Reader err;

    private Program(String name, Process process) {
        this.name = name;
        this.process = process;
        out = new Reader(process.getInputStream(), "standard output of " + name);
        err = new Reader(process.getErrorStream(), "standard error of " + name);
    }

    /** Starts a process. */
    public static Program start(String name, ProcessBuilder builder) throws IOException {
        Process process = builder.start();
        process.getOutputStream().close();
        return new Program(name, process);
    }

    /** Its process id. */
    public long pid() {
        return process.pid();
    }

    /** What it wrote to standard output up to now. */
    public String out() {
        return out.text();
    }

    /** What it wrote to standard error up to now. */
    public String err() {
        return err.text();
    }

    /** Whether it runs. */
    public boolean alive() {
        return process.isAlive();
    }

    /** Waits until standard output holds something. */
    public Matcher awaitOut(String regex) throws IOException, InterruptedException {
        Pattern pattern = Pattern.compile(regex);
        return Await.present(
                name + " writes '" + regex + "'",
                () -> {
                    boolean last = !process.isAlive() && !out.isAlive();
                    Matcher matcher = pattern.matcher(out());
                    if (matcher.find()) {
                        return Optional.of(matcher);
                    }
                    if (last) {
                        throw new AssertionError(name + " ended without writing '" + regex + "'\n" + this);
                    }
                    return Optional.empty();
                },
                this::toString);
    }

    /** Sends it a signal, by its name without SIG. */
    public void signal(String signal) throws IOException, InterruptedException {
        signal(signal, process.pid());
    }

    /** Sends any process a signal. */
    public static void signal(String signal, long pid) throws IOException, InterruptedException {
        int code = new ProcessBuilder(List.of("kill", "-" + signal, String.valueOf(pid)))
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("cannot send " + signal + " to process " + pid);
        }
    }

    /** Waits for its end and all its output. */
    public Outcome await() throws InterruptedException {
        if (!process.waitFor(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError(name + " did not end within " + Await.PATIENCE.toSeconds() + " s\n" + this);
        }
        // a process that it left behind may hold its output open
        out.join(TimeUnit.SECONDS.toMillis(5));
        err.join(TimeUnit.SECONDS.toMillis(5));
        return new Outcome(process.exitValue(), out(), err());
    }

    /** Kills it without notice and waits for its end. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    @Override
    public String toString() {
        String state = process.isAlive() ? "runs as " + process.pid() : "ended with " + process.exitValue();
        return name + " " + state + "\n--- standard output\n" + out() + "\n--- standard error\n" + err();
    }

    /** Reads to the end, so that the process never waits for a reader. */
    private static final class Reader extends Thread {
        private final InputStream stream;
        // guarded by itself
        private final StringBuilder text = new StringBuilder();

        Reader(InputStream stream, String name) {
            super(name);
            this.stream = stream;
            setDaemon(true);
            start();
        }

        @Override
        public void run() {
            try (java.io.Reader reader = new java.io.InputStreamReader(stream, StandardCharsets.UTF_8)) {
                char[] buffer = new char[8192];
                for (int count = reader.read(buffer); count >= 0; count = reader.read(buffer)) {
                    synchronized (text) {
                        text.append(buffer, 0, count);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        String text() {
            synchronized (text) {
                return text.toString();
            }
        }
    }
}
