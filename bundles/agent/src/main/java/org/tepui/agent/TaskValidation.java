// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import java.util.Optional;
import org.tepui.api.AgentId;
import org.tepui.v1.CommandInfo;
import org.tepui.v1.Environment;
import org.tepui.v1.Resource;
import org.tepui.v1.TaskInfo;

/**
 * Says what in the description of a task this agent cannot do, by the name of the field. The master checks the same
 * before it sends a task; an agent of another version relies on nobody.
 */
final class TaskValidation {
    private TaskValidation() {}

    /**
     * The first problem of a task, as a sentence; empty if it can be run.
     *
     * @param agent the id of this agent
     */
    static Optional<String> problem(TaskInfo task, AgentId agent) {
        if (!task.getAgentId().getValue().equals(agent.value())) {
            return Optional.of("agent_id '" + task.getAgentId().getValue() + "' is not this agent, which is " + agent);
        }
        if (task.hasExecutor()) {
            return unsupported("executor");
        }
        if (task.hasContainer()) {
            return unsupported("container");
        }
        if (task.hasHealthCheck()) {
            return unsupported("health_check");
        }
        if (task.hasCheck()) {
            return unsupported("check");
        }
        if (task.getLimitsCount() > 0) {
            return unsupported("limits");
        }
        for (Resource resource : task.getResourcesList()) {
            if (resource.hasDisk()) {
                return unsupported("resources(" + resource.getName() + ").disk");
            }
        }
        if (task.hasMaxCompletionTime() && task.getMaxCompletionTime().getNanoseconds() < 0) {
            return Optional.of("max_completion_time "
                    + task.getMaxCompletionTime().getNanoseconds() + " ns is not allowed: zero or more is expected");
        }
        if (task.getKillPolicy().getGracePeriod().getNanoseconds() < 0) {
            return Optional.of("kill_policy.grace_period "
                    + task.getKillPolicy().getGracePeriod().getNanoseconds()
                    + " ns is not allowed: zero or more is expected");
        }
        if (!task.hasCommand()) {
            return Optional.of("the task has neither command nor executor: command is expected");
        }
        return commandProblem(task.getCommand());
    }

    private static Optional<String> commandProblem(CommandInfo command) {
        if (command.getUrisCount() > 0) {
            return unsupported("command.uris");
        }
        if (command.getShell() && command.getValue().isEmpty()) {
            return Optional.of("command.value is missing: a shell command is expected");
        }
        if (command.getValue().isEmpty() && command.getArgumentsCount() == 0) {
            return Optional.of("command.value and command.arguments are missing: a program is expected");
        }
        if (hasNul(command.getValue()) || command.getArgumentsList().stream().anyMatch(TaskValidation::hasNul)) {
            return Optional.of("command.value and command.arguments must not contain the character NUL");
        }
        for (Environment.Variable variable : command.getEnvironment().getVariablesList()) {
            Optional<String> problem = variableProblem(variable);
            if (problem.isPresent()) {
                return problem;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> variableProblem(Environment.Variable variable) {
        String name = variable.getName();
        String field = "command.environment.variables['" + name + "']";
        if (variable.getType() != Environment.Variable.Type.VALUE || variable.hasSecret()) {
            return unsupported(field + ".secret");
        }
        if (name.isEmpty() || name.indexOf('=') >= 0 || hasNul(name)) {
            return Optional.of("command.environment has a variable with the name '" + name.replace('\0', '?')
                    + "': a name without '=' and NUL is expected");
        }
        if (hasNul(variable.getValue())) {
            return Optional.of(field + ".value must not contain the character NUL");
        }
        return Optional.empty();
    }

    private static boolean hasNul(String text) {
        return text.indexOf('\0') >= 0;
    }

    private static Optional<String> unsupported(String field) {
        return Optional.of("the field " + field + " is not supported");
    }
}
