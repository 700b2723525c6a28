// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tepui.api.Role;
import org.tepui.api.TaskId;
import org.tepui.api.resources.Resources;
import org.tepui.proto.convert.ResourceConversion;
import org.tepui.v1.CommandInfo;
import org.tepui.v1.Environment;
import org.tepui.v1.Resource;
import org.tepui.v1.TaskInfo;

/**
 * What a task has to keep to be launched. What is not built yet is refused by the name of its field: nothing that a
 * framework asks for is silently left out.
 */
final class TaskRules {
    /** Bytes of one serialized TaskInfo. */
    static final int MAXIMUM_TASK_BYTES = 1 << 20;

    private static final long NO_GRACE = 0;

    private TaskRules() {}

    /**
     * What came of looking at a task.
     *
     * @param problem a sentence for its TASK_ERROR; empty if it can be launched
     * @param resources what it needs, not allocated; nothing where there is a problem
     */
    record Verdict(Optional<String> problem, Resources resources) {
        static Verdict refused(String problem) {
            return new Verdict(Optional.of(problem), Resources.empty());
        }
    }

    /**
     * Looks at a task.
     *
     * @param pool what is left of the offers, not allocated
     */
    static Verdict check(TaskInfo task, FrameworkEntry framework, AgentEntry agent, Role role, Resources pool) {
        Optional<String> problem = identity(task, framework, agent);
        if (problem.isEmpty()) {
            problem = unsupported(task);
        }
        if (problem.isEmpty()) {
            problem = command(task);
        }
        if (problem.isEmpty()) {
            problem = TaskPriority.problem(task.getLabels());
        }
        return problem.map(Verdict::refused).orElseGet(() -> resources(task, role, pool));
    }

    private static Optional<String> identity(TaskInfo task, FrameworkEntry framework, AgentEntry agent) {
        if (task.getSerializedSize() > MAXIMUM_TASK_BYTES) {
            return Optional.of("The task has " + task.getSerializedSize() + " bytes: at most " + MAXIMUM_TASK_BYTES
                    + " are allowed");
        }
        TaskId id;
        try {
            id = new TaskId(task.getTaskId().getValue());
        } catch (IllegalArgumentException e) {
            return Optional.of("Task has an id that is not allowed: " + e.getMessage());
        }
        if (framework.tasks.containsKey(id)) {
            return Optional.of("Task has duplicate ID: " + id);
        }
        if (!task.getAgentId().getValue().equals(agent.id.value())) {
            return Optional.of("Task uses agent "
                    + FrameworkRules.shown(task.getAgentId().getValue()) + ", but the offers are of agent " + agent.id);
        }
        return Optional.empty();
    }

    private static Optional<String> unsupported(TaskInfo task) {
        List<String> fields = new ArrayList<>();
        addIf(fields, task.hasExecutor(), "executor");
        addIf(fields, task.hasContainer(), "container");
        addIf(fields, task.hasHealthCheck(), "health_check");
        addIf(fields, task.hasCheck(), "check");
        addIf(fields, task.getLimitsCount() > 0, "limits");
        addIf(fields, task.getCommand().getUrisCount() > 0, "command.uris");
        for (Environment.Variable variable : task.getCommand().getEnvironment().getVariablesList()) {
            if (variable.hasSecret() || variable.getType() == Environment.Variable.Type.SECRET) {
                fields.add("command.environment.variables(" + FrameworkRules.shown(variable.getName()) + ").secret");
            }
        }
        for (Resource resource : task.getResourcesList()) {
            if (resource.hasDisk() || resource.hasRevocable() || resource.hasShared() || resource.hasProviderId()) {
                String name = "resources(" + FrameworkRules.shown(resource.getName()) + ")";
                addIf(fields, resource.hasDisk(), name + ".disk");
                addIf(fields, resource.hasRevocable(), name + ".revocable");
                addIf(fields, resource.hasShared(), name + ".shared");
                addIf(fields, resource.hasProviderId(), name + ".provider_id");
            }
        }
        return fields.isEmpty()
                ? Optional.empty()
                : Optional.of("Task uses what is not supported: " + String.join(", ", fields));
    }

    private static void addIf(List<String> fields, boolean present, String field) {
        if (present) {
            fields.add(field);
        }
    }

    private static Optional<String> command(TaskInfo task) {
        if (!task.hasCommand()) {
            return Optional.of("Task should have at least one (but not both) of CommandInfo or ExecutorInfo present");
        }
        CommandInfo command = task.getCommand();
        if (command.getShell() && command.getValue().isEmpty()) {
            return Optional.of("Task has no 'command.value', which the shell would run");
        }
        if (!command.getShell() && command.getValue().isEmpty() && command.getArgumentsCount() == 0) {
            return Optional.of("Task has neither 'command.value' nor 'command.arguments'");
        }
        for (Environment.Variable variable : command.getEnvironment().getVariablesList()) {
            if (!variable.hasValue()) {
                return Optional.of(
                        "Environment variable '" + FrameworkRules.shown(variable.getName()) + "' must have a value");
            }
        }
        long grace = task.getKillPolicy().getGracePeriod().getNanoseconds();
        if (grace < NO_GRACE) {
            return Optional.of("Task's 'kill_policy.grace_period' must be non-negative, it is " + grace + " ns");
        }
        long limit = task.getMaxCompletionTime().getNanoseconds();
        if (limit < 0) {
            return Optional.of("Task's 'max_completion_time' must be non-negative, it is " + limit + " ns");
        }
        return Optional.empty();
    }

    private static Verdict resources(TaskInfo task, Role role, Resources pool) {
        for (Resource resource : task.getResourcesList()) {
            String allocated = resource.getAllocationInfo().getRole();
            if (!allocated.isEmpty() && !allocated.equals(role.name())) {
                return Verdict.refused("Task uses resources allocated to role '" + FrameworkRules.shown(allocated)
                        + "', but the offers are for role '" + role + "'");
            }
        }
        Resources needed;
        try {
            needed = ResourceConversion.toApi(task.getResourcesList()).unallocate();
        } catch (IllegalArgumentException e) {
            return Verdict.refused("Task uses invalid resources: " + e.getMessage());
        }
        if (needed.isEmpty()) {
            return Verdict.refused("Task uses no resources");
        }
        if (!pool.contains(needed)) {
            return Verdict.refused("Task uses more resources " + needed + " than available " + pool);
        }
        return new Verdict(Optional.empty(), needed);
    }
}
