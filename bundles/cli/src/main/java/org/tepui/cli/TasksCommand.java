// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tepui.v1.Task;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "tasks",
        description = "Lists tasks that have not ended.",
        footer = {"", "Examples:", "  tepui tasks", "  tepui tasks --all --json | jq '.[] | select(.exit_status != 0)'"
        })
final class TasksCommand extends ListCommand {
    @Option(names = "--all", description = "Also those that ended, as far as the master remembers.")
    private boolean all;

    TasksCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Table table() {
        return new Table("TASK", "NAME", "STATE", "FRAMEWORK", "AGENT", "RESOURCES");
    }

    @Override
    String nothing() {
        return all ? "no tasks" : "no tasks at present; --all lists those that ended too";
    }

    @Override
    List<Map<String, Object>> list(ApiClient client, Table table) throws CommandException {
        ClusterState state = ClusterState.read(client);
        List<Map<String, Object>> objects = new ArrayList<>();
        for (Task task : all ? state.allTasks() : state.liveTasks()) {
            String agent = state.agentName(task.getAgentId());
            String framework = state.frameworkName(task.getFrameworkId());
            table.add(
                    task.getTaskId().getValue(),
                    task.getName(),
                    task.getState().name(),
                    framework,
                    agent,
                    ResourceText.of(task.getResourcesList()));
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("id", task.getTaskId().getValue());
            object.put("name", task.getName());
            object.put("state", task.getState().name());
            object.put("framework_id", task.getFrameworkId().getValue());
            object.put("framework", framework);
            object.put("agent_id", task.getAgentId().getValue());
            object.put("agent", agent);
            object.put("resources", ResourceText.scalars(task.getResourcesList()));
            TaskStatuses.exitStatus(task).ifPresent(exit -> object.put("exit_status", TaskStatuses.json(exit)));
            objects.add(object);
        }
        return objects;
    }
}
