// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tepui.proto.operator.Call;
import org.tepui.proto.operator.Response;

/**
 * Asks the master whether one task of a run could ever be placed. Once an agent was large enough this is not asked
 * again: it may be away for a moment, with the master or without it, and come back.
 */
final class RunRoom {
    private static final Duration FIRST_AGENT_LIMIT = Duration.ofSeconds(15);

    private final ApiClient master;
    private final RunRequest request;
    private boolean found;

    RunRoom(ApiClient master, RunRequest request) {
        this.master = master;
        this.request = request;
    }

    /**
     * Looks before anything is launched. That there are no agents may change soon.
     *
     * @throws CommandException if the master does not answer, or if there are agents, and none is large enough even
     *     when it is idle
     */
    void check() throws CommandException {
        found = look();
    }

    /**
     * Looks again while tasks wait. A master that does not answer may come back.
     *
     * @param seconds since the run began
     * @throws CommandException if no agent was ever large enough, or there still are none
     */
    void checkAgain(double seconds) throws CommandException {
        if (found) {
            return;
        }
        try {
            found = look();
        } catch (CommandException e) {
            if (e.exitCode() == ExitCode.NO_ROOM) {
                throw e;
            }
            return;
        }
        if (!found && seconds > FIRST_AGENT_LIMIT.toSeconds()) {
            throw new CommandException(ExitCode.NO_ROOM, "nothing fits: the master has no agents");
        }
    }

    /** Returns whether there is an agent that is large enough; false only where there are no agents. */
    private boolean look() throws CommandException {
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
