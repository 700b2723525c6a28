// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.tepui.proto.internal.AgentRegistered;
import org.tepui.proto.internal.KillTask;
import org.tepui.proto.internal.RunTasks;
import org.tepui.proto.internal.ShutdownFramework;
import org.tepui.proto.internal.StatusUpdateAcknowledgement;
import org.tepui.proto.internal.StatusUpdateAcknowledgements;
import org.tepui.proto.internal.TaskReference;
import org.tepui.v1.FrameworkInfo;
import org.tepui.v1.Task;
import org.tepui.v1.TaskInfo;
import org.tepui.v1.TaskState;
import org.tepui.v1.TaskStatus;

/** An agent that keeps its tasks and statuses as a real one does, and runs them as chance has it. */
final class ModelAgent {
    private static final List<TaskState> ENDS =
            List.of(TaskState.TASK_FINISHED, TaskState.TASK_FAILED, TaskState.TASK_KILLED);

    private static final class Run {
        private final TaskReference reference;
        private final TaskInfo info;
        private TaskState state = TaskState.TASK_STAGING;
        private final List<TaskStatus> unacknowledged = new ArrayList<>();

        private Run(TaskReference reference, TaskInfo info) {
            this.reference = reference;
            this.info = info;
        }
    }

    final TestAgent agent;
    private final Random random;
    private final Map<TaskReference, Run> runs = new LinkedHashMap<>();
    private final Map<String, FrameworkInfo> frameworks = new LinkedHashMap<>();
    private boolean registered;

    ModelAgent(TestAgent agent, Random random) {
        this.agent = agent;
        this.random = random;
        attach();
    }

    private void attach() {
        var pongs = agent.connection.listener;
        agent.connection.listener = message -> {
            pongs.accept(message);
            hear(message);
        };
    }

    boolean isConnected() {
        return agent.connection.isOpen();
    }

    private void hear(Message message) {
        if (message instanceof AgentRegistered answer) {
            if (!agent.info.hasId()) {
                agent.info = agent.info.toBuilder().setId(answer.getAgentId()).build();
            }
            registered = true;
            answer.getUnknownTasksList().forEach(this::drop);
        } else if (message instanceof RunTasks run) {
            frameworks.put(run.getFramework().getId().getValue(), run.getFramework());
            for (TaskInfo info : run.getTasksList()) {
                TaskReference reference = TaskReference.newBuilder()
                        .setFrameworkId(run.getFramework().getId())
                        .setTaskId(info.getTaskId())
                        .build();
                runs.putIfAbsent(reference, new Run(reference, info));
            }
        } else if (message instanceof KillTask kill) {
            kill(kill.getTask());
        } else if (message instanceof ShutdownFramework shutdown) {
            runs.keySet().removeIf(key -> key.getFrameworkId().equals(shutdown.getFrameworkId()));
        } else if (message instanceof StatusUpdateAcknowledgements acknowledgements) {
            acknowledgements.getAcknowledgementsList().forEach(this::acknowledged);
        }
    }

    private void drop(TaskReference task) {
        if (!runs.containsKey(task)) {
            TaskInfo info = TaskInfo.newBuilder()
                    .setName("dropped")
                    .setTaskId(task.getTaskId())
                    .setAgentId(agent.wireId())
                    .build();
            Run run = new Run(task, info);
            runs.put(task, run);
            move(run, TaskState.TASK_DROPPED);
        }
    }

    private void kill(TaskReference task) {
        Run run = runs.get(task);
        if (run == null) {
            drop(task);
        } else if (!StateNames.isEnd(run.state)) {
            move(run, TaskState.TASK_KILLED);
        }
    }

    private void acknowledged(StatusUpdateAcknowledgement acknowledgement) {
        Run run = runs.get(acknowledgement.getTask());
        if (run != null
                && !run.unacknowledged.isEmpty()
                && run.unacknowledged.get(0).getUuid().equals(acknowledgement.getUuid())) {
            TaskStatus status = run.unacknowledged.remove(0);
            if (StateNames.isEnd(status.getState())) {
                runs.remove(acknowledgement.getTask());
            }
        }
    }

    private static void append(Run run, TaskStatus status) {
        run.unacknowledged.add(status);
    }

    private void move(Run run, TaskState next) {
        run.state = next;
        append(run, agent.status(run.info.getTaskId().getValue(), next));
    }

    /** Lets a task go on, and sends the first status that nobody acknowledged of some task. */
    void work() {
        if (runs.isEmpty()) {
            return;
        }
        List<Run> all = new ArrayList<>(runs.values());
        Run run = all.get(random.nextInt(all.size()));
        if (run.state == TaskState.TASK_STAGING) {
            move(run, random.nextInt(5) == 0 ? TaskState.TASK_FAILED : TaskState.TASK_RUNNING);
        } else if (!StateNames.isEnd(run.state) && random.nextBoolean()) {
            move(run, ENDS.get(random.nextInt(ENDS.size())));
        }
        Run reporting = all.get(random.nextInt(all.size()));
        if (isConnected() && registered && !reporting.unacknowledged.isEmpty()) {
            agent.resend(reporting.reference.getFrameworkId(), reporting.unacknowledged.get(0), reporting.state);
        }
    }

    void disconnect() {
        if (isConnected()) {
            registered = false;
            agent.disconnect();
        }
    }

    /** Connects if need be, and registers again with everything it runs. */
    void comeBack() {
        if (!isConnected()) {
            agent.reconnect();
            attach();
        }
        if (!agent.info.hasId()) {
            agent.sendRegistration();
            return;
        }
        List<Task> tasks = new ArrayList<>();
        for (Run run : runs.values()) {
            Task.Builder task = agent.describe(run.reference.getFrameworkId(), run.info, run.state).toBuilder();
            if (!run.unacknowledged.isEmpty()) {
                task.setStatusUpdateState(run.unacknowledged.get(0).getState());
                task.setStatusUpdateUuid(run.unacknowledged.get(0).getUuid());
            }
            tasks.add(task.build());
        }
        agent.reregister(List.copyOf(frameworks.values()), tasks.toArray(Task[]::new));
    }
}
