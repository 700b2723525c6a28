// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator.support;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tepui.allocator.Allocation;
import org.tepui.allocator.AllocatorContext;
import org.tepui.api.resources.Resources;

/**
 * Decides when to allocate and which agents to look at, and makes the allocations.
 *
 * <p>An agent is looked at when something on it became free. Each framework in order is offered what it may have of
 * it, and the first one that may have something gets all of that. Agents that were looked at before and have
 * something free left, because nobody may have it, are looked at again only for those frameworks that came, revived
 * or changed meanwhile. So a round costs what there is to decide, and without anything to decide there is no round.
 *
 * <p>With quotas, those who are owed something come first, on all of these agents, and then everybody. An agent of
 * which somebody was denied something for the sake of quotas waits, too: it is looked at when there is room again, and
 * only as long as there is.
 *
 * <p>A round begins as soon as the events that wait already are through, but not before a pause that follows from the
 * length of the one before. Agents whose offer was declined wait longer, such that no more than a set number of
 * offers a second are made again.
 */
final class AllocationRounds {
    private static final long SHORTEST_PAUSE = Duration.ofMillis(1).toNanos();
    private static final long SHORTEST_REOFFER_PAUSE = Duration.ofMillis(5).toNanos();

    /** A pause is this many times as long as the round before, so that rounds take a fifth of the time at most. */
    private static final int PAUSE_FACTOR = 4;

    private static final long NEVER = Long.MAX_VALUE;

    private final AllocatorContext context;
    private final HierarchicalOptions options;
    private final ClusterState state;
    private final @Nullable HierarchicalPolicy policy;
    private final long origin;
    private final AllocatorMetrics metrics;

    /** Agents that are to be looked at for every framework, in the next round. */
    private final BitSet waiting = new BitSet();

    /** Agents that are to be looked at for every framework, once declined offers may be made again. */
    private final BitSet declined = new BitSet();

    /** Agents of which somebody was given less than it could have, because of quotas. */
    private final BitSet restrained = new BitSet();

    /** Where the last walk over restrained agents ended, and the next one begins. */
    private int restrainedFrom;

    private long nextRound;
    private long nextReoffers;
    private long requestedAt = NEVER;
    private long scheduledFor = NEVER;
    private AllocatorContext.@Nullable Scheduled scheduled;

    /** How many framework and agent pairs were looked at: the work done, for tests that bound it. */
    private long examined;

    AllocationRounds(
            AllocatorContext context,
            HierarchicalOptions options,
            ClusterState state,
            @Nullable HierarchicalPolicy policy) {
        this.context = context;
        this.policy = policy;
        this.options = options;
        this.state = state;
        this.origin = context.nanoTime();
        this.metrics = new AllocatorMetrics(context.metrics(), state);
    }

    /** Nanoseconds since this allocator was made. */
    long now() {
        return context.nanoTime() - origin;
    }

    long examined() {
        return examined;
    }

    /** Every framework is to look at this agent, soon. */
    void lookAt(AgentEntry agent) {
        waiting.set(agent.index);
        declined.clear(agent.index);
    }

    /** Every framework is to look at this agent, when its turn among declined ones comes. */
    void lookAtLater(AgentEntry agent) {
        if (!waiting.get(agent.index)) {
            declined.set(agent.index);
        }
    }

    void forget(AgentEntry agent) {
        waiting.clear(agent.index);
        declined.clear(agent.index);
        restrained.clear(agent.index);
    }

    /** Every framework is to look at every agent, soon. */
    void lookAtEveryAgent() {
        state.agents().forEach(this::lookAt);
    }

    /** Schedules the next round if there is a reason for one. To be called at the end of every event. */
    void arrange() {
        metrics.publish();
        long due = NEVER;
        if (!waiting.isEmpty() || state.tree.hasFresh()) {
            requestedAt = requestedAt == NEVER ? now() : requestedAt;
            due = nextRound;
        } else if (!declined.isEmpty() || hasRoomAgain()) {
            due = Math.max(nextRound, nextReoffers);
        }
        Long filterEnd = state.filters.nextEnd();
        if (filterEnd != null) {
            due = Math.min(due, Math.max(nextRound, filterEnd));
        }
        if (due == NEVER || due >= scheduledFor) {
            return;
        }
        long now = now();
        if (scheduled != null) {
            scheduled.cancel();
        }
        scheduledFor = due;
        scheduled = context.schedule(Duration.ofNanos(Math.max(0, due - now)), this::wakeUp);
    }

