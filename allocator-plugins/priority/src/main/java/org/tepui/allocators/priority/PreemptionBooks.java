// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.priority;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tepui.allocator.TaskProfile;
import org.tepui.allocator.support.AgentView;
import org.tepui.allocator.support.ClientView;
import org.tepui.allocator.support.ClusterView;
import org.tepui.allocator.support.RunningTask;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;

/**
 * What was asked for: which tasks, for whom, and which agents are kept until they have ended.
 *
 * <p>While tasks of an agent are ending, nothing of it is offered to anybody. Once they have ended it is offered to the
 * beneficiary alone, until it got its offer or a second is over, and then to all again. Tasks that run on after their
 * grace and a margin are given up: their agent is offered to all again, and their beneficiary may be helped elsewhere.
 * They count for the budget of their role as long as they run, and are not asked again for some minutes.
 *
 * <p>A framework that launched nothing in the last room that was made for it gets no other one for some minutes.
 *
 * <p>All of it is soft, and bounded by the budgets.
 */
final class PreemptionBooks {
    /** How long after its grace a task is waited for, for the news of its end to arrive. */
    static final Duration MARGIN = Duration.ofSeconds(10);

    /** How long an agent is kept for the beneficiary alone. */
    static final Duration FIRST_LOOK = Duration.ofSeconds(1);

    /** After how long a task that runs on may be asked again: its end was refused, or forgotten in a failover. */
    static final Duration RETRY = Duration.ofMinutes(10);

    /** How long those wait for whom nothing could be done, while there are more than can be tried at once. */
    private static final Duration PUT_OFF = Duration.ofMinutes(1);

    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final ClusterView cluster;
    private final long patience;

    /** Agents on which tasks are ending or have just ended. */
    private final Map<AgentId, Hold> holds = new LinkedHashMap<>();

    /** Tasks that were asked to end, those that have ended for a minute. */
    private final Map<TaskKey, Asked> asked = new LinkedHashMap<>();

    /** Rooms that were made, by the path of the beneficiary, the oldest first. */
    private final Map<String, List<Room>> rooms = new TreeMap<>();

    private final Map<String, Long> putOffUntil = new TreeMap<>();

    /** Room that was made on an agent, and when its tasks were asked to end. */
    record Room(AgentId agent, Need need, long at) {
        /** Whether a task was launched into it, as far as one can see. */
        boolean isUsedBy(RunningTask task) {
            return task.profile().agent().equals(agent) && task.startedAt() - at >= 0;
        }
    }

    private record Asked(Role role, long at) {}

    /** What an agent is kept for. Once it is open it is offered to the beneficiary. */
    private record Hold(RoomPlan plan, long until, boolean open) {
        boolean isFor(FrameworkId framework, Role role) {
            return plan.framework().equals(framework) && plan.role().equals(role);
        }
    }

    /** What became of the agents that were kept: which are to be looked at again, and how many tasks ran on. */
    record Changes(List<AgentId> agents, int givenUp) {}

    /**
     * Makes books in which nothing stands.
     *
     * @param grace of the tasks that will be asked
     */
    PreemptionBooks(ClusterView cluster, Duration grace) {
        this.cluster = cluster;
        this.patience = grace.plus(MARGIN).toNanos();
    }

    /** Enters that tasks are asked to end. Returns for how long they are waited for. */
    Duration enter(RoomPlan plan, long now) {
        holds.put(plan.agent(), new Hold(plan, now + patience, false));
        rooms.computeIfAbsent(plan.path(), path -> new ArrayList<>()).add(new Room(plan.agent(), plan.need(), now));
        plan.victims()
                .forEach(victim -> asked.put(
                        TaskKey.of(victim.profile()), new Asked(victim.profile().role(), now)));
        return Duration.ofNanos(patience);
    }

    /** Whether an agent may be offered to a framework. */
    boolean admits(ClientView client, AgentView agent) {
        if (holds.isEmpty()) {
            return true;
        }
        Hold hold = holds.get(agent.profile().id());
        return hold == null || (hold.open && hold.isFor(client.frameworkId(), client.role()));
    }

