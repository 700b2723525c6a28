// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

import java.time.Duration;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An event loop on a thread of its own.
 *
 * <p>The queue has no bound: who brings work from outside (links, requests) bounds what it has under way, and the
 * queue's depth and longest wait are there to be watched. Waking a sleeping thread costs microseconds, so an event
 * that is handed over while the loop is awake does not pay for it.
 */
public final class ThreadEventLoop implements EventLoop, AutoCloseable {
    /** An event that takes longer is counted by name and logged, unless another threshold is given. */
    public static final Duration DEFAULT_SLOW_EVENT = Duration.ofMillis(100);

    private static final Logger LOG = LoggerFactory.getLogger(ThreadEventLoop.class);
    /** Events between two looks at the timers. */
    private static final int BATCH = 256;
    /** Names are constants, so that many different ones mean a bug; they must not fill the memory as well. */
    private static final int MAXIMUM_SLOW_NAMES = 1000;
    /** Below this, cancelled timers are left to run out. */
    private static final int PURGE_THRESHOLD = 64;

    private static final Duration LONGEST_DELAY = Duration.ofNanos(Long.MAX_VALUE / 4);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

    private final String name;
    private final FaultHandler faultHandler;
    private final long slowNanos;
    private final Clock clock = new SystemClock();
    private final Thread thread;
    private final Queue<Event> queue = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean asleep = new AtomicBoolean();
    private volatile boolean closing;
    private volatile long closeDeadline;

    // owned by the loop's thread
    private final PriorityQueue<WaitingEvent> timers = new PriorityQueue<>();
    private long timerSequence;
    private int cancelledTimers;

    // read by other threads for statistics
    private final LongAdder handedOver = new LongAdder();
    private final LongAdder taken = new LongAdder();
    private final LongAdder timersRun = new LongAdder();
    private volatile int timerCount;
    private final LongAdder faults = new LongAdder();
    private final AtomicLong longestWait = new AtomicLong();
    private final AtomicLong longestEvent = new AtomicLong();
    private final Map<String, LongAdder> slowEvents = new ConcurrentHashMap<>();

    private ThreadEventLoop(String name, FaultHandler faultHandler, Duration slowEvent, ThreadFactory threads) {
        this.name = name;
        this.faultHandler = faultHandler;
        this.slowNanos = slowEvent.toNanos();
        this.thread = threads.newThread(this::run);
    }

    /** Starts a loop; the thread has the loop's name. Events that throw go to the handler. */
    public static ThreadEventLoop start(String name, FaultHandler faultHandler) {
        return start(name, faultHandler, DEFAULT_SLOW_EVENT);
    }

    /**
     * Starts a loop.
     *
     * @param slowEvent events that take longer are counted by name and logged
     */
    public static ThreadEventLoop start(String name, FaultHandler faultHandler, Duration slowEvent) {
        return start(name, faultHandler, slowEvent, body -> new Thread(body, name));
    }

