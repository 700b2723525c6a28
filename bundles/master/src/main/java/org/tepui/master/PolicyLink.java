// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.allocator.Allocation;
import org.tepui.allocator.Allocator;
import org.tepui.allocator.AllocatorContext;
import org.tepui.allocator.PolicyState;
import org.tepui.allocator.Preemption;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;
import org.tepui.api.metrics.MetricRegistry;
import org.tepui.runtime.ConfinedLoop;
import org.tepui.runtime.ConfinedLoops;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.Randomness;
import org.tepui.runtime.Timer;

/**
 * One life of one policy, on a loop of its own: what it is called with comes from the master in batches, what it
 * allocates goes back to the master. Once it threw or broke a rule it hears nothing more.
 *
 * <p>Methods are for the master's loop unless they are those of the policy's context.
 */
final class PolicyLink implements AllocatorContext {
    /** Allocations, or events without a delay in a row, beyond which a policy is taken for one that never ends. */
    static final int MOST_ALLOCATIONS_A_TURN = 1_000_000;

    static final int MOST_CALLS_A_TURN = 100_000;
    static final int MOST_TURNS_WITHOUT_DELAY = 10_000;
    static final int MOST_TIMERS = 1_000_000;

    private static final Logger log = LoggerFactory.getLogger(PolicyLink.class);
    private static final int MOST_CHARACTERS = 500;

    /** What the master hears of a policy. Called on the policy's loop. */
    interface Listener {
        /**
         * The policy wants these to be offered.
         *
         * @param lives which life of its agent each allocation is from, in the same order
         */
        void allocated(PolicyLink policy, List<Allocation> allocations, long[] lives);

        void rescind(PolicyLink policy, FrameworkId framework, Role role, AgentId agent);

        void preempt(PolicyLink policy, List<Preemption> tasks);

        /** The policy threw, or broke a rule, and is closed. */
        void failed(PolicyLink policy, String reason);
    }

    /** The parts of a master that a policy is connected with. */
    record Environment(
            EventLoop masterLoop,
            ConfinedLoops loops,
            Randomness randomness,
            MetricRegistry metrics,
            Listener listener) {}

    private final PolicyOffering offering;
    private final Map<String, String> configuration;
    private final Environment environment;
    private final ConfinedLoop host;
    private final EventLoop loop;
    /** The policy's own, listed with those of the service while it serves. */
    private final MetricRegistry metrics = new MetricRegistry();

    // owned by the master's loop
    private long submitted;

    // written on the policy's loop, read by the watchdog
    private final AtomicLong completed = new AtomicLong();
    private final AtomicLong turns = new AtomicLong();

    // owned by the policy's loop
    /** Which life of each agent the policy knows: allocations from an earlier one are void. */
    private final Map<AgentId, Long> lives = new HashMap<>();

    private @Nullable Allocator allocator;
    private boolean over;
    private int callsThisTurn;
    private int allocationsThisTurn;
    private int turnsWithoutDelay;
    private int timers;

    PolicyLink(PolicyOffering offering, Map<String, String> configuration, Environment environment) {
        this.offering = offering;
        this.configuration = configuration;
        this.environment = environment;
        this.host = environment.loops().open("allocator-" + offering.name());
        this.loop = host.loop();
    }

    PolicyOffering offering() {
        return offering;
    }

    Map<String, String> configuration() {
        return configuration;
    }

    /** Its loop, to look at. */
    ConfinedLoop host() {
        return host;
    }

    /** Whether it has something to do that came from the master. */
    boolean isBusy() {
        return submitted > completed.get();
    }

    /** Grows with each call that it begins and each batch that it ends. */
    long progress() {
        return turns.get() + completed.get();
    }

    /**
     * Makes the allocator; the first event of this life.
     *
     * @param state what a predecessor kept, if anything
     * @param prepared runs on the master's loop, unless it fails
     */
    void start(@Nullable PolicyState state, Runnable prepared) {
        submit("start allocator", () -> {
            turn(() -> {
                Allocator made = offering.factory().create(this, configuration);
                if (made == null) {
                    throw new IllegalStateException("its factory made nothing (null)");
                }
                allocator = made;
            });
            Allocator made = allocator;
            if (state != null && made != null) {
                turn(() -> restore(made, state));
            }
            answer(prepared);
        });
    }

    private void restore(Allocator made, PolicyState state) {
        try {
            made.restoreState(state);
            log.info("Allocation policy {} takes over {}", offering.title(), state);
        } catch (IllegalArgumentException e) {
            log.warn("Allocation policy {} begins without {}: {}", offering.title(), state, e.getMessage());
        }
    }

    /**
     * Makes calls to the allocator, in order.
     *
     * @param told runs on the master's loop afterwards, unless it fails
     */
    void tell(List<Consumer<Allocator>> calls, Runnable told) {
        submit("allocator calls", () -> {
            for (Consumer<Allocator> call : calls) {
                Allocator live = allocator;
                if (live == null) {
                    return;
                }
                turnsWithoutDelay = 0;
                turn(() -> call.accept(live));
            }
            answer(told);
        });
    }

    /** Asks for what is to be kept; the answer comes on the master's loop, unless it fails. */
    void saveState(Consumer<@Nullable PolicyState> saved) {
        submit(
                "save allocator's state",
                () -> turn(() -> {
                    Allocator live = allocator;
                    if (live != null) {
                        PolicyState state = live.saveState();
                        answer(() -> saved.accept(state));
                    }
                }));
    }

    private void answer(Runnable event) {
        if (allocator != null) {
            environment.masterLoop().execute("allocator answers", event);
        }
    }

    private void submit(String what, Runnable work) {
        submitted++;
        loop.execute(what, () -> {
            work.run();
            completed.incrementAndGet();
        });
    }

