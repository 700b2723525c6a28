// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tepui.api.AgentId;
import org.tepui.runtime.Address;
import org.tepui.runtime.Processes.ProcessSpec;
import org.tepui.runtime.Processes.UserIds;
import org.tepui.v1.CommandInfo;
import org.tepui.v1.Resource;

/**
 * The process of a command task: program, arguments and environment.
 *
 * <p>The environment begins with PATH, HOME and USER, which the task's own variables may replace; the names that
 * tell the task where it is ({@code MESOS_*}, {@code TEPUI_*}) are always the agent's. Nothing of the agent's own
 * environment is passed on.
 */
final class TaskCommand {
    private static final String DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private TaskCommand() {}

    /**
     * Where a task runs.
     *
     * @param agentAddress where the agent listens
     * @param master the address at which the agent reaches its master
     */
    record Place(AgentId agent, Address agentAddress, Address master) {}

    /**
     * Who a task runs as.
     *
     * @param ids empty: as the agent
     * @param name empty where it is not known
     * @param home the home directory; empty where it is not known
     */
    record TaskUser(Optional<UserIds> ids, Optional<String> name, Optional<String> home) {}

    /** What is to be started for a task. */
    static ProcessSpec processOf(AgentTask task, Place place, SandboxPaths paths, TaskUser user) {
        Path sandbox = paths.sandbox(place.agent(), task.key(), task.container());
        return new ProcessSpec(
                task.container().value(),
                arguments(task.info().getCommand()),
                environment(task, place, sandbox, user),
                sandbox,
                sandbox.resolve("stdout"),
                sandbox.resolve("stderr"),
                user.ids());
    }

    /**
     * A shell command goes to {@code /bin/sh -c}; else value is the program and the arguments after the first are
     * its own.
     */
    private static List<String> arguments(CommandInfo command) {
        if (command.getShell()) {
            return List.of("/bin/sh", "-c", command.getValue());
        }
        if (command.getValue().isEmpty()) {
            return command.getArgumentsList();
        }
        List<String> all = new ArrayList<>();
        all.add(command.getValue());
        // as in Mesos the first argument is what the program is told its own name is
        command.getArgumentsList().stream().skip(1).forEach(all::add);
        return all;
    }

    private static Map<String, String> environment(AgentTask task, Place place, Path directory, TaskUser user) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("PATH", DEFAULT_PATH);
        user.name().ifPresent(name -> {
            environment.put("USER", name);
            environment.put("LOGNAME", name);
        });
        user.home().ifPresent(home -> environment.put("HOME", home));
        task.info()
                .getCommand()
                .getEnvironment()
                .getVariablesList()
                .forEach(variable -> environment.put(variable.getName(), variable.getValue()));
        String taskId = task.key().task().value();
        String sandbox = directory.toString();
        environment.put("MESOS_SANDBOX", sandbox);
        environment.put("MESOS_DIRECTORY", sandbox);
        environment.put("MESOS_FRAMEWORK_ID", task.key().framework().value());
        environment.put("MESOS_EXECUTOR_ID", taskId);
        environment.put("MESOS_TASK_ID", taskId);
        environment.put("MESOS_SLAVE_ID", place.agent().value());
        environment.put("MESOS_AGENT_ENDPOINT", place.agentAddress().toString());
        environment.put("MESOS_CONTAINER_ID", task.container().value());
        allocationRole(task).ifPresent(role -> environment.put("MESOS_ALLOCATION_ROLE", role));
        environment.put("TEPUI_TASK_ID", taskId);
        environment.put("TEPUI_MASTER", place.master().toString());
        return environment;
    }

    private static Optional<String> allocationRole(AgentTask task) {
        return task.info().getResourcesList().stream()
                .filter(Resource::hasAllocationInfo)
                .map(resource -> resource.getAllocationInfo().getRole())
                .findFirst();
    }
}
