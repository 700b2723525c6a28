// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.priority;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tepui.allocator.support.AgentView;
import org.tepui.allocator.support.ClientView;
import org.tepui.allocator.support.ClusterView;
import org.tepui.allocator.support.RunningTask;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;
import org.tepui.api.resources.Resources;

/**
 * Finds tasks whose end makes room for those who wait. Plans, and changes nothing.
 *
 * <p><em>For whom.</em> For frameworks that want offers, said what they need, have waited for it for the configured
 * time (see {@link Demand}), made use of what was done for them before, have no agent on which that is free
 * already, and are not waiting for an earlier preemption. The highest class first, then who has waited longest.
 *
 * <p><em>Whom.</em> Tasks of roles that the beneficiary's outranks: the lowest class first, within one role the
 * lowest label {@code tepui.priority}, then the shortest run time. On each agent these are taken in that order, those
 * left out that {@link Allowances} protects, until a need fits that quotas let the framework have; then those that
 * it does without are spared, the most important first. So each that is left is needed.
 *
 * <p><em>Where.</em> On the agent where the most important victim is the least important, by class and then by label;
 * among those where the least run time is lost, then where the fewest tasks end.
 *
 * <p>It looks at a bounded number of agents, so that a plan takes a fraction of a second in any cluster. Those whom
 * it did not come to because of that come first when others were tried in vain: see {@link PreemptionBooks#putOff}.
 */
final class PreemptionPlanner {
    /** How many pairs of framework and agent one plan looks at, a last framework begun before that not counted. */
    private static final int MOST_PAIRS = 50_000;

    /** On how many agents victims are chosen for one need, to take the best of them. */
    private static final int MOST_CHOICES = 1_000;

    /** The less important first. */
    private static final Comparator<Candidate> ORDER = Comparator.comparing(
                    Candidate::classes, PriorityClasses::compare)
            .thenComparingInt(Candidate::level)
            .thenComparing(Candidate::startedAt, Comparator.reverseOrder())
            .thenComparing(candidate -> candidate.task.profile().framework())
            .thenComparing(candidate -> candidate.task.profile().task().value());

    /** The cheaper first. */
    private static final Comparator<Choice> COST = Comparator.comparing(Choice::classes, PriorityClasses::compare)
            .thenComparingInt(Choice::level)
            .thenComparingDouble(Choice::lostSeconds)
            .thenComparingInt(choice -> choice.victims.size());

    private final PrioritySettings settings;
    private final PriorityClasses classes;

    PreemptionPlanner(PrioritySettings settings) {
        this.settings = settings;
        this.classes = settings.classes();
    }

    /**
     * A plan.
     *
     * @param rooms what is to be done, for the most important first; each agent once and each framework and role once
     * @param inVain who was tried in vain though not all could be tried; empty if all could
     */
    record Outcome(List<RoomPlan> rooms, List<String> inVain) {}

    private record Candidate(RunningTask task, List<Integer> classes, int level) {
        long startedAt() {
            return task.startedAt();
        }

        Resources frees() {
            return task.profile().resources().unallocate().nonShared();
        }
    }

    private record Choice(
            AgentView agent, List<Candidate> victims, List<Integer> classes, int level, double lostSeconds) {}

    /** Makes a plan for this moment. */
    Outcome plan(ClusterView cluster, PreemptionBooks books, long now) {
        List<Demand> waiting = waiting(cluster, books, now);
        List<RoomPlan> rooms = new ArrayList<>();
        List<String> inVain = new ArrayList<>();
        if (waiting.isEmpty()) {
            return new Outcome(rooms, inVain);
        }
        Allowances allowances = new Allowances(cluster, settings, books, now);
        int pairs = 0;
        boolean all = true;
        for (Demand demand : waiting) {
            if (pairs >= MOST_PAIRS) {
                all = false;
                break;
            }
            pairs += cluster.agents().size();
            RoomPlan room = new Search(cluster, books, allowances, rooms, demand, now).find();
            if (room == null) {
                inVain.add(demand.client().path());
            } else {
                room.victims().forEach(victim -> allowances.take(victim.profile(), room.role()));
                rooms.add(room);
            }
        }
        return new Outcome(rooms, all ? List.of() : inVain);
    }

