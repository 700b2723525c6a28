// SPDX-License-Identifier: Apache-2.0
package org.tepui.examples.wordcount;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.tepui.driver.Scheduler;
import org.tepui.driver.SchedulerDriver;
import org.tepui.v1.AgentID;
import org.tepui.v1.CommandInfo;
import org.tepui.v1.Filters;
import org.tepui.v1.FrameworkID;
import org.tepui.v1.KillPolicy;
import org.tepui.v1.MasterInfo;
import org.tepui.v1.Offer;
import org.tepui.v1.Resource;
import org.tepui.v1.TaskID;
import org.tepui.v1.TaskInfo;
import org.tepui.v1.TaskState;
import org.tepui.v1.TaskStatus;
import org.tepui.v1.Value;
import org.tepui.v1.scheduler.Call;

/**
 * Runs the map tasks on whatever agent offers room, then the reduce tasks, and starts a task again when it fails or
 * its agent is lost. A task that is run twice writes the same files, so that an attempt which was given up too
 * early does no harm.
 */
final class WordCountScheduler implements Scheduler {
    private static final double NOTHING_TO_RUN_REFUSE_SECONDS = 600;

    private final JobSettings settings;
    private final JobDirectory job;
    private final int maps;
    private final CompletableFuture<JobProgress> outcome = new CompletableFuture<>();
    private final Deque<WorkItem> waiting = new ArrayDeque<>();
    private final Map<String, WorkItem> underWay = new HashMap<>();
    private final Map<String, String> hostnames = new HashMap<>();
    private final Map<String, Integer> finishedByAgent = new TreeMap<>();
    private int mapsDone;
    private int finished;
    private int failedAttempts;
    private volatile JobProgress progress;

    WordCountScheduler(JobSettings settings, JobDirectory job, int maps) {
        this.settings = settings;
        this.job = job;
        this.maps = maps;
        for (int i = 0; i < maps; i++) {
            waiting.add(new WorkItem(WorkItem.Kind.MAP, i));
        }
        this.progress = measure();
    }

    /** Completes with the final figures, or exceptionally with the reason why the job was given up. */
    CompletableFuture<JobProgress> outcome() {
        return outcome;
    }

    /** From any thread. */
    JobProgress progress() {
        return progress;
    }

    @Override
    public void subscribed(SchedulerDriver driver, FrameworkID frameworkId, MasterInfo master) {
        if (!underWay.isEmpty()) {
            driver.reconcile(underWay.entrySet().stream()
                    .map(entry -> {
                        Call.Reconcile.Task.Builder task = Call.Reconcile.Task.newBuilder()
                                .setTaskId(TaskID.newBuilder().setValue(entry.getKey()));
                        String agent = entry.getValue().agent();
                        if (agent != null) {
                            task.setAgentId(AgentID.newBuilder().setValue(agent));
                        }
                        return task.build();
                    })
                    .toList());
        }
    }

    @Override
    public void offers(SchedulerDriver driver, List<Offer> offers) {
        for (Offer offer : offers) {
            hostnames.put(offer.getAgentId().getValue(), nameOf(offer));
            List<TaskInfo> tasks = tasksFor(offer);
            if (tasks.isEmpty()) {
                Filters.Builder filters = Filters.newBuilder();
                if (waiting.isEmpty()) {
                    filters.setRefuseSeconds(NOTHING_TO_RUN_REFUSE_SECONDS);
                }
                driver.decline(List.of(offer.getId()), filters.build());
            } else {
                Offer.Operation launch = Offer.Operation.newBuilder()
                        .setType(Offer.Operation.Type.LAUNCH)
                        .setLaunch(Offer.Operation.Launch.newBuilder().addAllTaskInfos(tasks))
                        .build();
                driver.accept(List.of(offer.getId()), List.of(launch), Filters.getDefaultInstance());
            }
        }
        progress = measure();
    }

    /** Agents on one machine share a host name: the id tells them apart. */
    private static String nameOf(Offer offer) {
        String id = offer.getAgentId().getValue();
        return offer.getHostname() + " " + id.substring(id.lastIndexOf('-') + 1);
    }

    private List<TaskInfo> tasksFor(Offer offer) {
        double cpus = unreserved(offer, "cpus");
        double memory = unreserved(offer, "mem");
        List<TaskInfo> tasks = new ArrayList<>();
        while (!waiting.isEmpty() && cpus >= settings.cpus() && memory >= settings.memoryMegabytes()) {
            WorkItem item = waiting.remove();
            String id = item.launch(offer.getAgentId().getValue());
            underWay.put(id, item);
            tasks.add(task(item, id, offer.getAgentId()));
            cpus -= settings.cpus();
            memory -= settings.memoryMegabytes();
        }
        return tasks;
    }

