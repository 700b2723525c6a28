// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.runtime.ConfinedLoop;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.Timer;

/**
 * Looks at policies from outside, several times within the time that a call may take: whether their loop turns, whether
 * they keep up, how many threads they have and how fast they allocate memory. A thread that does not end cannot be
 * stopped in Java: it is interrupted, abandoned, counted and reported. On the master's loop.
 *
 * <p>Time for which this loop itself did not turn (the whole process was stopped, a collector ran) does not count.
 */
final class PolicyWatchdog {
    private static final Logger log = LoggerFactory.getLogger(PolicyWatchdog.class);
    private static final int LOOKS_A_CALL = 4;
    /** So many times the limit of a call a policy may be behind. */
    private static final int CALLS_BEHIND = 3;
    /** Faster than any policy's work needs, and slow enough for a collector to follow. */
    private static final long MOST_BYTES_A_SECOND = 2L << 30;

    private static final double NANOS_PER_SECOND = 1e9;

    /** Told of what a policy does wrong, once; it is not watched any more. */
    interface Owner {
        /**
         * A policy breaks a rule.
         *
         * @param stuck whether a call does not return
         */
        void misbehaves(PolicyLink policy, String reason, boolean stuck);

        /** A policy that was retired is gone, or was abandoned. */
        void ended(PolicyLink policy);
    }

    private static final class Watch {
        private final PolicyLink policy;
        private boolean retiring;
        private boolean asked;
        private boolean wasBusy;
        private long progress;
        private long stuckNanos;
        private long askedNanos;
        private long bytes;
        private long greedyNanos;

        private Watch(PolicyLink policy) {
            this.policy = policy;
            this.bytes = policy.host().allocatedBytes();
        }
    }

    private final EventLoop loop;
    private final Duration callTimeout;
    private final Owner owner;
    private final List<Watch> watches = new ArrayList<>();
    private final List<ConfinedLoop> abandoned = new ArrayList<>();
    private @Nullable Timer timer;
    private long lastLook;
    private volatile int lastAbandoned;

    PolicyWatchdog(EventLoop loop, Duration callTimeout, Owner owner) {
        this.loop = loop;
        this.callTimeout = callTimeout;
        this.owner = owner;
    }

    /** Watches a policy from now on. */
    void watch(PolicyLink policy) {
        watches.add(new Watch(policy));
        lookSoon();
    }

    /** Ends a policy in good order; it is watched until it is gone. */
    void retire(PolicyLink policy) {
        policy.retire();
        watches.removeIf(watch -> watch.policy == policy);
        Watch watch = new Watch(policy);
        watch.retiring = true;
        watches.add(watch);
        lookSoon();
    }

    /** Ends a policy whose call does not return. */
    void abandon(PolicyLink policy) {
        watches.removeIf(watch -> watch.policy == policy);
        policy.abandon();
        if (policy.host().isAlive()) {
            log.warn(
                    "A thread of allocation policy {} does not end and is abandoned",
                    policy.offering().title());
            abandoned.add(policy.host());
            lastAbandoned = abandoned.size();
        }
        owner.ended(policy);
    }

    /** The policies that were retired and still run. */
    List<PolicyLink> ending() {
        return watches.stream()
                .filter(watch -> watch.retiring)
                .map(watch -> watch.policy)
                .toList();
    }

    /** How many policies that were abandoned still run. */
    int abandoned() {
        abandoned.removeIf(host -> !host.isAlive());
        lastAbandoned = abandoned.size();
        return lastAbandoned;
    }

    /** How many there were at the last look. From any thread. */
    int lastAbandoned() {
        return lastAbandoned;
    }

    void stop() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private void lookSoon() {
        stop();
        lastLook = loop.clock().nanoTime();
        schedule(callTimeout.dividedBy(LOOKS_A_CALL));
    }

    private void schedule(Duration interval) {
        timer = watches.isEmpty() && abandoned.isEmpty()
                ? null
                : loop.schedule("look at policies", interval, () -> look(interval));
    }

    private void look(Duration interval) {
        long now = loop.clock().nanoTime();
        long passed = Math.min(now - lastLook, 2 * interval.toNanos());
        lastLook = now;
        boolean close = abandoned() > 0;
        for (Watch watch : List.copyOf(watches)) {
            if (watch.retiring) {
                lookAtEnd(watch, passed);
                close = true;
            } else {
                close |= look(watch, passed);
            }
        }
        // what fails here begins another, which sets the timer itself
        stop();
        schedule(close ? callTimeout.dividedBy(LOOKS_A_CALL) : callTimeout.multipliedBy(2));
    }

    private void lookAtEnd(Watch watch, long passed) {
        if (!watch.policy.host().isAlive()) {
            watches.remove(watch);
            owner.ended(watch.policy);
            return;
        }
        watch.stuckNanos += passed;
        if (watch.stuckNanos >= callTimeout.toNanos()) {
            abandon(watch.policy);
        }
    }

    /** Whether there is something that is to be looked at again soon. */
    private boolean look(Watch watch, long passed) {
        PolicyLink policy = watch.policy;
        long limit = callTimeout.toNanos();
        boolean busy = policy.isBusy();
        long progress = policy.progress();
        boolean same = busy && watch.wasBusy && progress == watch.progress;
        watch.stuckNanos = same ? watch.stuckNanos + passed : 0;
        watch.askedNanos = watch.asked ? watch.askedNanos + passed : 0;
        if (watch.stuckNanos >= limit) {
            accuse(watch, "a call did not return within " + callTimeout.toMillis() + " ms", true);
            return true;
        }
        if (watch.askedNanos >= CALLS_BEHIND * limit) {
            accuse(watch, "it is more than " + CALLS_BEHIND * callTimeout.toMillis() + " ms behind", true);
            return true;
        }
        int threads = policy.host().threads();
        if (threads > 1) {
            accuse(watch, "it started " + (threads - 1) + (threads == 2 ? " thread" : " threads"), false);
            return true;
        }
        if (isGreedy(watch, passed)) {
            String rate = String.format(Locale.ROOT, "%.1f GiB", (double) MOST_BYTES_A_SECOND / (1 << 30));
            accuse(watch, "it allocates more than " + rate + " of memory in a second", false);
            return true;
        }
        boolean idle = !busy && progress - watch.progress <= 1;
        watch.progress = progress;
        watch.wasBusy = busy;
        if (!watch.asked) {
            watch.asked = true;
            policy.tell(List.of(), () -> watch.asked = false);
            watch.wasBusy = true;
        }
        return !idle;
    }

    private static boolean isGreedy(Watch watch, long passed) {
        long bytes = watch.policy.host().allocatedBytes();
        double rate = (bytes - watch.bytes) * NANOS_PER_SECOND / Math.max(1, passed);
        watch.bytes = bytes;
        watch.greedyNanos = rate > MOST_BYTES_A_SECOND ? watch.greedyNanos + passed : 0;
        return watch.greedyNanos >= NANOS_PER_SECOND;
    }

    private void accuse(Watch watch, String reason, boolean stuck) {
        watches.remove(watch);
        owner.misbehaves(watch.policy, reason, stuck);
    }
}