    private List<Demand> waiting(ClusterView cluster, PreemptionBooks books, long now) {
        List<ClientView> candidates = new ArrayList<>();
        for (ClientView client : cluster.clients()) {
            if (client.isServed() && !books.isBeneficiary(client) && !books.isPutOff(client.path(), now)) {
                candidates.add(client);
            }
        }
        Map<FrameworkId, List<RunningTask>> launched = launched(cluster, candidates);
        long patience = settings.preemption().patience().toNanos();
        List<Demand> waiting = new ArrayList<>();
        for (ClientView client : candidates) {
            List<RunningTask> own = launched.getOrDefault(client.frameworkId(), List.of()).stream()
                    .filter(task -> task.profile().role().equals(client.role()))
                    .toList();
            List<PreemptionBooks.Room> rooms = books.roomsOf(client);
            Demand demand = Demand.of(client, settings.preemption().minimum(), own, rooms);
            boolean usesRooms = rooms.isEmpty()
                    || own.stream().anyMatch(task -> rooms.get(rooms.size() - 1).isUsedBy(task));
            if (!demand.needs().isEmpty()
                    && now - demand.since() >= patience
                    && usesRooms
                    && !demand.isOnTheTable(own)) {
                waiting.add(demand);
            }
        }
        waiting.sort(Comparator.comparing(
                        (Demand demand) -> classes.path(demand.client().role()), PriorityClasses::compare)
                .reversed()
                .thenComparingLong(Demand::since)
                .thenComparing(demand -> demand.client().path()));
        return waiting;
    }

    /** The tasks of those who may wait, as far as they have to be known. */
    private Map<FrameworkId, List<RunningTask>> launched(ClusterView cluster, List<ClientView> clients) {
        Map<FrameworkId, List<RunningTask>> launched = new HashMap<>();
        for (ClientView client : clients) {
            if (!client.requests().isEmpty() || client.minimum() != null) {
                launched.put(client.frameworkId(), new ArrayList<>());
            }
        }
        boolean all = !settings.preemption().minimum().isEmpty();
        if (launched.isEmpty() && !all) {
            return launched;
        }
        for (AgentView agent : cluster.agents()) {
            for (RunningTask task : agent.tasks()) {
                FrameworkId framework = task.profile().framework();
                if (all || launched.containsKey(framework)) {
                    launched.computeIfAbsent(framework, key -> new ArrayList<>())
                            .add(task);
                }
            }
        }
        return launched;
    }

    /** The search for one framework in one role. */
    private final class Search {
        private final ClusterView cluster;
        private final PreemptionBooks books;
        private final Allowances allowances;
        private final List<RoomPlan> others;
        private final Demand demand;
        private final ClientView client;
        private final Role role;
        private final long now;
        private final Map<Role, Boolean> outranked = new HashMap<>();

        Search(
                ClusterView cluster,
                PreemptionBooks books,
                Allowances allowances,
                List<RoomPlan> others,
                Demand demand,
                long now) {
            this.cluster = cluster;
            this.books = books;
            this.allowances = allowances;
            this.others = others;
            this.demand = demand;
            this.client = demand.client();
            this.role = client.role();
            this.now = now;
        }

        @Nullable
        RoomPlan find() {
            List<Need> needs = demand.needs();
            for (AgentView agent : cluster.agents()) {
                for (Need need : needs) {
                    if (need.isFor(agent)
                            && !books.isKept(agent.profile().id())
                            && fits(need, agent, agent.free(), List.of())) {
                        return null;
                    }
                }
            }
            for (Need need : needs) {
                Choice best = best(need);
                if (best != null) {
                    return new RoomPlan(
                            client.frameworkId(),
                            role,
                            Duration.ofNanos(now - demand.since()),
                            best.agent.profile().id(),
                            best.agent.profile().hostname(),
                            need,
                            best.victims.stream().map(Candidate::task).toList());
                }
            }
            return null;
        }

