// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tepui.v1.AgentID;
import org.tepui.v1.FrameworkID;
import org.tepui.v1.Task;
import org.tepui.v1.master.Call;
import org.tepui.v1.master.Response;

/** What a master knows at one moment, with names for ids. */
final class ClusterState {
    private final Response.GetState state;
    private final Map<String, Response.GetAgents.Agent> agents = new TreeMap<>();
    private final Map<String, Response.GetFrameworks.Framework> frameworks = new TreeMap<>();

    private ClusterState(Response.GetState state) {
        this.state = state;
        state.getGetAgents()
                .getAgentsList()
                .forEach(agent -> agents.put(agent.getAgentInfo().getId().getValue(), agent));
        List<Response.GetFrameworks.Framework> all =
                new ArrayList<>(state.getGetFrameworks().getFrameworksList());
        all.addAll(state.getGetFrameworks().getCompletedFrameworksList());
        all.forEach(framework ->
                frameworks.putIfAbsent(framework.getFrameworkInfo().getId().getValue(), framework));
    }

    static ClusterState read(ApiClient client) throws CommandException {
        return new ClusterState(client.call(Call.Type.GET_STATE).getGetState());
    }

    /** Agents that are registered. */
    List<Response.GetAgents.Agent> agents() {
        return state.getGetAgents().getAgentsList();
    }

    Response.GetFrameworks frameworks() {
        return state.getGetFrameworks();
    }

    /** Tasks that have not ended. */
    List<Task> liveTasks() {
        return state.getGetTasks().getTasksList();
    }

    /** Tasks that have not ended, then those that did, as far as the master remembers. */
    List<Task> allTasks() {
        List<Task> tasks = new ArrayList<>(liveTasks());
        tasks.addAll(state.getGetTasks().getUnreachableTasksList());
        tasks.addAll(state.getGetTasks().getCompletedTasksList());
        return tasks;
    }

    /** The agent's host name, or its id where it is not registered. */
    String agentName(AgentID id) {
        Response.GetAgents.Agent agent = agents.get(id.getValue());
        return agent == null ? id.getValue() : agent.getAgentInfo().getHostname();
    }

    /** The framework's name, or its id where it is not known. */
    String frameworkName(FrameworkID id) {
        Response.GetFrameworks.Framework framework = frameworks.get(id.getValue());
        return framework == null ? id.getValue() : framework.getFrameworkInfo().getName();
    }

    /**
     * {@code HOST:PORT} of an agent.
     *
     * @throws CommandException if it is not registered
     */
    String agentAddress(AgentID id) throws CommandException {
        Response.GetAgents.Agent agent = agents.get(id.getValue());
        if (agent == null) {
            throw new CommandException("agent " + id.getValue() + " is not registered with the master at present");
        }
        String host = agent.getAgentInfo().getHostname();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":"
                + agent.getAgentInfo().getPort();
    }

    /**
     * The task that a user means: by its id, or the beginning of it if only one starts so. Of several tasks with the
     * same id the one that has not ended, else the newest.
     *
     * @throws CommandException if there is none, or several
     */
    Task task(String id) throws CommandException {
        List<Task> named = allTasks().stream()
                .filter(task -> task.getTaskId().getValue().equals(id))
                .toList();
        if (!named.isEmpty()) {
            return named.get(0);
        }
        List<Task> started = allTasks().stream()
                .filter(task -> task.getTaskId().getValue().startsWith(id))
                .toList();
        if (started.size() == 1) {
            return started.get(0);
        }
        throw new CommandException(
                started.isEmpty()
                        ? "there is no task '" + id + "': 'tepui tasks --all' lists them"
                        : started.size() + " tasks start with '" + id + "': name one of them whole");
    }
}
