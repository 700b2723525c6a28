// SPDX-License-Identifier: Apache-2.0
package org.tepui.bench.allocator;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tepui.allocator.AgentProfile;
import org.tepui.allocator.FrameworkProfile;
import org.tepui.api.AgentCapability;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkCapability;
import org.tepui.api.FrameworkId;
import org.tepui.api.Quota;
import org.tepui.api.Quotas;
import org.tepui.api.Role;
import org.tepui.api.resources.Quantities;
import org.tepui.api.resources.Resources;
import org.tepui.api.resources.Scalar;

/**
 * The size of a cluster, and who is in it. The agents are those of Mesos' benchmarks: 24 CPUs, 4 GiB of memory, 4 GiB
 * of disk and 1,001 ports, of which a part is used already, so that the free ports are in 17 pieces.
 *
 * @param agents how many agents there are
 * @param frameworks how many frameworks there are, each in one role
 * @param roles over how many roles they are spread in turn
 */
record ClusterShape(int agents, int frameworks, int roles) {
    private static final Set<AgentCapability> AGENT_CAPABILITIES =
            EnumSet.of(AgentCapability.MULTI_ROLE, AgentCapability.HIERARCHICAL_ROLE);
    private static final int FIRST_PORT = 31_000;
    private static final int LAST_PORT = 32_000;
    private static final int USED_PIECES = 16;
    private static final int STEP = 60;

    /** What an agent has. */
    static final Resources TOTAL =
            Resources.parse("cpus:24;mem:4096;disk:4096;ports:[" + FIRST_PORT + "-" + LAST_PORT + "]");

    /** What it has after it was given more. */
    static final Resources LARGER = TOTAL.add(Resources.parse("cpus:8;mem:4096"));

    /** What is used of it from the beginning. */
    static final Resources USED = Resources.parse("cpus:16;mem:2014;disk:1024;ports:" + usedPorts());

    /** What a task takes. */
    static final Resources TASK = Resources.parse("cpus:1;mem:128");

    private static String usedPorts() {
        List<String> pieces = new ArrayList<>();
        for (int i = 0; i < USED_PIECES; i++) {
            int first = FIRST_PORT + STEP / 2 + i * STEP;
            pieces.add(first + "-" + (first + STEP / 2 - 1));
        }
        return "[" + String.join(",", pieces) + "]";
    }

    Role role(int framework) {
        return new Role("role-" + framework % roles);
    }

    /**
     * For each role a guarantee of five sixths of the CPUs of its share of the cluster, of which it has four to begin
     * with, and a limit of the whole share.
     */
    Quotas quotas() {
        long share = TOTAL.thousandths("cpus") * agents / roles;
        Quota quota = new Quota(
                Quantities.parse("cpus:" + Scalar.format(share / 6 * 5)), new TreeMap<>(Map.of("cpus", share)));
        Map<Role, Quota> all = new TreeMap<>();
        for (int i = 0; i < roles; i++) {
            all.put(role(i), quota);
        }
        return Quotas.none().with(all);
    }

    FrameworkId frameworkId(int framework) {
        return new FrameworkId("framework-" + framework);
    }

    AgentId agentId(int agent) {
        return new AgentId("agent-" + agent);
    }

    FrameworkProfile framework(int number) {
        FrameworkId id = frameworkId(number);
        return new FrameworkProfile(
                id,
                id.value(),
                new TreeSet<>(List.of(role(number))),
                EnumSet.of(FrameworkCapability.MULTI_ROLE),
                Map.of());
    }

    AgentProfile agent(int number, Resources total) {
        AgentId id = agentId(number);
        return new AgentProfile(id, id.value(), List.of(), AGENT_CAPABILITIES, null, false, total);
    }

    /** Who uses {@link #USED} of an agent: the frameworks in turn. */
    Map<FrameworkId, Resources> used(int agent) {
        int user = agent % frameworks;
        return Map.of(frameworkId(user), USED.allocate(role(user)));
    }
}
