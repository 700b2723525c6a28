// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.cluster;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Waits for what other processes do, of which nothing here can tell. */
public final class Await {
    /** Enough for whatever takes a second on a machine with nothing else to do. */
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final long POLL_MILLISECONDS = 25;

    private Await() {}

    /** What may be there later. */
    @FunctionalInterface
    public interface Probe<T> {
        /** Looks once. */
        Optional<T> look() throws IOException, InterruptedException;
    }

    /**
     * Looks until something is there.
     *
     * @param state describes how far it is, for the message when {@link #PATIENCE} is over
     */
    public static <T> T present(String what, Probe<T> probe, Supplier<String> state)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Optional<T> found = probe.look();
            if (found.isPresent()) {
                return found.get();
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + PATIENCE.toSeconds() + " s: " + what + "\n" + state.get());
            }
            Thread.sleep(POLL_MILLISECONDS);
        }
    }

    /** What becomes true later. */
    @FunctionalInterface
    public interface Condition {
        /** Looks once. */
        boolean holds() throws IOException, InterruptedException;
    }

    /** Looks until something is true. */
    public static void until(String what, Condition condition, Supplier<String> state)
            throws IOException, InterruptedException {
        present(what, () -> condition.holds() ? Optional.of(true) : Optional.empty(), state);
    }
}
