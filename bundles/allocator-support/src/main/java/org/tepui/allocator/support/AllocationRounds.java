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
    private final Runnable roundEnded;
    private final long origin;
    private final AllocatorMetrics metrics;

    /** Agents that are to be looked at for every framework, in the next round. */
    private final BitSet waiting = new BitSet();

    /** Agents that are to be looked at for every framework, once declined offers may be made again. */
    private final BitSet declined = new BitSet();

    private long nextRound;
    private long nextReoffers;
    private long requestedAt = NEVER;
    private long scheduledFor = NEVER;
    private AllocatorContext.@Nullable Scheduled scheduled;

    /** How many framework and agent pairs were looked at: the work done, for tests that bound it. */
    private long examined;

    AllocationRounds(AllocatorContext context, HierarchicalOptions options, ClusterState state, Runnable roundEnded) {
        this.context = context;
        this.roundEnded = roundEnded;
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
    }

    /** Schedules the next round if there is a reason for one. To be called at the end of every event. */
    void arrange() {
        metrics.publish();
        long due = NEVER;
        if (!waiting.isEmpty() || state.tree.hasFresh()) {
            requestedAt = requestedAt == NEVER ? now() : requestedAt;
            due = nextRound;
        } else if (!declined.isEmpty()) {
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
        boolean reoffer = start >= nextReoffers && !declined.isEmpty();
        if (start >= nextRound && (reoffer || !waiting.isEmpty() || state.tree.hasFresh())) {
            round(start, reoffer);
        }
        arrange();
    }

    private void round(long start, boolean reoffer) {
        List<Allocation> made = new ArrayList<>();
        state.tree.age();
        state.tree.settle();
        boolean reoffers = reoffer || state.tree.hasFresh();
        if (state.tree.hasFresh()) {
            lookAtAll(made);
        } else {
            if (reoffer) {
                waiting.or(declined);
                declined.clear();
            }
            lookAtWaiting(made);
        }
        state.tree.clearFresh();
        waiting.clear();
        if (!made.isEmpty()) {
            context.offer(made);
        }
        roundEnded.run();
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

    private void lookAtAll(List<Allocation> made) {
        waiting.or(declined);
        declined.clear();
        int agents = state.agentIndexes();
        int first = firstAgent();
        for (int i = 0; i < agents; i++) {
            int index = first + i < agents ? first + i : first + i - agents;
            AgentEntry agent = state.agentAt(index);
            if (agent != null) {
                lookAt(agent, !waiting.get(index), made);
            }
        }
    }

    private void lookAtWaiting(List<Allocation> made) {
        int first = firstAgent();
        for (int index = waiting.nextSetBit(first); index >= 0; index = waiting.nextSetBit(index + 1)) {
            lookAt(state.requireAgentAt(index), false, made);
        }
        for (int index = waiting.nextSetBit(0); index >= 0 && index < first; index = waiting.nextSetBit(index + 1)) {
            lookAt(state.requireAgentAt(index), false, made);
        }
    }

    private void lookAt(AgentEntry agent, boolean freshOnly, List<Allocation> made) {
        if (!agent.active || agent.free().isEmpty() || !state.isWorthwhileForAny(agent.free())) {
            return;
        }
        agent.filters.prepare(agent.free());
        Examination examination = new Examination(agent);
        examination.offerTo(state.tree.root(), freshOnly);
        for (int i = 0; i < examination.clients.size(); i++) {
            Client client = examination.clients.get(i);
            Resources allocated = examination.parts.get(i).allocate(client.role);
            state.give(agent, client, allocated);
            state.tree.served(client);
            made.add(new Allocation(
                    client.framework.id, client.role, agent.profile().id(), allocated));
        }
        if (!examination.clients.isEmpty()) {
            state.tree.settle();
        }
    }

    /** Walks the tree in order for one agent until nothing is left. The tree does not change meanwhile. */
    private final class Examination {
        private final AgentEntry agent;
        private final List<Client> clients = new ArrayList<>(1);
        private final List<Resources> parts = new ArrayList<>(1);
        private Resources left;

        Examination(AgentEntry agent) {
            this.agent = agent;
            this.left = agent.free();
        }

        /** Returns true if nothing is left to offer. */
        boolean offerTo(TreeNode parent, boolean freshOnly) {
            ChildOrder order = freshOnly ? parent.fresh : parent.active;
            for (int i = 0; i < order.size(); i++) {
                TreeNode child = order.get(i);
                boolean done = child instanceof Client client ? offer(client) : offerTo(child, freshOnly);
                if (done) {
                    return true;
                }
            }
            return false;
        }

        private boolean offer(Client client) {
            examined++;
            boolean whole = clients.isEmpty();
            if ((agent.traits() & client.excludedTraits) != 0
                    || agent.filters.isHeldBack(client)
                    || !client.admits(agent)) {
                return false;
            }
            Resources part = client.takes(left);
            if (part.isEmpty() || !client.isWorthwhile(part) || agent.filters.blocks(client, part, whole)) {
                return false;
            }
            clients.add(client);
            parts.add(part);
            left = left.subtractAvailable(part);
            return left.isEmpty() || !state.isWorthwhileForAny(left);
        }
    }

    void close() {
        if (scheduled != null) {
            scheduled.cancel();
        }
    }
}
