// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tepui.proto.operator.Call;
import org.tepui.proto.operator.Response;

/** Asks the master whether one task of a run could ever be placed. */
final class RunRoom {
    private final ApiClient master;
    private final RunRequest request;

    RunRoom(ApiClient master, RunRequest request) {
        this.master = master;
        this.request = request;
    }

    /**
     * Looks at all agents.
     *
     * @return whether one is large enough; false also where there are no agents, which may change soon
     * @throws CommandException if there are agents, and none is large enough even when it is idle
     */
    boolean check() throws CommandException {
        Call call = Call.newBuilder()
                .setType(Call.Type.GET_CAPACITY)
                .setGetCapacity(
                        Call.GetCapacity.newBuilder().setRole(request.identity().role()))
                .build();
        List<Response.AgentCapacity> agents = master.call(call).getGetCapacity().getAgentsList();
        Map<String, BigDecimal> most = new TreeMap<>();
        for (Response.AgentCapacity agent : agents) {
            Map<String, BigDecimal> total = ResourceText.scalars(agent.getTotalList());
            if (fits(total)) {
                return true;
            }
            total.forEach((name, amount) -> most.merge(name, amount, BigDecimal::max));
        }
        if (agents.isEmpty()) {
            return false;
        }
        throw new CommandException(
                ExitCode.NO_ROOM,
                "nothing fits: a task asks for " + request.room() + ", and the most that any of " + agents.size()
                        + " agents could ever offer role " + request.identity().role() + " is cpus:"
                        + amount(most, "cpus")
                        + " mem:" + amount(most, "mem"));
    }

    private boolean fits(Map<String, BigDecimal> total) {
        return total.getOrDefault("cpus", BigDecimal.ZERO).compareTo(request.cpus()) >= 0
                && total.getOrDefault("mem", BigDecimal.ZERO).compareTo(request.megabytes()) >= 0;
    }

    private static String amount(Map<String, BigDecimal> most, String name) {
        return most.getOrDefault(name, BigDecimal.ZERO).toPlainString();
    }
}