    private void wakeUp() {
        scheduled = null;
        scheduledFor = NEVER;
        long start = now();
        state.filters.expire(start, this::lookAtLater);
        boolean reoffer = start >= nextReoffers && (!declined.isEmpty() || hasRoomAgain());
        if (start >= nextRound && (reoffer || !waiting.isEmpty() || state.tree.hasFresh())) {
            round(start, reoffer);
        }
        arrange();
    }

    private boolean hasRoomAgain() {
        return !restrained.isEmpty() && state.quotas.hasRoomAgain(true);
    }

    private void round(long start, boolean reoffer) {
        List<Allocation> made = new ArrayList<>();
        state.tree.age();
        state.tree.settle();
        boolean fresh = state.tree.hasFresh();
        boolean reoffers = reoffer || fresh;
        if (reoffers) {
            waiting.or(declined);
            declined.clear();
        }
        boolean again = reoffers && hasRoomAgain();
        if (again) {
            state.quotas.beginWalk();
        }
        if (fresh && again) {
            waiting.or(restrained);
        }
        lookAround(fresh, made);
        if (reoffers) {
            state.quotas.endWalk(again && (fresh || lookAtRestrained(made)));
        }
        state.tree.clearFresh();
        waiting.clear();
        if (!made.isEmpty()) {
            context.offer(made);
        }
        if (policy != null) {
            policy.roundEnded();
        }
        long end = now();
        metrics.ran(end - start, requestedAt == NEVER ? 0 : start - requestedAt);
        requestedAt = NEVER;
        nextRound = end + Math.max(SHORTEST_PAUSE, PAUSE_FACTOR * (end - start));
        if (reoffers) {
            long pause = made.size() * 1_000_000_000L / options.reoffersPerSecond();
            long longest = options.allocationInterval().toNanos();
            nextReoffers = end + Math.min(longest, Math.max(SHORTEST_REOFFER_PAUSE, pause));
        }
    }

    /** Begins at a random agent, so that none is always served by the same turn. */
    private int firstAgent() {
        int agents = state.agentIndexes();
        return agents == 0 ? 0 : context.random().nextInt(agents);
    }

    private void lookAround(boolean fresh, List<Allocation> made) {
        if (state.quotas.isAnybodyOwed()) {
            lookAround(fresh, true, made);
        }
        lookAround(fresh, false, made);
    }

    private void lookAround(boolean fresh, boolean owedOnly, List<Allocation> made) {
        int first = firstAgent();
        if (fresh) {
            int agents = state.agentIndexes();
            for (int i = 0; i < agents; i++) {
                int index = first + i < agents ? first + i : first + i - agents;
                AgentEntry agent = state.agentAt(index);
                if (agent != null) {
                    lookAt(agent, !waiting.get(index), owedOnly, made);
                }
            }
            return;
        }
        for (int index = waiting.nextSetBit(first); index >= 0; index = waiting.nextSetBit(index + 1)) {
            lookAt(state.requireAgentAt(index), false, owedOnly, made);
        }
        for (int index = waiting.nextSetBit(0); index >= 0 && index < first; index = waiting.nextSetBit(index + 1)) {
            lookAt(state.requireAgentAt(index), false, owedOnly, made);
        }
    }

    /** Looks at restrained agents while there is room. Returns whether all of them were looked at. */
    private boolean lookAtRestrained(List<Allocation> made) {
        BitSet walk = (BitSet) restrained.clone();
        walk.andNot(waiting);
        if (state.quotas.isAnybodyOwed()) {
            lookAtRestrained(walk, true, made);
        }
        return lookAtRestrained(walk, false, made);
    }

