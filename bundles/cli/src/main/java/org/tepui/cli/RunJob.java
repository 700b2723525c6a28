// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.tepui.driver.DriverConfig;
import org.tepui.driver.DriverRuntime;
import org.tepui.driver.SchedulerDriver;
import org.tepui.runtime.Address;
import org.tepui.v1.FrameworkID;
import org.tepui.v1.FrameworkInfo;
import org.tepui.v1.KillPolicy;
import org.tepui.v1.TaskID;
import org.tepui.v1.TaskState;

/** One run from its subscription to its report. */
final class RunJob {
    private static final Duration PROGRESS_INTERVAL = Duration.ofMillis(250);
    private static final Duration ROOM_INTERVAL = Duration.ofSeconds(3);

    private final Terminal terminal;
    private final Address address;
    private final ApiClient master;
    private final RunRequest request;
    private final RunRoom room;
    private final RunProgress progress;
    private final boolean json;

    RunJob(Terminal terminal, Address address, RunRequest request, boolean json) {
        this.terminal = terminal;
        this.address = address;
        this.master = new ApiClient(address.toString());
        this.request = request;
        this.room = new RunRoom(master, request);
        this.progress = new RunProgress(terminal);
        this.json = json;
    }

    /** Returns the exit code. */
    int run() throws CommandException, InterruptedException {
        room.check();
        CompletableFuture<SchedulerDriver> opened = new CompletableFuture<>();
        try (TaskTimer timer = new TaskTimer();
                DriverRuntime runtime = DriverRuntime.open("run")) {
            RunScheduler scheduler = new RunScheduler(request, task -> {
                if (task.state() == TaskState.TASK_RUNNING) {
                    request.killAfter()
                            .ifPresent(limit -> timer.once(task.id(), limit, () -> kill(opened.join(), task.id())));
                }
            });
            SchedulerDriver driver = runtime.driver(DriverConfig.of(address, framework()), scheduler);
            opened.complete(driver);
            Runnable close = runtime::close;
            Thread interrupted = new Thread(
                    () -> {
                        driver.teardown();
                        close.run();
                    },
                    "interrupted");
            Runtime.getRuntime().addShutdownHook(interrupted);
            driver.start();
            try {
                Collection<RunTask> tasks = follow(scheduler);
                return report(tasks, scheduler.frameworkId());
            } finally {
                progress.interrupt();
                driver.teardown();
                forget(interrupted);
            }
        }
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the process ends already, and the hook does what is to be done
        }
    }

    private static void kill(SchedulerDriver driver, String task) {
        driver.kill(TaskID.newBuilder().setValue(task).build(), KillPolicy.getDefaultInstance());
    }

    private FrameworkInfo framework() {
        return FrameworkInfo.newBuilder()
                .setName(request.name().text())
                .setUser(request.identity().user())
                .addRoles(request.identity().role())
                .addCapabilities(
                        FrameworkInfo.Capability.newBuilder().setType(FrameworkInfo.Capability.Type.MULTI_ROLE))
                .build();
    }

    /** Shows progress until all tasks have ended; looks now and then whether what waits can ever be placed. */
    private Collection<RunTask> follow(RunScheduler scheduler) throws CommandException, InterruptedException {
        double nextLook = ROOM_INTERVAL.toSeconds();
        while (true) {
            progress.show(scheduler.counts());
            try {
                Collection<RunTask> tasks =
                        scheduler.outcome().get(PROGRESS_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
                progress.show(RunCounts.of(tasks));
                return tasks;
            } catch (ExecutionException e) {
                throw e.getCause() instanceof CommandException known
                        ? known
                        : new CommandException(String.valueOf(e.getCause()));
            } catch (TimeoutException e) {
                if (scheduler.counts().of(RunTask.Outcome.WAITING) > 0 && progress.seconds() > nextLook) {
                    nextLook = progress.seconds() + ROOM_INTERVAL.toSeconds();
                    room.checkAgain(progress.seconds());
                }
            }
        }
    }

    private int report(Collection<RunTask> tasks, FrameworkID framework) {
        progress.interrupt();
        double seconds = progress.seconds();
        List<RunTask> failed = tasks.stream()
                .filter(task -> task.outcome() == RunTask.Outcome.FAILED || task.outcome() == RunTask.Outcome.LOST)
                .toList();
        new FailedOutputs(master, terminal.err()).print(failed, framework);
        RunCounts counts = RunCounts.of(tasks);
        int finished = counts.of(RunTask.Outcome.FINISHED);
        if (json) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("tasks", tasks.size());
            object.put("finished", finished);
            object.put("failed", counts.of(RunTask.Outcome.FAILED));
            object.put("killed", counts.of(RunTask.Outcome.KILLED));
            object.put("lost", counts.of(RunTask.Outcome.LOST));
            object.put("seconds", seconds);
            object.put("task_list", tasks.stream().map(RunTask::toJson).toList());
            terminal.out().println(Json.of(object));
        } else {
            terminal.out().println(finished + " of " + tasks.size() + " tasks finished in " + seconds + " s");
        }
        return finished == tasks.size() ? ExitCode.DONE : ExitCode.FAILED;
    }
}
