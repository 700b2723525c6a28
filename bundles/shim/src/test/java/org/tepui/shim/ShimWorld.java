// SPDX-License-Identifier: Apache-2.0
package org.tepui.shim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.tepui.runtime.Processes;
import org.tepui.runtime.Processes.ExitStatus;
import org.tepui.runtime.Processes.ProcessSpec;
import org.tepui.runtime.Processes.Started;
import org.tepui.runtime.Processes.UserIds;
import org.tepui.runtime.ShimProcesses;
import org.tepui.runtime.ThreadEventLoop;

/**
 * A runtime directory and one life after the other of a service that uses it. Each process started here carries a
 * variable by which those that are left over are found.
 */
final class ShimWorld {
    static final Path SHIM =
            Path.of(System.getProperty("tepui.shim", "target/tepui-shim")).toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SIGKILL = 9;
    private static final int LONGEST_NAME = 100;

    final Path root;
    final Path runtime;
    final Path sandbox;
    final String mark = "TEPUI_TEST=" + UUID.randomUUID();
    final Map<String, Started> started = new ConcurrentHashMap<>();
    final Map<String, String> notStarted = new ConcurrentHashMap<>();
    final Map<String, ExitStatus> exited = new ConcurrentHashMap<>();
    final List<String> surplus = Collections.synchronizedList(new ArrayList<>());
    final List<Throwable> faults = Collections.synchronizedList(new ArrayList<>());
    private @Nullable ThreadEventLoop loop;
    private @Nullable ShimProcesses processes;

    ShimWorld() throws IOException {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "the shim needs Linux");
        Path tmpfs = Path.of("/dev/shm");
        root = Files.isWritable(tmpfs)
                ? Files.createTempDirectory(tmpfs, "tepui-shim-test")
                : Files.createTempDirectory("tepui-shim-test");
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
        runtime = root.resolve("runtime");
        sandbox = Files.createDirectory(root.resolve("sandbox"));
    }

    /** Begins a life of the service and returns what it found. */
    List<Started> live() throws Exception {
        loop = ThreadEventLoop.start("test-agent", (where, what, failure) -> faults.add(failure));
        processes = new ShimProcesses(loop, SHIM, runtime);
        return call(() -> processes().recover(new Recorder()));
    }

    /** Ends a life: what runs goes on. What was heard is forgotten. */
    void endLife() {
        if (loop != null && processes != null) {
            loop.close();
            processes.close();
        }
        loop = null;
        processes = null;
        started.clear();
        notStarted.clear();
        exited.clear();
        surplus.clear();
    }

    private ShimProcesses processes() {
        return Objects.requireNonNull(processes, "no life began");
    }

    <T> T call(Callable<T> work) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        Objects.requireNonNull(loop, "no life began").execute("test", () -> {
            try {
                result.complete(work.call());
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        return result.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    void start(ProcessSpec spec) throws Exception {
        call(() -> {
            processes().start(spec);
            return true;
        });
    }

    void start(String id, String... command) throws Exception {
        start(spec(id, command));
    }

    /** A process that is known to run. */
    Started running(String id) {
        return known(started.get(id));
    }

    private static <T> T known(@Nullable T value) {
        return Objects.requireNonNull(value, "nothing was heard of it");
    }

    /** Starts a command of the shell's and waits until it runs. */
    Started startShell(String id, String script) throws Exception {
        start(id, "/bin/sh", "-c", script);
        await(id + " runs", () -> started.containsKey(id));
        return running(id);
    }

    void signal(String id, int signal) throws Exception {
        call(() -> {
            processes().signal(id, signal);
            return true;
        });
    }

    void forget(String id) throws Exception {
        call(() -> {
            processes().forget(id);
            return true;
        });
    }

    ProcessSpec spec(String id, String... command) {
        return spec(id, Map.of(), Optional.empty(), command);
    }

    ProcessSpec spec(String id, Map<String, String> variables, Optional<UserIds> user, String... command) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("PATH", "/usr/local/bin:/usr/bin:/bin");
        environment.put("TEPUI_TEST", mark.substring(mark.indexOf('=') + 1));
        environment.putAll(variables);
        String file = id.length() > LONGEST_NAME ? "long" : id.replaceAll("[/\\p{Cntrl}]", "_");
        return new ProcessSpec(
                id,
                List.of(command),
                environment,
                sandbox,
                sandbox.resolve(file + ".out"),
                sandbox.resolve(file + ".err"),
                user);
    }

    String stdout(String id) throws IOException {
        return Files.readString(sandbox.resolve(id + ".out"));
    }

    String stderr(String id) throws IOException {
        return Files.readString(sandbox.resolve(id + ".err"));
    }

    ExitStatus awaitExit(String id) {
        await(id + " ends", () -> exited.containsKey(id) || notStarted.containsKey(id));
        assertThat(notStarted).doesNotContainKey(id);
        return known(exited.get(id));
    }

    String awaitNotStarted(String id) {
        await(id + " is refused", () -> notStarted.containsKey(id));
        return known(notStarted.get(id));
    }

    /** Waits until something holds, for at most a minute. */
    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).as("in time: " + what).isNegative();
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** The launcher of the present life. */
    long launcher() {
        List<Long> children = ProcFs.childrenOf(ProcessHandle.current().pid());
        children.retainAll(ProcFs.withArgument(runtime.toString()));
        assertThat(children).hasSize(1);
        return children.get(0);
    }

    /** All shims, also those that are about to start something. */
    List<Long> shims() {
        List<Long> found = new ArrayList<>(ProcFs.withArgument(runtime.toString()));
        found.removeAll(ProcFs.childrenOf(ProcessHandle.current().pid()));
        return found;
    }

    /** The shim of a process that runs. */
    static long shimOf(Started process) {
        return ProcFs.statField(process.pid(), 4);
    }

    static void kill(long pid) throws Exception {
        kill(pid, SIGKILL);
    }

    static void kill(long pid, int signal) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
    }

    /** States that nothing of this world is left: no process, no shim, no zombie. */
    void assertNothingLeft() {
        await("no process is left", () -> ProcFs.withVariable(mark).isEmpty());
        await("no shim is left", () -> ProcFs.withArgument(runtime.toString()).isEmpty());
        assertThat(faults).isEmpty();
    }

    /** Ends the world, with all that still runs in it. */
    void end() throws Exception {
        try {
            if (loop != null) {
                await("all ended", this::killWhatRuns);
            }
            endLife();
            assertNothingLeft();
        } finally {
            for (long left : ProcFs.withVariable(mark)) {
                ProcessHandle.of(left).ifPresent(ProcessHandle::destroyForcibly);
            }
            try (Stream<Path> files = Files.walk(root)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }

    /** Returns whether all that was heard of ended. */
    private boolean killWhatRuns() {
        List<String> running = new ArrayList<>(started.keySet());
        running.removeAll(exited.keySet());
        try {
            for (String id : running) {
                signal(id, SIGKILL);
            }
        } catch (Exception e) {
            throw new IllegalStateException("cannot end " + running, e);
        }
        return running.isEmpty();
    }

    private final class Recorder implements Processes.Listener {
        @Override
        public void started(Started process) {
            if (started.put(process.id(), process) != null) {
                surplus.add("started " + process.id());
            }
        }

        @Override
        public void notStarted(String id, String reason) {
            if (notStarted.put(id, reason) != null) {
                surplus.add("notStarted " + id);
            }
        }

        @Override
        public void exited(String id, ExitStatus status) {
            if (exited.put(id, status) != null) {
                surplus.add("exited " + id);
            }
        }
    }
}