    /** Whether nothing is kept. */
    boolean areIdle() {
        return holds.isEmpty();
    }

    boolean isKept(AgentId agent) {
        return holds.containsKey(agent);
    }

    /** Whether room is being made for a framework already. */
    boolean isBeneficiary(ClientView client) {
        return holds.values().stream().anyMatch(hold -> hold.isFor(client.frameworkId(), client.role()));
    }

    /** The rooms that were made for a framework in the last minutes. */
    List<Room> roomsOf(ClientView client) {
        return rooms.getOrDefault(client.path(), List.of());
    }

    boolean isAsked(TaskProfile task) {
        return !asked.isEmpty() && asked.containsKey(TaskKey.of(task));
    }

    /** How much of a role's budget is spent: tasks asked within a minute, and those asked before that run on. */
    int spent(Role role, long now) {
        int spent = 0;
        for (Map.Entry<TaskKey, Asked> entry : asked.entrySet()) {
            Asked one = entry.getValue();
            if (one.role.equals(role) && (now - one.at < MINUTE || runs(entry.getKey()))) {
                spent++;
            }
        }
        return spent;
    }

    private boolean runs(TaskKey task) {
        AgentView agent = cluster.agent(task.agent());
        return agent != null && task.isAmong(agent.tasks());
    }

    /** Lets those wait for whom nothing could be done. */
    void putOff(List<String> paths, long now) {
        paths.forEach(path -> putOffUntil.put(path, now + PUT_OFF.toNanos()));
    }

    boolean isPutOff(String path, long now) {
        Long until = putOffUntil.get(path);
        return until != null && until - now > 0;
    }

    /** Takes note of what ended, and of what should have by now. */
    Changes review(long now) {
        putOffUntil.values().removeIf(until -> until - now <= 0);
        asked.entrySet()
                .removeIf(entry -> now - entry.getValue().at >= (runs(entry.getKey()) ? RETRY.toNanos() : MINUTE));
        rooms.values().forEach(list -> list.removeIf(room -> now - room.at >= RETRY.toNanos()));
        rooms.values().removeIf(List::isEmpty);
        List<AgentId> agents = new ArrayList<>();
        int givenUp = 0;
        for (Hold hold : List.copyOf(holds.values())) {
            AgentId id = hold.plan.agent();
            AgentView agent = cluster.agent(id);
            ClientView client = cluster.client(hold.plan.framework(), hold.plan.role());
            boolean late = hold.until - now <= 0;
            if (agent == null || client == null || !client.isServed() || late || isOver(hold, client, agent)) {
                holds.remove(id);
                agents.add(id);
                if (!hold.open) {
                    forgetRoom(hold.plan);
                    givenUp += late ? running(hold) : 0;
                }
            } else if (!hold.open && isReady(hold, client, agent)) {
                holds.put(id, new Hold(hold.plan, now + FIRST_LOOK.toNanos(), true));
                agents.add(id);
            }
        }
        return new Changes(agents, givenUp);
    }

    /** It was not made after all. */
    private void forgetRoom(RoomPlan plan) {
        List<Room> made = rooms.get(plan.path());
        if (made != null) {
            made.removeIf(room -> room.agent.equals(plan.agent()));
        }
    }

    /** Whether the beneficiary has the room, or declined it. */
    private static boolean isOver(Hold hold, ClientView client, AgentView agent) {
        return hold.open && !fits(hold, client, agent);
    }

    private static boolean fits(Hold hold, ClientView client, AgentView agent) {
        return hold.plan.need().fits(client.usable(agent, agent.free()));
    }

    private boolean isReady(Hold hold, ClientView client, AgentView agent) {
        return running(hold) == 0 || fits(hold, client, agent);
    }

    private int running(Hold hold) {
        int running = 0;
        for (RunningTask victim : hold.plan.victims()) {
            running += runs(TaskKey.of(victim.profile())) ? 1 : 0;
        }
        return running;
    }
}
