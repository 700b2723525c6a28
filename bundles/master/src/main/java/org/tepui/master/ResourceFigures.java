// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.List;
import java.util.function.Function;
import org.tepui.api.metrics.MetricRegistry;
import org.tepui.api.resources.Resources;
import org.tepui.runtime.EventLoop;

/**
 * How much of each resource the registered agents have and how much tasks hold: {@code master/cpus_total}, {@code
 * master/cpus_used} and {@code master/cpus_percent} (0 to 1), and so on, as in Mesos. Summed up over all agents when
 * somebody asks, on the master's loop only; asked elsewhere the figures are left out.
 */
final class ResourceFigures {
    private static final List<String> NAMES = List.of("cpus", "mem", "disk", "gpus");
    private static final double THOUSANDTHS = 1000.0;

    private final Agents agents;
    private final EventLoop loop;

    private ResourceFigures(Agents agents, EventLoop loop) {
        this.agents = agents;
        this.loop = loop;
    }

    static void list(MetricRegistry metrics, Agents agents, EventLoop loop) {
        ResourceFigures figures = new ResourceFigures(agents, loop);
        for (String name : NAMES) {
            String key = "master/" + name;
            metrics.gauge(key + "_total", () -> figures.sum(name, agent -> agent.total));
            metrics.gauge(key + "_used", () -> figures.sum(name, AgentEntry::used));
            metrics.gauge(key + "_percent", () -> figures.part(name));
        }
    }

    private double part(String name) {
        double total = sum(name, agent -> agent.total);
        return total == 0 ? 0 : sum(name, AgentEntry::used) / total;
    }

    private double sum(String name, Function<AgentEntry, Resources> resources) {
        if (!loop.inLoop()) {
            return Double.NaN;
        }
        return agents.all().stream()
                        .filter(agent -> agent.state() == AgentState.ACTIVE || agent.state() == AgentState.DISCONNECTED)
                        .mapToLong(agent -> resources.apply(agent).thousandths(name))
                        .sum()
                / THOUSANDTHS;
    }
}
