// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.runtime.ShimDirectory.Recorded;

/**
 * Keeps one launcher running: when it ends, reads what its shims recorded up to then and starts another one, at once
 * the first time and with growing pauses if that does not help. On the service's loop.
 */
final class LauncherKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(LauncherKeeper.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    /** A launcher that lasted this long starts a new count of failures. */
    private static final Duration GOOD_LIFE = Duration.ofSeconds(10);

    /** Hears of launchers. On the loop. */
    interface Owner {
        /**
         * A launcher is there to send to. What was sent to the one before may be lost.
         *
         * @param records of all that the launchers before started; nothing of theirs is under way
         */
        void launcherStarted(List<Recorded> records);

        /** No launcher could be started; another attempt follows. */
        void launcherNotStarted(List<Recorded> records, String reason);
    }

    private record Attempt(List<Recorded> records, @Nullable ShimLauncher launcher, String problem) {}

    private final EventLoop loop;
    private final Worker worker;
    private final Path program;
    private final ShimDirectory directory;
    private final Owner owner;
    private @Nullable ShimLauncher launcher;
    private Duration pause = Duration.ZERO;
    private long startedAt;
    private volatile boolean closed;

    LauncherKeeper(EventLoop loop, Worker worker, Path program, ShimDirectory directory, Owner owner) {
        this.loop = loop;
        this.worker = worker;
        this.program = program;
        this.directory = directory;
        this.owner = owner;
    }

    /** Starts the first launcher and waits for it. */
    void startFirst() throws IOException {
        loop.assertInLoop();
        up(start());
    }

    /** Hands a frame to the launcher; dropped if there is none, then the owner will hear of the next one. */
    void send(byte[] frame) {
        loop.assertInLoop();
        if (launcher != null) {
            launcher.send(frame);
        }
    }

    /** Replaces the launcher: the owner hears of the next one, and with it of all that is recorded. */
    void replace() {
        loop.assertInLoop();
        if (launcher != null) {
            launcher.close();
        }
    }

    /** Lets the launcher go, and starts no more. */
    void close() {
        closed = true;
        if (launcher != null) {
            launcher.close();
        }
    }

    private ShimLauncher start() throws IOException {
        return ShimLauncher.start(
                loop.name(), program, directory.path(), how -> loop.execute("launcher ended", () -> down(how)));
    }

    private void up(ShimLauncher started) {
        launcher = started;
        startedAt = loop.clock().nanoTime();
        LOG.info("launcher {} of shims is ready in {}", started.pid(), directory.path());
    }

    private void down(String how) {
        launcher = null;
        if (closed) {
            return;
        }
        LOG.warn("the launcher of shims is gone: {}; starting another one", how);
        boolean lasted = loop.clock().nanoTime() - startedAt >= GOOD_LIFE.toNanos();
        startAfter(lasted ? Duration.ZERO : pause);
    }

    private void startAfter(Duration delay) {
        Duration next = delay.multipliedBy(2);
        if (next.compareTo(FIRST_PAUSE) < 0) {
            next = FIRST_PAUSE;
        }
        pause = next.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next;
        loop.schedule(
                "start launcher", delay, () -> worker.submit("start launcher", this::attempt, loop, this::attempted));
    }

    /** On the worker. The files are read while no launcher is there, so that they say all. */
    private Attempt attempt() throws IOException {
        List<Recorded> records = directory.scan();
        if (closed) {
            return new Attempt(records, null, "the service is closing");
        }
        try {
            return new Attempt(records, start(), "");
        } catch (IOException e) {
            return new Attempt(records, null, String.valueOf(e.getMessage()));
        }
    }

    private void attempted(@Nullable Attempt attempt, @Nullable Exception failure) {
        ShimLauncher started = attempt == null ? null : attempt.launcher;
        if (closed) {
            if (started != null) {
                started.close();
            }
            return;
        }
        if (attempt != null && started != null) {
            up(started);
            owner.launcherStarted(attempt.records);
            return;
        }
        String reason = attempt == null ? String.valueOf(failure) : attempt.problem;
        LOG.error("no launcher of shims: {}; trying again in {} ms", reason, pause.toMillis());
        startAfter(pause);
        owner.launcherNotStarted(attempt == null ? List.of() : attempt.records, reason);
    }
}
