// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.priority;

import java.time.Duration;
import java.util.List;
import org.tepui.allocator.Preemption;
import org.tepui.allocator.TaskProfile;
import org.tepui.allocator.support.RunningTask;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;
import org.tepui.api.configuration.Durations;

/**
 * Tasks of one agent that make room for a framework when they end, all of them needed for that.
 *
 * @param framework for whom
 * @param role in which of its roles
 * @param waited for how long it has waited
 * @param agent where
 * @param hostname of the agent
 * @param need what fits then
 * @param victims the least important first
 */
record RoomPlan(
        FrameworkId framework,
        Role role,
        Duration waited,
        AgentId agent,
        String hostname,
        Need need,
        List<RunningTask> victims) {
    /** Copies the list. */
    RoomPlan {
        victims = List.copyOf(victims);
    }

    /** The path of the beneficiary. */
    String path() {
        return role + "/./" + framework;
    }

    /** The same without the time that passed meanwhile, to compare with another one. */
    RoomPlan atAnyTime() {
        return new RoomPlan(framework, role, Duration.ZERO, agent, hostname, need, victims);
    }

    /** What the master is asked for, with the reasons. */
    List<Preemption> preemptions(PriorityClasses classes, Duration grace, long now) {
        return victims.stream()
                .map(victim -> new Preemption(
                        victim.profile().framework(),
                        victim.profile().task(),
                        agent,
                        role,
                        grace,
                        reason(classes, victim, now)))
                .toList();
    }

    private String reason(PriorityClasses classes, RunningTask victim, long now) {
        TaskProfile task = victim.profile();
        String once = victims.size() == 1 ? "this task ends" : "these " + victims.size() + " tasks end";
        return "a task of role " + task.role() + " (class " + classes.of(task.role()) + ", priority " + task.priority()
                + ", running for " + inSeconds(victim.age(now)) + ") makes room for framework " + framework
                + " in role " + role + " (class " + classes.of(role) + "), which has waited for " + inSeconds(waited)
                + ": once " + once + ", " + need.text() + " fits on agent " + agent + " (" + hostname + ")";
    }

    private static String inSeconds(Duration time) {
        return Durations.format(Duration.ofSeconds(Math.max(0, time.toSeconds())));
    }
}