    /** Lists its metrics with those of the service. */
    void listMetrics() {
        environment.metrics().include(metrics);
    }

    /** Ends this life: closes the allocator, then the loop. */
    void retire() {
        environment.metrics().exclude(metrics);
        submit("stop allocator", () -> {
            closeAllocator();
            host.close();
        });
    }

    /** Ends this life though a call does not return. */
    void abandon() {
        environment.metrics().exclude(metrics);
        host.abandon();
    }

    /** Notes that the policy is told of a new life of an agent with the next call. On the policy's loop. */
    void livesAs(AgentId agent, long life) {
        lives.put(agent, life);
    }

    /** On the policy's loop. */
    void forget(AgentId agent) {
        lives.remove(agent);
    }

    private void turn(Runnable call) {
        turns.incrementAndGet();
        callsThisTurn = 0;
        allocationsThisTurn = 0;
        try {
            call.run();
        } catch (Exception | Error e) {
            // an error as well: it is the policy's loop that it happened on, and the policy's memory goes with it
            fail(describe(e), e);
        }
    }

    private void fail(String reason, @Nullable Throwable failure) {
        if (over) {
            return;
        }
        log.error("Allocation policy {} failed: {}", offering.title(), reason, failure);
        environment.listener().failed(this, reason);
        closeAllocator();
    }

    private void closeAllocator() {
        over = true;
        Allocator live = allocator;
        allocator = null;
        lives.clear();
        if (live == null) {
            return;
        }
        try {
            live.close();
        } catch (Exception | Error e) {
            log.warn("Allocation policy {} failed to close: {}", offering.title(), describe(e));
        }
    }

    /** A failure in one line. What the exception of a plug-in says of itself may be wrong, too. */
    private static String describe(Throwable failure) {
        try {
            String message = failure.getMessage();
            String name = failure.getClass().getSimpleName();
            String text = message == null || message.isEmpty() ? name : name + ": " + message;
            return text.length() > MOST_CHARACTERS ? text.substring(0, MOST_CHARACTERS) + "..." : text;
        } catch (Exception | Error e) {
            return "an exception that cannot be described";
        }
    }

    /** @throws IllegalStateException into the policy, which is closed even if it catches it */
    private void broke(String rule) {
        IllegalStateException failure = new IllegalStateException(rule);
        fail(rule, failure);
        throw failure;
    }

    private void beginCall() {
        loop.assertInLoop();
        callsThisTurn++;
        if (callsThisTurn > MOST_CALLS_A_TURN) {
            broke("it calls the master more than " + MOST_CALLS_A_TURN + " times without an end");
        }
    }

    @Override
    public void offer(List<Allocation> allocations) {
        beginCall();
        if (over) {
            return;
        }
        // a policy written in another language, or with warnings off, may well give null
        if (allocations == null || allocations.isEmpty()) {
            broke("it offers nothing (" + allocations + ")");
        }
        long[] of = new long[allocations.size()];
        for (int i = 0; i < of.length; i++) {
            Allocation allocation = allocations.get(i);
            if (!isWhole(allocation)) {
                broke("it offers what is no allocation: " + allocation);
            }
            of[i] = lives.getOrDefault(allocation.agent(), -1L);
        }
        allocationsThisTurn += of.length;
        if (allocationsThisTurn > MOST_ALLOCATIONS_A_TURN) {
            broke("it makes more than " + MOST_ALLOCATIONS_A_TURN + " allocations without an end");
        }
        environment.listener().allocated(this, List.copyOf(allocations), of);
    }

    private static boolean isWhole(@Nullable Allocation allocation) {
        return allocation != null
                && allocation.framework() != null
                && allocation.role() != null
                && allocation.agent() != null
                && allocation.resources() != null
                && !allocation.resources().isEmpty();
    }

    @Override
    public void rescind(FrameworkId framework, Role role, AgentId agent) {
        beginCall();
        if (framework == null || role == null || agent == null) {
            broke("it rescinds what is no offer: " + framework + ", " + role + ", " + agent);
        }
        if (!over) {
            environment.listener().rescind(this, framework, role, agent);
        }
    }

    @Override
    public void preempt(List<Preemption> tasks) {
        beginCall();
        if (tasks == null
                || tasks.stream()
                        .anyMatch(task -> task == null
                                || task.framework() == null
                                || task.task() == null
                                || task.agent() == null)) {
            broke("it preempts what are no tasks: " + tasks);
        }
        if (!over) {
            environment.listener().preempt(this, List.copyOf(tasks));
        }
    }

    @Override
    public Scheduled schedule(Duration delay, Runnable event) {
        beginCall();
        timers++;
        if (timers > MOST_TIMERS) {
            broke("it waits for more than " + MOST_TIMERS + " events");
        }
        boolean atOnce = delay.isZero();
        Timer timer = loop.schedule("allocator timer", delay, () -> {
            timers--;
            if (allocator != null) {
                turnsWithoutDelay = atOnce ? turnsWithoutDelay + 1 : 0;
                turn(() -> {
                    if (turnsWithoutDelay > MOST_TURNS_WITHOUT_DELAY) {
                        broke("it goes on at once more than " + MOST_TURNS_WITHOUT_DELAY + " times in a row");
                    }
                    event.run();
                });
            }
        });
        return () -> {
            if (timer.cancel()) {
                timers--;
            }
        };
    }

    @Override
    public long nanoTime() {
        return loop.clock().nanoTime();
    }

    @Override
    public Instant wallTime() {
        return loop.clock().wallTime();
    }

    @Override
    public RandomGenerator random() {
        return environment.randomness();
    }

    @Override
    public MetricRegistry metrics() {
        return metrics;
    }
}
