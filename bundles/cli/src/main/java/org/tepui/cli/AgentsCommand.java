// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tepui.v1.AgentInfo;
import org.tepui.v1.master.Call;
import org.tepui.v1.master.Response;
import picocli.CommandLine.Command;

@Command(
        name = "agents",
        description = "Lists the agents of a cluster.",
        footer = {"", "Example:", "  tepui agents --master 10.0.0.1:5050"})
final class AgentsCommand extends ListCommand {
    AgentsCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Table table() {
        return new Table("AGENT", "ADDRESS", "STATE", "ALLOCATED", "TOTAL");
    }

    @Override
    String nothing() {
        return "no agents are registered";
    }

    @Override
    List<Map<String, Object>> list(ApiClient client, Table table) throws CommandException {
        Response.GetAgents agents = client.call(Call.Type.GET_AGENTS).getGetAgents();
        List<Map<String, Object>> objects = new ArrayList<>();
        for (Response.GetAgents.Agent agent : agents.getAgentsList()) {
            String state = agent.getDeactivated() ? "deactivated" : agent.getActive() ? "active" : "disconnected";
            Map<String, Object> object = add(agent.getAgentInfo(), state, table, agent);
            object.put("version", agent.getVersion());
            objects.add(object);
        }
        for (AgentInfo recovered : agents.getRecoveredAgentsList()) {
            objects.add(add(recovered, "recovering", table, Response.GetAgents.Agent.getDefaultInstance()));
        }
        return objects;
    }

    private static Map<String, Object> add(AgentInfo info, String state, Table table, Response.GetAgents.Agent agent) {
        String address = info.getHostname() + ":" + info.getPort();
        table.add(
                info.getId().getValue(),
                address,
                state,
                ResourceText.of(agent.getAllocatedResourcesList()),
                ResourceText.of(agent.getTotalResourcesList()));
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("id", info.getId().getValue());
        object.put("hostname", info.getHostname());
        object.put("address", address);
        object.put("state", state);
        object.put("allocated", ResourceText.scalars(agent.getAllocatedResourcesList()));
        object.put("offered", ResourceText.scalars(agent.getOfferedResourcesList()));
        object.put("total", ResourceText.scalars(agent.getTotalResourcesList()));
        return object;
    }
}
