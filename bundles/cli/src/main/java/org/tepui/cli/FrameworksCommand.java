// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tepui.v1.FrameworkInfo;
import org.tepui.v1.master.Response;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "frameworks",
        description = "Lists the frameworks of a cluster.",
        footer = {"", "Example:", "  tepui frameworks --all"})
final class FrameworksCommand extends ListCommand {
    @Option(names = "--all", description = "Also those that ended, as far as the master remembers.")
    private boolean all;

    FrameworksCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Table table() {
        return new Table("FRAMEWORK", "NAME", "STATE", "ROLES", "USER", "TASKS", "ALLOCATED");
    }

    @Override
    String nothing() {
        return all ? "no frameworks" : "no frameworks at present; --all lists those that ended too";
    }

    @Override
    List<Map<String, Object>> list(ApiClient client, Table table) throws CommandException {
        ClusterState state = ClusterState.read(client);
        List<Map<String, Object>> objects = new ArrayList<>();
        for (Response.GetFrameworks.Framework framework : state.frameworks().getFrameworksList()) {
            objects.add(add(framework, stateOf(framework), state, table));
        }
        if (all) {
            for (Response.GetFrameworks.Framework framework : state.frameworks().getCompletedFrameworksList()) {
                objects.add(add(framework, "completed", state, table));
            }
        }
        return objects;
    }

    private static String stateOf(Response.GetFrameworks.Framework framework) {
        if (framework.getRecovered()) {
            return "recovered";
        }
        return framework.getConnected() ? framework.getActive() ? "active" : "inactive" : "disconnected";
    }

    private static Map<String, Object> add(
            Response.GetFrameworks.Framework framework, String state, ClusterState cluster, Table table) {
        FrameworkInfo info = framework.getFrameworkInfo();
        List<String> roles = rolesOf(info);
        long tasks = cluster.liveTasks().stream()
                .filter(task -> task.getFrameworkId().equals(info.getId()))
                .count();
        table.add(
                info.getId().getValue(),
                info.getName(),
                state,
                String.join(",", roles),
                info.getUser(),
                String.valueOf(tasks),
                ResourceText.of(framework.getAllocatedResourcesList()));
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("id", info.getId().getValue());
        object.put("name", info.getName());
        object.put("state", state);
        object.put("roles", roles);
        object.put("user", info.getUser());
        object.put("tasks", tasks);
        object.put("allocated", ResourceText.scalars(framework.getAllocatedResourcesList()));
        object.put("offered", ResourceText.scalars(framework.getOfferedResourcesList()));
        return object;
    }

    @SuppressWarnings("deprecation") // frameworks without MULTI_ROLE still name their only role so
    private static List<String> rolesOf(FrameworkInfo info) {
        return info.getRolesCount() > 0 ? info.getRolesList() : List.of(info.getRole());
    }
}