        /**
         * Whether a framework could be offered what it needs of an agent, were that much free and some tasks gone.
         */
        private boolean fits(Need need, AgentView agent, Resources room, List<Candidate> gone) {
            if (!room.quantities().contains(need.amounts())) {
                return false;
            }
            Resources usable = client.usable(agent, room);
            return need.fits(usable)
                    && need.fits(cluster.admitted(
                            client, usable, gone.stream().map(Candidate::task).toList()));
        }

        private @Nullable Choice best(Need need) {
            Choice best = null;
            int choices = 0;
            for (AgentView agent : cluster.agents()) {
                if (need.isFor(agent) && mayServe(agent) && mayFit(agent, need)) {
                    Choice choice = choose(agent, need);
                    best = choice != null && (best == null || COST.compare(choice, best) < 0) ? choice : best;
                    if (++choices >= MOST_CHOICES) {
                        break;
                    }
                }
            }
            return best;
        }

        private boolean mayServe(AgentView agent) {
            return agent.isActive()
                    && !agent.tasks().isEmpty()
                    && !agent.isOvercommitted()
                    && !books.isKept(agent.profile().id())
                    && others.stream()
                            .noneMatch(
                                    room -> room.agent().equals(agent.profile().id()));
        }

        private boolean isVictim(RunningTask task) {
            return outranked.computeIfAbsent(task.profile().role(), other -> classes.outranks(role, other))
                    && !books.isAsked(task.profile());
        }

        /** A quick look at the sums, which most agents in a large cluster do not pass. */
        private boolean mayFit(AgentView agent, Need need) {
            for (int i = 0; i < need.amounts().size(); i++) {
                String name = need.amounts().name(i);
                long sum = agent.free().thousandths(name);
                for (RunningTask task : agent.tasks()) {
                    sum += isVictim(task) ? task.profile().resources().thousandths(name) : 0;
                }
                if (sum < need.amounts().thousandths(i)) {
                    return false;
                }
            }
            return true;
        }

        private @Nullable Choice choose(AgentView agent, Need need) {
            List<Candidate> candidates = new ArrayList<>();
            for (RunningTask task : agent.tasks()) {
                if (isVictim(task)) {
                    List<Integer> path = classes.path(task.profile().role());
                    candidates.add(new Candidate(task, path, allowances.level(task.profile())));
                }
            }
            candidates.sort(ORDER);
            List<Candidate> taken = new ArrayList<>();
            Resources room = agent.free();
            boolean fits = false;
            for (Candidate candidate : candidates) {
                if (!fits && allowances.take(candidate.task.profile(), role)) {
                    taken.add(candidate);
                    room = room.add(candidate.frees());
                    fits = fits(need, agent, room, taken);
                }
            }
            taken.forEach(candidate -> allowances.giveBack(candidate.task.profile()));
            return fits ? spare(agent, need, taken, room) : null;
        }

        /** Leaves out whom it does without. The last was needed, or it would not have been taken. */
        private Choice spare(AgentView agent, Need need, List<Candidate> taken, Resources most) {
            Resources room = most;
            for (int i = taken.size() - 2; i >= 0; i--) {
                Candidate spared = taken.remove(i);
                Resources less = room.subtract(spared.frees());
                if (fits(need, agent, less, taken)) {
                    room = less;
                } else {
                    taken.add(i, spared);
                }
            }
            Candidate dearest = taken.get(taken.size() - 1);
            int level = 0;
            double lost = 0;
            for (Candidate victim : taken) {
                boolean asDear = victim.classes.equals(dearest.classes);
                level = asDear ? Math.max(level, victim.level) : level;
                lost += victim.task.age(now).toNanos() / 1e9;
            }
            return new Choice(agent, taken, dearest.classes, level, lost);
        }
    }
}
