// SPDX-License-Identifier: Apache-2.0
package org.tepui.simulator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.tepui.driver.Scheduler;
import org.tepui.driver.SchedulerDriver;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.Randomness;
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
 * One life of a scheduler that launches tasks of random sizes, kills some, and reconciles what it is not sure of.
 * What it has to remember from life to life, it writes into {@link Memory} before it acts, as a careful framework
 * does.
 */
final class WorkloadScheduler implements Scheduler {
    private static final Duration RECONCILE_INTERVAL = Duration.ofMinutes(1);
    private static final int MOST_TASKS_AT_ONCE = 2;

    /** What survives a scheduler's death. */
    static final class Memory {
        @Nullable
        FrameworkID frameworkId;

        int launched;
        final Map<String, String> agentOfOpenTask = new TreeMap<>();
        final List<String> errors = new ArrayList<>();
    }

    private final int number;
    private final int tasks;
    private final Memory memory;
    private final Oracle oracle;
    private final Randomness random;
    private final EventLoop loop;

    WorkloadScheduler(int number, int tasks, Memory memory, Oracle oracle, Randomness random, EventLoop loop) {
        this.number = number;
        this.tasks = tasks;
        this.memory = memory;
        this.oracle = oracle;
        this.random = random;
        this.loop = loop;
    }

    /** Begins the rounds that do not depend on events. */
    void start(SchedulerDriver driver) {
        loop.schedule("reconcile", RECONCILE_INTERVAL, () -> {
            reconcile(driver);
            start(driver);
        });
    }

    private void reconcile(SchedulerDriver driver) {
        if (driver.isSubscribed() && !memory.agentOfOpenTask.isEmpty()) {
            driver.reconcile(memory.agentOfOpenTask.entrySet().stream()
                    .map(task -> Call.Reconcile.Task.newBuilder()
                            .setTaskId(TaskID.newBuilder().setValue(task.getKey()))
                            .setAgentId(AgentID.newBuilder().setValue(task.getValue()))
                            .build())
                    .toList());
        }
    }

    @Override
    public void subscribed(SchedulerDriver driver, FrameworkID frameworkId, MasterInfo master) {
        memory.frameworkId = frameworkId;
        reconcile(driver);
    }

    @Override
    public void offers(SchedulerDriver driver, List<Offer> offers) {
        for (Offer offer : offers) {
            List<TaskInfo> chosen = choose(offer);
            if (chosen.isEmpty()) {
                Filters.Builder filters = Filters.newBuilder();
                if (memory.launched >= tasks) {
                    filters.setRefuseSeconds(3600);
                } else if (random.nextBoolean()) {
                    filters.setRefuseSeconds(random.nextInt(10));
                }
                driver.decline(List.of(offer.getId()), filters.build());
            } else {
                driver.accept(
                        List.of(offer.getId()),
                        List.of(Offer.Operation.newBuilder()
                                .setType(Offer.Operation.Type.LAUNCH)
                                .setLaunch(Offer.Operation.Launch.newBuilder().addAllTaskInfos(chosen))
                                .build()),
                        Filters.newBuilder().setRefuseSeconds(random.nextInt(3)).build());
                chosen.stream().filter(task -> random.nextInt(10) == 0).forEach(task -> killLater(driver, task));
            }
        }
    }

    private void killLater(SchedulerDriver driver, TaskInfo task) {
        loop.schedule("kill", Duration.ofMillis(random.nextInt(20_000)), () -> {
            if (memory.agentOfOpenTask.containsKey(task.getTaskId().getValue())) {
                driver.kill(task.getTaskId(), KillPolicy.getDefaultInstance());
            }
        });
    }

    private List<TaskInfo> choose(Offer offer) {
        List<TaskInfo> chosen = new ArrayList<>();
        long cpus = amount(offer, "cpus");
        long mem = amount(offer, "mem");
        int most = random.nextInt(MOST_TASKS_AT_ONCE + 1);
        while (chosen.size() < most && memory.launched < tasks) {
            long taskCpus = 100L * (1 + random.nextInt(10));
            long taskMem = 64_000L * (1 + random.nextInt(8));
            if (taskCpus > cpus || taskMem > mem) {
                break;
            }
            cpus -= taskCpus;
            mem -= taskMem;
            chosen.add(task(offer, taskCpus, taskMem));
        }
        return chosen;
    }

    private static long amount(Offer offer, String name) {
        return BookKeeper.amounts(offer.getResourcesList()).getOrDefault(name, 0L);
    }

    private TaskInfo task(Offer offer, long cpus, long mem) {
        String id = "t" + memory.launched++;
        memory.agentOfOpenTask.put(id, offer.getAgentId().getValue());
        oracle.launched(new TaskName(number, id));
        return TaskInfo.newBuilder()
                .setName(id)
                .setTaskId(TaskID.newBuilder().setValue(id))
                .setAgentId(offer.getAgentId())
                .addResources(scalar("cpus", cpus))
                .addResources(scalar("mem", mem))
                .setCommand(CommandInfo.newBuilder().setValue("simulated"))
                .build();
    }

    private static Resource scalar(String name, long thousandths) {
        return Resource.newBuilder()
                .setName(name)
                .setType(Value.Type.SCALAR)
                .setScalar(Value.Scalar.newBuilder().setValue(thousandths / 1000.0))
                .build();
    }

    @Override
    public void update(SchedulerDriver driver, TaskStatus status) {
        String id = status.getTaskId().getValue();
        TaskName task = new TaskName(number, id);
        oracle.received(task, status);
        if (settles(status)) {
            memory.agentOfOpenTask.remove(id);
        }
        oracle.acknowledged(task, status);
        driver.acknowledge(status);
    }

    /**
     * A terminal status without a uuid is what the master supposes: only a reliable one, or that nobody knows the
     * task, ends the matter.
     */
    private static boolean settles(TaskStatus status) {
        return Oracle.isTerminal(status.getState()) || status.getState() == TaskState.TASK_UNKNOWN;
    }

    @Override
    public void error(SchedulerDriver driver, String message) {
        memory.errors.add(message);
        oracle.violated("I3", "framework " + number + " was ended: " + message);
    }
}
