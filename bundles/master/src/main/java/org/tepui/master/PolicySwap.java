// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.tepui.allocator.Allocation;
import org.tepui.allocator.Allocator;
import org.tepui.allocator.PolicyState;
import org.tepui.api.AgentId;
import org.tepui.api.resources.Resources;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.Timer;

/**
 * Brings one policy up beside the one that serves: prepare, replay, verify, catch up. Then its owner lets it take over
 * between two messages. Nothing that happens before that touches the one that serves. On the master's loop.
 */
final class PolicySwap {
    /** How much of the cluster a policy is told in one event of the master's loop. */
    private static final int PART = 200;
    /** Few enough changes to be told in the event in which the policies change places. */
    private static final int FEW_CHANGES = 20;
    /** A cluster that changes faster than it can be told is told the rest at once. */
    private static final int MOST_ROUNDS = 50;
    /** Agents on which the policy shows what it would do. */
    private static final int SAMPLE = 1000;
    /** How long it may think about that. */
    private static final Duration VERIFICATION = Duration.ofMillis(200);

    /** What becomes of the attempt. */
    interface Owner {
        /** The policy can take over: {@link #takeOver} is to be called soon. */
        void ready(PolicySwap swap);

        /** The policy cannot take over. It still has to be retired or abandoned. */
        void failed(PolicySwap swap, String reason, boolean stuck);
    }

    private final EventLoop loop;
    private final PolicyFeed feed;
    private final boolean verifies;
    private final Owner owner;
    private final Timer timeout;
    private final long began;
    private PolicyPhase phase = PolicyPhase.PREPARING;
    private int rounds;
    private Set<AgentId> sample = new HashSet<>();
    /** What is left on agents of which it allocated something already. */
    private final Map<AgentId, Resources> left = new HashMap<>();

    private @Nullable Timer verification;

    /**
     * Begins.
     *
     * @param verifies whether a policy serves meanwhile, so that there is time to look at this one's decisions
     * @param limit for all of it
     */
    PolicySwap(EventLoop loop, PolicyFeed feed, boolean verifies, Duration limit, Owner owner) {
        this.loop = loop;
        this.feed = feed;
        this.verifies = verifies;
        this.owner = owner;
        this.began = loop.clock().nanoTime();
        this.timeout = loop.schedule(
                "swap timeout", limit, () -> fail("it was not ready within " + limit.toSeconds() + " s", false));
    }

    PolicyFeed feed() {
        return feed;
    }

    PolicyLink link() {
        return feed.link();
    }

    PolicyPhase phase() {
        return phase;
    }

    /** When it began, on the monotonic clock. */
    long began() {
        return began;
    }

    /**
     * Begins with the policy's own state.
     *
     * @param state what a predecessor of its name kept, if anything
     */
    void start(@Nullable PolicyState state) {
        link().start(
                        state,
                        () -> whileIn(PolicyPhase.PREPARING, () -> {
                            moveTo(PolicyPhase.REPLAYING);
                            replay();
                        }));
    }

    /** Answers of a policy that was given up meanwhile are not heard. */
    private void whileIn(PolicyPhase expected, Runnable step) {
        if (phase == expected) {
            step.run();
        }
    }

    private void moveTo(PolicyPhase next) {
        if (!PolicyPhase.MOVES.allows(phase, next)) {
            throw new IllegalStateException("a policy cannot go from " + phase + " to " + next);
        }
        phase = next;
    }

    /** One part at a time, the next when it took that one in: neither loop is kept from its other work. */
    private void replay() {
        link().tell(
                        feed.next(PART),
                        () -> whileIn(PolicyPhase.REPLAYING, () -> {
                            if (feed.changes() > PART) {
                                replay();
                            } else if (verifies) {
                                verify();
                            } else {
                                catchUp();
                            }
                        }));
    }

    private void verify() {
        moveTo(PolicyPhase.VERIFYING);
        List<AgentId> agents = feed.sample(SAMPLE);
        sample = new HashSet<>(agents);
        Consumer<Allocator> activate = allocator -> agents.forEach(allocator::activateAgent);
        link().tell(List.of(activate), () -> {
            if (phase == PolicyPhase.VERIFYING) {
                verification = loop.schedule("policy decided", VERIFICATION, () -> endVerification(agents));
            }
        });
    }

    private void endVerification(List<AgentId> agents) {
        Consumer<Allocator> deactivate = allocator -> agents.forEach(allocator::deactivateAgent);
        // what it allocates until it took that in is still looked at
        link().tell(
                        List.of(deactivate),
                        () -> whileIn(PolicyPhase.VERIFYING, () -> {
                            left.keySet().forEach(feed::tellAgain);
                            sample = new HashSet<>();
                            catchUp();
                        }));
    }

    /** The policy allocates before it serves: that is compared with the books and goes no further. */
    void allocated(List<Allocation> allocations) {
        if (phase == PolicyPhase.FAILED || phase == PolicyPhase.RETIRED) {
            return;
        }
        for (Allocation allocation : allocations) {
            AgentId agent = allocation.agent();
            Resources wanted = allocation.resources().unallocate();
            Resources there = left.getOrDefault(agent, feed.free(agent).orElse(Resources.empty()));
            if (!sample.contains(agent)) {
                fail("it allocated on agent " + agent + ", which is not active", false);
                return;
            }
            if (!there.allocatableTo(allocation.role()).contains(wanted)) {
                fail("it allocated what is not there: " + allocation + ", where " + there + " is free", false);
                return;
            }
            left.put(agent, there.subtract(wanted));
        }
    }

    private void catchUp() {
        if (phase != PolicyPhase.CATCHING_UP) {
            moveTo(PolicyPhase.CATCHING_UP);
        }
        rounds++;
        if (feed.changes() <= FEW_CHANGES || rounds > MOST_ROUNDS) {
            owner.ready(this);
            return;
        }
        link().tell(feed.next(PART), () -> whileIn(PolicyPhase.CATCHING_UP, this::catchUp));
    }

    /**
     * The policy serves from this moment on.
     *
     * @param told runs when it knows everything, so that it can allocate
     */
    void takeOver(Runnable told) {
        moveTo(PolicyPhase.SERVING);
        stopTimers();
        link().tell(feed.goLive(), told);
    }

    /** Another policy is wanted. Its owner retires it. */
    void cancel() {
        moveTo(PolicyPhase.RETIRED);
        stopTimers();
    }

    /**
     * Gives it up, unless it serves.
     *
     * @param stuck whether a call does not return
     */
    void fail(String reason, boolean stuck) {
        if (!PolicyPhase.MOVES.allows(phase, PolicyPhase.FAILED) || phase == PolicyPhase.SERVING) {
            return;
        }
        moveTo(PolicyPhase.FAILED);
        stopTimers();
        owner.failed(this, reason, stuck);
    }

    private void stopTimers() {
        timeout.cancel();
        if (verification != null) {
            verification.cancel();
        }
    }
}