    /**
     * Starts a loop on a thread with other properties.
     *
     * @param threads makes the only thread, which is not started yet
     */
    public static ThreadEventLoop start(
            String name, FaultHandler faultHandler, Duration slowEvent, ThreadFactory threads) {
        ThreadEventLoop loop = new ThreadEventLoop(name, faultHandler, slowEvent, threads);
        loop.thread.start();
        return loop;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public boolean inLoop() {
        return Thread.currentThread() == thread;
    }

    /** As the interface says; once the loop is closing, events of other threads are dropped. */
    @Override
    public void execute(String what, Runnable event) {
        if (closing && !inLoop()) {
            return;
        }
        queue.add(new Event(what, event, System.nanoTime()));
        handedOver.increment();
        if (asleep.get() && asleep.compareAndSet(true, false)) {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public Timer schedule(String what, Duration delay, Runnable event) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("delay " + delay + " of timer '" + what + "' is negative");
        }
        long nanos = (delay.compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY : delay).toNanos();
        WaitingEvent timer = new WaitingEvent(what, event, System.nanoTime() + nanos);
        if (inLoop()) {
            addTimer(timer);
        } else {
            execute("add timer", () -> addTimer(timer));
        }
        return timer;
    }

    /** What the loop has done. The two longest times start again from zero. From any thread. */
    public LoopStatistics statistics() {
        Map<String, Long> slow = new TreeMap<>();
        slowEvents.forEach((what, count) -> slow.put(what, count.sum()));
        long run = taken.sum();
        return new LoopStatistics(
                Math.max(0, handedOver.sum() - run),
                run + timersRun.sum(),
                faults.sum(),
                timerCount,
                longestWait.getAndSet(0),
                longestEvent.getAndSet(0),
                slow);
    }

    /**
     * Ends the loop: events that wait already still run, and those which they hand over to their own loop; timers do
     * not, and events of other threads are dropped from now on. Waits for the thread for at most 10 s, except on the
     * loop itself.
     */
    @Override
    public void close() {
        if (!closing) {
            closeDeadline = System.nanoTime() + CLOSE_LIMIT.toNanos();
            closing = true;
        }
        LockSupport.unpark(thread);
        if (inLoop()) {
            return;
        }
        try {
            thread.join(CLOSE_LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.warn("loop {} did not end in {} s", name, CLOSE_LIMIT.toSeconds());
        }
    }

    /**
     * Ends the loop without waiting, because an event does not return: it is interrupted, and if it ever returns
     * the thread ends. What waits is dropped. From any thread.
     */
    public void abandon() {
        closeDeadline = System.nanoTime();
        closing = true;
        thread.interrupt();
    }

    /** Whether the thread has not ended yet. */
    public boolean isAlive() {
        return thread.isAlive();
    }

    private void run() {
        while (!closing) {
            runDueTimers();
            runQueued();
            if (queue.isEmpty()) {
                sleep();
            }
        }
        while (!queue.isEmpty() && System.nanoTime() - closeDeadline < 0) {
            runQueued();
        }
        queue.clear();
        timers.clear();
    }

    private void sleep() {
        WaitingEvent next = timers.peek();
        asleep.set(true);
        // whoever adds after this look finds the flag set and wakes the thread
        if (queue.isEmpty() && !closing) {
            if (next == null) {
                LockSupport.park(this);
            } else {
                long nanos = next.deadline - System.nanoTime();
                if (nanos > 0) {
                    LockSupport.parkNanos(this, nanos);
                }
            }
        }
        asleep.set(false);
        // an interrupt has no meaning here, and left in place it would keep park from sleeping
        Thread.interrupted();
    }

    private void runDueTimers() {
        WaitingEvent next = timers.peek();
        if (next == null) {
            return;
        }
        long now = System.nanoTime();
        while (next != null && next.deadline - now <= 0 && !closing) {
            timers.remove();
            timerCount = timers.size();
            Runnable event = next.take();
            if (event == null) {
                cancelledTimers--;
            } else {
                runEvent(next.what, event, System.nanoTime());
                timersRun.increment();
            }
            next = timers.peek();
        }
    }

    private void runQueued() {
        long start = System.nanoTime();
        for (int i = 0; i < BATCH; i++) {
            Event event = queue.poll();
            if (event == null) {
                return;
            }
            taken.increment();
            raise(longestWait, start - event.handedOverAt);
            start = runEvent(event.what, event.event, start);
        }
    }

    /** Returns when the event ended. */
    private long runEvent(String what, Runnable event, long start) {
        try {
            event.run();
        } catch (Exception | Error e) {
            faults.increment();
            report(what, e);
        }
        long end = System.nanoTime();
        long took = end - start;
        raise(longestEvent, took);
        if (took > slowNanos) {
            countSlow(what, took);
        }
        return end;
    }

    private void report(String what, Throwable failure) {
        try {
            faultHandler.fault(name, what, failure);
        } catch (Exception | Error e) {
            e.addSuppressed(failure);
            LOG.error("the fault handler of loop {} threw on a fault of event '{}'", name, what, e);
        }
    }

    private void countSlow(String what, long took) {
        String key = slowEvents.size() < MAXIMUM_SLOW_NAMES || slowEvents.containsKey(what) ? what : "other";
        slowEvents.computeIfAbsent(key, k -> new LongAdder()).increment();
        LOG.warn(
                "event '{}' kept loop {} for {} ms",
                what,
                name,
                Duration.ofNanos(took).toMillis());
    }

    private static void raise(AtomicLong longest, long nanos) {
        if (nanos > longest.get()) {
            longest.set(nanos);
        }
    }

    private void addTimer(WaitingEvent timer) {
        if (timer.event == null) {
            return;
        }
        timer.sequence = timerSequence++;
        timer.waiting = true;
        timers.add(timer);
        timerCount = timers.size();
    }

    /**
     * Cancelled timers stay where they are until they are half of all: taking one out of the middle would look at all
     * of them.
     */
    private void purgeCancelled() {
        if (cancelledTimers > PURGE_THRESHOLD && cancelledTimers > timers.size() / 2) {
            timers.removeIf(timer -> timer.event == null);
            timerCount = timers.size();
            cancelledTimers = 0;
        }
    }

    private record Event(String what, Runnable event, long handedOverAt) {}

    private final class WaitingEvent implements Timer, Comparable<WaitingEvent> {
        private final String what;
        private final long deadline;
        private long sequence;
        private boolean waiting;
        private @Nullable Runnable event;

        WaitingEvent(String what, Runnable event, long deadline) {
            this.what = what;
            this.event = event;
            this.deadline = deadline;
        }

        @Override
        public boolean cancel() {
            assertInLoop();
            if (take() == null) {
                return false;
            }
            if (waiting) {
                cancelledTimers++;
                purgeCancelled();
            }
            return true;
        }

        /** What is to run, once. */
        private @Nullable Runnable take() {
            Runnable waited = event;
            event = null;
            return waited;
        }

        @Override
        public int compareTo(WaitingEvent other) {
            long difference = deadline - other.deadline;
            return difference != 0 ? Long.signum(difference) : Long.compare(sequence, other.sequence);
        }
    }
}
