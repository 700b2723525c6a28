// SPDX-License-Identifier: Apache-2.0
package org.tepui.bench.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tepui.bench.report.BenchException;
import org.tepui.runtime.Address;

/** A service, or a whole local cluster, as a process that this benchmark starts, waits for and stops. */
final class ServiceProcess implements AutoCloseable {
    private static final Pattern READY = Pattern.compile(" ready.* on ([^ ,]+:\\d+)");
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    private static final int COMPLAINT_LINES = 5;

    private final String name;
    private final Process process;
    private final Path errors;
    private final long startedNanos;
    private final CompletableFuture<Ready> ready = new CompletableFuture<>();

    private ServiceProcess(String name, Process process, Path errors, long startedNanos) {
        this.name = name;
        this.process = process;
        this.errors = errors;
        this.startedNanos = startedNanos;
    }

    private record Ready(Address address, long nanos) {}

    /** Starts {@code tepui ARGUMENTS} and waits until it says that it is ready. */
    static ServiceProcess start(Installation installation, List<String> arguments)
            throws BenchException, InterruptedException {
        return start(installation, arguments, "");
    }

    /**
     * Starts {@code tepui ARGUMENTS} and waits until it says that it is ready.
     *
     * @param javaOptions further options of its JVM
     */
    static ServiceProcess start(Installation installation, List<String> arguments, String javaOptions)
            throws BenchException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(installation.program().toString());
        command.addAll(arguments);
        String name = "tepui " + arguments.get(0);
        ServiceProcess service;
        try {
            Path errors = Files.createTempFile(installation.workDirectory(), arguments.get(0) + "-", ".err");
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
            builder.environment().putAll(installation.environment());
            if (!javaOptions.isEmpty()) {
                builder.environment().merge("TEPUI_JAVA_OPTS", javaOptions, (own, more) -> own + " " + more);
            }
            long now = System.nanoTime();
            service = new ServiceProcess(name, builder.start(), errors, now);
        } catch (IOException e) {
            throw new BenchException("cannot start " + name + ": " + e.getMessage(), e);
        }
        Thread reader = new Thread(service::read, "output of " + name);
        reader.setDaemon(true);
        reader.start();
        service.awaitReady();
        return service;
    }

    /** Reads to the end, so that the process never waits for a reader. */
    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher matcher = READY.matcher(line);
                if (!ready.isDone() && matcher.find()) {
                    ready.complete(new Ready(Address.parse(matcher.group(1)), System.nanoTime() - startedNanos));
                }
            }
            ready.completeExceptionally(new BenchException(name + " ended before it was ready"));
        } catch (IOException e) {
            ready.completeExceptionally(e);
        }
    }

    private void awaitReady() throws BenchException, InterruptedException {
        try {
            ready.get(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            close();
            throw new BenchException(name + " did not get ready: " + complaints(), e);
        }
    }

    private String complaints() {
        try {
            List<String> lines = Files.readAllLines(errors, StandardCharsets.UTF_8);
            return lines.isEmpty()
                    ? "it said nothing on standard error"
                    : String.join(" | ", lines.subList(Math.max(0, lines.size() - COMPLAINT_LINES), lines.size()));
        } catch (IOException e) {
            return "its standard error cannot be read: " + e.getMessage();
        }
    }

    /** Where it listens. */
    Address address() {
        return ready.join().address;
    }

    /** From the start of the process until it said that it was ready. */
    long readyNanos() {
        return ready.join().nanos;
    }

    long pid() {
        return process.pid();
    }

    /** Asks it to end, and after a while makes it end. */
    @Override
    public void close() throws BenchException {
        process.destroy();
        try {
            if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new BenchException(name + " did not stop within " + STOP_LIMIT.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
