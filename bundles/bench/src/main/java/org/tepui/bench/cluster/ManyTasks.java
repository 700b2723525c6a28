// SPDX-License-Identifier: Apache-2.0
package org.tepui.bench.cluster;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
import org.tepui.v1.TaskInfo;
import org.tepui.v1.TaskState;
import org.tepui.v1.TaskStatus;

/** A framework that keeps agents full of tasks, batch after batch. State belongs to the driver's loop. */
final class ManyTasks implements Scheduler {
    private static final Filters NOT_NOW =
            Filters.newBuilder().setRefuseSeconds(3600).build();
    private static final Filters AT_ONCE =
            Filters.newBuilder().setRefuseSeconds(0).build();

    private final TrueTasks kind;
    private final Set<String> underWay = new HashSet<>();
    private final CompletableFuture<SchedulerDriver> subscribed = new CompletableFuture<>();
    private final AtomicReference<@Nullable Batch> next = new AtomicReference<>();
    private CompletableFuture<Void> batch = CompletableFuture.completedFuture(null);
    private int waiting;
    private long started;

    ManyTasks(TrueTasks kind) {
        this.kind = kind;
    }

    /** Done when the master has taken the framework. */
    CompletableFuture<SchedulerDriver> awaitSubscription() {
        return subscribed;
    }

    private record Batch(int tasks, CompletableFuture<Void> done) {}

    /**
     * Begins a batch, when no other is under way. From any thread.
     *
     * @return completed when all tasks have finished, exceptionally if one ends otherwise
     */
    CompletableFuture<Void> begin(SchedulerDriver driver, int tasks) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        next.set(new Batch(tasks, done));
        driver.revive(List.of());
        return done;
    }

    private void takeNext() {
        Batch begun = next.getAndSet(null);
        if (begun != null) {
            batch = begun.done;
            waiting = begun.tasks;
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
        takeNext();
        for (Offer offer : offers) {
            int tasks = Math.min(waiting, kind.fitting(offer));
            if (tasks == 0) {
                driver.decline(List.of(offer.getId()), waiting == 0 ? NOT_NOW : AT_ONCE);
                continue;
            }
            List<TaskInfo> launched = new ArrayList<>(tasks);
            for (int i = 0; i < tasks; i++) {
                String id = "true-" + started++;
                underWay.add(id);
                launched.add(kind.task(id, offer));
            }
            waiting -= tasks;
            driver.accept(List.of(offer.getId()), List.of(TrueTasks.launch(launched)), AT_ONCE);
        }
    }

    @Override
    public void update(SchedulerDriver driver, TaskStatus status) {
        switch (status.getState()) {
            case TASK_STAGING, TASK_STARTING, TASK_RUNNING -> {}
            default -> ended(status);
        }
    }

    private void ended(TaskStatus status) {
        if (!underWay.remove(status.getTaskId().getValue())) {
            return;
        }
        if (status.getState() != TaskState.TASK_FINISHED) {
            fail("task " + status.getTaskId().getValue() + " ended as " + status.getState() + ": "
                    + status.getMessage());
        } else if (waiting == 0 && underWay.isEmpty()) {
            batch.complete(null);
        }
    }

    @Override
    public void error(SchedulerDriver driver, String message) {
        fail("the master ended the framework: " + message);
    }

    private void fail(String reason) {
        takeNext();
        waiting = 0;
        BenchException failure = new BenchException(reason);
        subscribed.completeExceptionally(failure);
        batch.completeExceptionally(failure);
    }
}