    private boolean lookAtRestrained(BitSet walk, boolean owedOnly, List<Allocation> made) {
        int first = restrainedFrom;
        boolean wrapped = false;
        int index = walk.nextSetBit(first);
        while (true) {
            if (index < 0 && !wrapped) {
                wrapped = true;
                index = walk.nextSetBit(0);
            }
            if (index < 0 || (wrapped && index >= first)) {
                return true;
            }
            if (!state.quotas.hasRoomAgain(owedOnly)) {
                restrainedFrom = index;
                return false;
            }
            lookAt(state.requireAgentAt(index), false, owedOnly, made);
            index = walk.nextSetBit(index + 1);
        }
    }

    private void lookAt(AgentEntry agent, boolean freshOnly, boolean owedOnly, List<Allocation> made) {
        if (!freshOnly && !owedOnly) {
            restrained.clear(agent.index);
        }
        if (owedOnly && !state.quotas.isAnybodyOwed()) {
            return;
        }
        if (!agent.active || agent.free().isEmpty() || !state.isWorthwhileForAny(agent.free())) {
            return;
        }
        agent.filters.prepare(agent.free());
        int before = made.size();
        new Examination(agent, freshOnly, owedOnly, made).offerTo(state.tree.root());
        if (made.size() > before) {
            state.tree.settle();
        }
    }

    /** Walks the tree in order for one agent until nothing is left. The order does not change meanwhile. */
    private final class Examination {
        private final AgentEntry agent;
        private final boolean freshOnly;
        private final boolean owedOnly;
        private final List<Allocation> made;
        private final Resources whole;

        /** Whether quotas decide of so much of it that what they leave alone is not worth an offer. */
        private final boolean nothingUncharged;

        Examination(AgentEntry agent, boolean freshOnly, boolean owedOnly, List<Allocation> made) {
            this.agent = agent;
            this.freshOnly = freshOnly;
            this.owedOnly = owedOnly;
            this.made = made;
            this.whole = agent.free();
            this.nothingUncharged = !state.quotas.isEmpty()
                    && !state.hasOwnMinimums()
                    && !Client.isWorthwhile(options.minimumAllocatable(), state.quotas.uncharged(whole));
        }

        /** Returns true if nothing is left to offer. */
        boolean offerTo(TreeNode parent) {
            ChildOrder order = freshOnly ? parent.fresh : parent.active;
            for (int i = 0; i < order.size(); i++) {
                TreeNode child = order.get(i);
                if (owedOnly && child instanceof RoleTree.RoleNode role && !role.mayBeOwed()) {
                    continue;
                }
                QuotaNode quota = child.quota;
                if (quota != null && nothingUncharged && state.quotas.isExhausted(quota)) {
                    restrained.set(agent.index);
                    continue;
                }
                boolean done = child instanceof Client client ? offer(client) : offerTo(child);
                if (done) {
                    return true;
                }
            }
            return false;
        }

        private boolean offer(Client client) {
            examined++;
            if ((agent.traits() & client.excludedTraits) != 0
                    || agent.filters.isHeldBack(client)
                    || !client.admits(agent)
                    || (owedOnly && !state.quotas.isOwedAnything(client))
                    || (policy != null && !policy.admits(client, agent))) {
                return false;
            }
            Resources left = agent.free();
            Resources part = client.takes(left);
            if (!isWanted(client, part, left.equals(whole))) {
                return false;
            }
            Resources admitted = state.quotas.admit(client, part, true);
            if (!admitted.equals(part)) {
                restrained.set(agent.index);
                if (!isWanted(client, admitted, false)) {
                    return false;
                }
            }
            if (owedOnly && !state.quotas.isOwedSome(client, admitted)) {
                return false;
            }
            give(client, admitted);
            left = agent.free();
            return left.isEmpty() || !state.isWorthwhileForAny(left);
        }

        private boolean isWanted(Client client, Resources part, boolean asWhole) {
            return !part.isEmpty() && client.isWorthwhile(part) && !agent.filters.blocks(client, part, asWhole);
        }

        private void give(Client client, Resources part) {
            Resources allocated = part.allocate(client.role);
            state.give(agent, client, allocated);
            state.tree.served(client);
            made.add(new Allocation(
                    client.framework.id, client.role, agent.profile().id(), allocated));
        }
    }

    void close() {
        if (scheduled != null) {
            scheduled.cancel();
        }
    }
}
