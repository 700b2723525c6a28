// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.tepui.driver.Scheduler;
import org.tepui.driver.SchedulerDriver;
import org.tepui.v1.AgentID;
import org.tepui.v1.Filters;
import org.tepui.v1.FrameworkID;
import org.tepui.v1.MasterInfo;
import org.tepui.v1.Offer;
import org.tepui.v1.TaskID;
import org.tepui.v1.TaskInfo;
import org.tepui.v1.TaskStatus;
import org.tepui.v1.scheduler.Call;

/**
 * Launches all tasks of a run from whatever offers have room and follows them to their ends. A task is launched once:
 * what fails stays failed. All methods but {@link #outcome} and {@link #counts} are called on the driver's loop.
 */
final class RunScheduler implements Scheduler {
    private final RunRequest request;
    private final Map<String, BigDecimal> room;
    private final Consumer<RunTask> changed;
    private final Map<String, RunTask> tasks = new LinkedHashMap<>();
    private final Deque<String> waiting = new ArrayDeque<>();
    private final CompletableFuture<Collection<RunTask>> outcome = new CompletableFuture<>();
    private volatile RunCounts counts;
    private volatile FrameworkID frameworkId = FrameworkID.getDefaultInstance();

    /** @param changed hears of each new state of a task */
    RunScheduler(RunRequest request, Consumer<RunTask> changed) {
        this.request = request;
        this.room = Map.of("cpus", request.cpus(), "mem", request.megabytes());
        this.changed = changed;
        for (int number = 1; number <= request.instances(); number++) {
            String id = request.taskId(number);
            tasks.put(id, RunTask.waiting(id));
            waiting.add(id);
        }
        this.counts = RunCounts.of(tasks.values());
    }

    /** All tasks once each has ended; a {@link CommandException} if the framework ends before. */
    CompletableFuture<Collection<RunTask>> outcome() {
        return outcome;
    }

    RunCounts counts() {
        return counts;
    }

    /** The id of the framework; empty before it is subscribed. */
    FrameworkID frameworkId() {
        return frameworkId;
    }

    @Override
    public void subscribed(SchedulerDriver driver, FrameworkID id, MasterInfo master) {
        frameworkId = id;
        if (waiting.isEmpty()) {
            driver.suppress(List.of(request.identity().role()));
        }
        List<Call.Reconcile.Task> launched = new ArrayList<>();
        for (RunTask task : tasks.values()) {
            if (!task.agentId().isEmpty() && !TaskStatuses.ended(task.state())) {
                launched.add(Call.Reconcile.Task.newBuilder()
                        .setTaskId(TaskID.newBuilder().setValue(task.id()))
                        .setAgentId(AgentID.newBuilder().setValue(task.agentId()))
                        .build());
            }
        }
        if (!launched.isEmpty()) {
            driver.reconcile(launched);
        }
    }

    @Override
    public void offers(SchedulerDriver driver, List<Offer> offers) {
        for (Offer offer : offers) {
            OfferRoom left = new OfferRoom(offer);
            Offer.Operation.Launch.Builder launch = Offer.Operation.Launch.newBuilder();
            while (!waiting.isEmpty() && left.has(room)) {
                launch.addTaskInfos(task(waiting.remove(), offer, left));
            }
            if (launch.getTaskInfosCount() == 0) {
                driver.decline(List.of(offer.getId()), Filters.getDefaultInstance());
            } else {
                Offer.Operation operation = Offer.Operation.newBuilder()
                        .setType(Offer.Operation.Type.LAUNCH)
                        .setLaunch(launch)
                        .build();
                driver.accept(List.of(offer.getId()), List.of(operation), Filters.getDefaultInstance());
            }
        }
        if (waiting.isEmpty()) {
            driver.suppress(List.of(request.identity().role()));
        }
        counts = RunCounts.of(tasks.values());
    }

    private TaskInfo task(String id, Offer offer, OfferRoom left) {
        tasks.computeIfPresent(id, (key, task) -> task.launched(offer.getAgentId(), offer.getHostname()));
        return TaskInfo.newBuilder()
                .setName(request.name().text())
                .setTaskId(TaskID.newBuilder().setValue(id))
                .setAgentId(offer.getAgentId())
                .addAllResources(left.take(room))
                .setCommand(request.commandInfo())
                .build();
    }

    @Override
    public void update(SchedulerDriver driver, TaskStatus status) {
        RunTask task = tasks.get(status.getTaskId().getValue());
        if (task == null || TaskStatuses.ended(task.state())) {
            return;
        }
        RunTask now = task.with(status);
        tasks.put(now.id(), now);
        counts = RunCounts.of(tasks.values());
        changed.accept(now);
        if (counts.ended() == tasks.size()) {
            outcome.complete(List.copyOf(tasks.values()));
        }
    }

    @Override
    public void error(SchedulerDriver driver, String message) {
        outcome.completeExceptionally(new CommandException("the master ended the framework: " + message));
    }
}
