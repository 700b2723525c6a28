// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.api.metrics.Counter;
import org.tepui.api.metrics.MetricRegistry;
import org.tepui.api.metrics.TimerMetric;
import org.tepui.runtime.Clock;

/**
 * What happened to policies while this master leads: counted, logged, and the last of it remembered. Keeps texts only,
 * nothing of a policy itself. On the master's loop.
 */
final class AllocatorJournal {
    private static final Logger log = LoggerFactory.getLogger(AllocatorJournal.class);
    private static final int MOST_EVENTS = 50;

    /** What happened. */
    enum Kind {
        SERVING,
        ROLLED_BACK,
        FAILED,
        REMOVED
    }

    /**
     * Something that happened.
     *
     * @param pause of a policy that took over: for how long none could allocate
     */
    record Event(Instant time, Kind kind, String name, String version, String reason, Optional<Duration> pause) {}

    private final Clock clock;
    private final Counter swaps;
    private final Counter failures;
    private final Counter rollbacks;
    private final TimerMetric pauses;
    private final Deque<Event> events = new ArrayDeque<>();

    AllocatorJournal(Clock clock, MetricRegistry metrics) {
        this.clock = clock;
        this.swaps = metrics.counter("allocator/swaps");
        this.failures = metrics.counter("allocator/failures");
        this.rollbacks = metrics.counter("allocator/rollbacks");
        this.pauses = metrics.timer("allocator/swap_pause");
    }

    void serving(PolicyOffering policy, Duration pause, String reason) {
        swaps.increment();
        pauses.record(pause.toNanos());
        log.info("Allocation policy {} serves, {}: {} ms without", policy.title(), reason, pause.toNanos() / 1e6);
        add(Kind.SERVING, policy, reason, Optional.of(pause));
    }

    void rolledBack(PolicyOffering policy, String reason) {
        rollbacks.increment();
        log.warn("Allocation policy {} could not take over: {}", policy.title(), reason);
        add(Kind.ROLLED_BACK, policy, reason, Optional.empty());
    }

    void failed(PolicyOffering policy, String reason) {
        failures.increment();
        log.error("Allocation policy {} failed and is suspended: {}", policy.title(), reason);
        add(Kind.FAILED, policy, reason, Optional.empty());
    }

    void removed(PolicyOffering policy, String reason) {
        log.warn("Allocation policy {} is gone: {}", policy.title(), reason);
        add(Kind.REMOVED, policy, reason, Optional.empty());
    }

    private void add(Kind kind, PolicyOffering policy, String reason, Optional<Duration> pause) {
        events.addLast(new Event(clock.wallTime(), kind, policy.name(), policy.version(), reason, pause));
        if (events.size() > MOST_EVENTS) {
            events.removeFirst();
        }
    }

    /** The last events, oldest first. */
    List<Event> events() {
        return List.copyOf(events);
    }

    long swaps() {
        return swaps.value();
    }

    long failures() {
        return failures.value();
    }
}
