// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime.simulated;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.Worker;

/**
 * A worker of a node under virtual time. A piece of work happens at one moment, a little after it was handed over; its
 * result arrives as much later as the disk took. If the node is killed in between, the work was done and nobody heard.
 */
final class SimulatedWorker implements Worker {
    private static final int LONGEST_START_NANOS = 100_000;

    private final String name;
    private final VirtualTime time;
    private final Lane lane;
    private final SimulatedDisk disk;
    private final SimulatedRandomness delays;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private boolean busy;

    SimulatedWorker(String name, VirtualTime time, Lane lane, SimulatedDisk disk, SimulatedRandomness delays) {
        this.name = name;
        this.time = time;
        this.lane = lane;
        this.disk = disk;
        this.delays = delays;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public <T> void submit(
            String what, Callable<T> work, EventLoop loop, BiConsumer<@Nullable T, @Nullable Exception> done) {
        waiting.add(() -> perform(what, work, loop, done));
        if (!busy) {
            startNext();
        }
    }

    private void startNext() {
        Runnable next = waiting.poll();
        busy = next != null;
        if (next != null) {
            time.schedule(lane, "start work", 1L + delays.nextInt(LONGEST_START_NANOS), next);
        }
    }

    private <T> void perform(
            String what, Callable<T> work, EventLoop loop, BiConsumer<@Nullable T, @Nullable Exception> done) {
        disk.takeElapsed();
        T result = null;
        Exception failure = null;
        try {
            result = work.call();
        } catch (SimulatedCrash e) {
            throw e;
        } catch (Exception e) {
            failure = e;
        } catch (Error e) {
            failure = new ExecutionException(e);
        }
        deliver(what, result, failure, loop, done);
    }

    private <T> void deliver(
            String what,
            @Nullable T result,
            @Nullable Exception failure,
            EventLoop loop,
            BiConsumer<@Nullable T, @Nullable Exception> done) {
        time.schedule(lane, what, disk.takeElapsed(), () -> {
            loop.execute(what, () -> done.accept(result, failure));
            startNext();
        });
    }
}
