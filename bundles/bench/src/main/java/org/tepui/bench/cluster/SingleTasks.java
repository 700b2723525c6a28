// SPDX-License-Identifier: Apache-2.0
package org.tepui.bench.cluster;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.tepui.bench.report.BenchException;
import org.tepui.driver.Scheduler;
import org.tepui.driver.SchedulerDriver;
import org.tepui.v1.Filters;
import org.tepui.v1.FrameworkID;
import org.tepui.v1.MasterInfo;
import org.tepui.v1.Offer;
import org.tepui.v1.OfferID;
import org.tepui.v1.TaskState;
import org.tepui.v1.TaskStatus;

/**
 * A framework that runs one task at a time and takes the time from the arrival of its offer to TASK_RUNNING. State
 * belongs to the driver's loop.
 */
final class SingleTasks implements Scheduler {
    private static final Filters NOT_NOW =
            Filters.newBuilder().setRefuseSeconds(3600).build();

    private final TrueTasks kind;
    private final CompletableFuture<SchedulerDriver> subscribed = new CompletableFuture<>();
    private final AtomicReference<@Nullable Series> next = new AtomicReference<>();
    private Series series = new Series(0);
    private String current = "";
    private boolean running;
    private long offeredAt;
    private long started;

    SingleTasks(TrueTasks kind) {
        this.kind = kind;
    }

    /** Tasks one after the other. */
    private static final class Series {
        private final CompletableFuture<long[]> done = new CompletableFuture<>();
        private final long[] nanos;
        private int ended;

        Series(int tasks) {
            nanos = new long[tasks];
        }
    }

    /** Done when the master has taken the framework. */
    CompletableFuture<SchedulerDriver> awaitSubscription() {
        return subscribed;
    }

    /**
     * Begins a series, when no other is under way. From any thread.
     *
     * @return completed with the nanoseconds of each task, exceptionally if one does not finish
     */
    CompletableFuture<long[]> begin(SchedulerDriver driver, int tasks) {
        Series begun = new Series(tasks);
        next.set(begun);
        driver.revive(List.of());
        return begun.done;
    }

    private void takeNext() {
        Series begun = next.getAndSet(null);
        if (begun != null) {
            series = begun;
        }
    }

    @Override
    public void subscribed(SchedulerDriver driver, FrameworkID frameworkId, MasterInfo master) {
        if (!subscribed.complete(driver)) {
            fail("the connection to the master was lost");
        }
    }

    @Override
    public void offers(SchedulerDriver driver, List<Offer> offers) {
        long now = System.nanoTime();
        takeNext();
        for (Offer offer : offers) {
            List<OfferID> ids = List.of(offer.getId());
            if (current.isEmpty() && series.ended < series.nanos.length && kind.fitting(offer) > 0) {
                current = "true-" + started++;
                running = false;
                offeredAt = now;
                driver.accept(ids, List.of(TrueTasks.launch(List.of(kind.task(current, offer)))), NOT_NOW);
            } else {
                driver.decline(ids, NOT_NOW);
            }
        }
    }

    @Override
    public void update(SchedulerDriver driver, TaskStatus status) {
        long now = System.nanoTime();
        if (!status.getTaskId().getValue().equals(current)) {
            return;
        }
        switch (status.getState()) {
            case TASK_STAGING, TASK_STARTING -> {}
            case TASK_RUNNING -> {
                if (!running) {
                    running = true;
                    series.nanos[series.ended] = now - offeredAt;
                }
            }
            default -> ended(driver, status);
        }
    }

    private void ended(SchedulerDriver driver, TaskStatus status) {
        current = "";
        if (status.getState() != TaskState.TASK_FINISHED || !running) {
            fail("task " + status.getTaskId().getValue() + " ended as " + status.getState()
                    + (running ? ": " : " before it was running: ") + status.getMessage());
            return;
        }
        series.ended++;
        if (series.ended == series.nanos.length) {
            series.done.complete(series.nanos);
        } else {
            // all offers were declined for long, so that the next one arrives now and not at some interval
            driver.revive(List.of());
        }
    }

    @Override
    public void error(SchedulerDriver driver, String message) {
        fail("the master ended the framework: " + message);
    }

    private void fail(String reason) {
        takeNext();
        BenchException failure = new BenchException(reason);
        subscribed.completeExceptionally(failure);
        series.done.completeExceptionally(failure);
    }
}
