// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.container;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tepui command as a process, its output in files. Runs on the Java that the tests are to run on. */
final class TepuiProcess implements AutoCloseable {
    private static final long LIMIT_SECONDS = 120;
    private static final long POLL_MILLISECONDS = 50;

    private final Process process;
    private final Path out;
    private final Path err;

    private TepuiProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    static Path installation() {
        return Path.of(System.getProperty("tepui.installation"));
    }

    /** Starts the command of the installation. */
    static TepuiProcess start(Path directory, Map<String, String> environment, String... arguments) throws IOException {
        return start(installation().resolve("bin/tepui"), directory, environment, arguments);
    }

    /** @param directory for the files of output, and the one that it runs in */
    static TepuiProcess start(Path command, Path directory, Map<String, String> environment, String... arguments)
            throws IOException {
        List<String> line = new ArrayList<>();
        line.add(command.toString());
        line.addAll(List.of(arguments));
        Path out = Files.createTempFile(directory, "out", ".txt");
        Path err = Files.createTempFile(directory, "err", ".txt");
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("TEPUI_"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("TEPUI_VAR", directory.resolve("var").toString());
        builder.environment().putAll(environment);
        return new TepuiProcess(builder.start(), out, err);
    }

    /** Runs the command to its end. */
    static TepuiProcess run(Path directory, String... arguments) throws IOException, InterruptedException {
        TepuiProcess process = start(directory, Map.of(), arguments);
        process.await();
        return process;
    }

    String out() {
        return read(out);
    }

    String err() {
        return read(err);
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** Waits for the end and returns the exit code. */
    int await() throws InterruptedException {
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("did not end:\n" + out() + err());
        }
        return process.exitValue();
    }

    /** Waits until its output has a text, and returns the first group of the pattern. */
    String awaitOutput(Pattern pattern) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (System.nanoTime() - deadline < 0) {
            Matcher matcher = pattern.matcher(out());
            if (matcher.find()) {
                return matcher.group(1);
            }
            if (!process.isAlive()) {
                break;
            }
            Thread.sleep(POLL_MILLISECONDS);
        }
        throw new AssertionError("no " + pattern + " in:\n" + out() + err());
    }

    /** Sends SIGTERM, waits for the end and returns the exit code. */
    int terminate() throws InterruptedException {
        process.destroy();
        return await();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it with all that it started, whatever happened. */
    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