    private static double unreserved(Offer offer, String name) {
        return offer.getResourcesList().stream()
                .filter(resource -> resource.getName().equals(name)
                        && resource.getReservationsCount() == 0
                        && !resource.hasReservation())
                .mapToDouble(resource -> resource.getScalar().getValue())
                .sum();
    }

    private TaskInfo task(WorkItem item, String id, AgentID agent) {
        boolean map = item.kind() == WorkItem.Kind.MAP;
        return TaskInfo.newBuilder()
                .setName((map ? "map " : "reduce ") + item.number())
                .setTaskId(TaskID.newBuilder().setValue(id))
                .setAgentId(agent)
                .addResources(scalar("cpus", settings.cpus()))
                .addResources(scalar("mem", settings.memoryMegabytes()))
                .setCommand(CommandInfo.newBuilder()
                        .setShell(false)
                        .setValue(settings.java())
                        .addArguments("java")
                        .addArguments("-Xmx" + Math.max(32, settings.memoryMegabytes() * 3 / 4) + "m")
                        .addArguments("-XX:+UseSerialGC")
                        .addArguments("-cp")
                        .addArguments(settings.classPath())
                        .addArguments(WordCountTask.class.getName())
                        .addArguments(map ? "map" : "reduce")
                        .addArguments(job.path().toString())
                        .addArguments(Integer.toString(item.number()))
                        .addArguments(Integer.toString(map ? settings.reduces() : maps)))
                .build();
    }

    private static Resource scalar(String name, double value) {
        return Resource.newBuilder()
                .setName(name)
                .setType(Value.Type.SCALAR)
                .setScalar(Value.Scalar.newBuilder().setValue(value))
                .build();
    }

    @Override
    public void update(SchedulerDriver driver, TaskStatus status) {
        WorkItem item = underWay.get(status.getTaskId().getValue());
        if (item == null) {
            if (status.getState() == TaskState.TASK_RUNNING) {
                driver.kill(status.getTaskId(), KillPolicy.getDefaultInstance());
            }
            return;
        }
        item.moved(status.getState());
        switch (status.getState()) {
            case TASK_FINISHED -> finished(driver, item, status);
            case TASK_STAGING, TASK_STARTING, TASK_RUNNING, TASK_KILLING -> {}
            default -> failed(driver, item, status);
        }
        progress = measure();
    }

    private void finished(SchedulerDriver driver, WorkItem item, TaskStatus status) {
        underWay.remove(status.getTaskId().getValue());
        String agent = item.agent();
        finished++;
        if (agent != null) {
            finishedByAgent.merge(hostnames.getOrDefault(agent, agent), 1, Integer::sum);
        }
        if (item.kind() == WorkItem.Kind.MAP && ++mapsDone == maps) {
            for (int i = 0; i < settings.reduces(); i++) {
                waiting.add(new WorkItem(WorkItem.Kind.REDUCE, i));
            }
            driver.revive(List.of());
        } else if (finished == maps + settings.reduces()) {
            outcome.complete(measure());
            driver.teardown();
        }
    }

    private void failed(SchedulerDriver driver, WorkItem item, TaskStatus status) {
        underWay.remove(status.getTaskId().getValue());
        failedAttempts++;
        item.lost();
        if (item.attempts() >= settings.attempts()) {
            outcome.completeExceptionally(new JobFailedException("task " + item.kind() + " " + item.number()
                    + " failed " + item.attempts() + " times, the last time with " + status.getState() + ": "
                    + status.getMessage()));
            driver.teardown();
            return;
        }
        waiting.add(item);
        driver.revive(List.of());
    }

    @Override
    public void error(SchedulerDriver driver, String message) {
        outcome.completeExceptionally(new JobFailedException("the master ended the framework: " + message));
    }

    private JobProgress measure() {
        int staging = 0;
        int running = 0;
        for (WorkItem item : underWay.values()) {
            if (item.state() == TaskState.TASK_RUNNING) {
                running++;
            } else {
                staging++;
            }
        }
        return new JobProgress(
                waiting.size(),
                staging,
                running,
                finished,
                failedAttempts,
                maps + settings.reduces(),
                new TreeMap<>(finishedByAgent));
    }

    /** The job was given up. */
    static final class JobFailedException extends Exception {
        private static final long serialVersionUID = 1L;

        JobFailedException(String message) {
            super(message);
        }
    }
}
