// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator.support;

import java.time.Duration;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.tepui.api.resources.Resources;

/**
 * All decline filters, by the time they end. Adding and removing one costs the same however many there are; ending
 * costs nothing for those that do not end. Time is counted in ticks of 50 ms, rounded up, so that nothing ends early.
 */
final class DeclineFilters {
    static final long TICK_NANOS = Duration.ofMillis(50).toNanos();

    /** No filter lasts longer, as in Mesos. */
    private static final Duration MAXIMUM = Duration.ofDays(365);

    /** How many filters one client may have on one agent: beyond it the one that ends first goes. */
    private static final int MAXIMUM_ON_AGENT = 8;

    /** The newest of those that end at a tick. */
    private final TreeMap<Long, DeclineFilter> byEnd = new TreeMap<>();

    private long size;

    long size() {
        return size;
    }

    /**
     * Holds resources of an agent back from a client.
     *
     * @param now in nanoseconds
     */
    void add(Client client, AgentEntry agent, Resources refused, Duration time, long now) {
        Duration bounded = time.compareTo(MAXIMUM) > 0 ? MAXIMUM : time;
        long end = Math.floorDiv(now + bounded.toNanos() + TICK_NANOS - 1, TICK_NANOS);
        dropSuperseded(client, agent, refused, end);
        DeclineFilter filter = new DeclineFilter(client, agent, refused, end);
        agent.filters.add(filter);
        DeclineFilter next = client.filters;
        filter.nextOfClient = next;
        if (next != null) {
            next.previousOfClient = filter;
        }
        client.filters = filter;
        DeclineFilter beside = byEnd.put(end, filter);
        filter.nextAtEnd = beside;
        if (beside != null) {
            beside.previousAtEnd = filter;
        }
        size++;
    }

    /** Removes filters that the new one makes needless, and one if there would be too many. */
    private void dropSuperseded(Client client, AgentEntry agent, Resources refused, long end) {
        int count = 0;
        DeclineFilter first = null;
        DeclineFilter filter = agent.filters.find(client);
        while (filter != null) {
            DeclineFilter older = filter.older;
            if (filter.end <= end && refused.contains(filter.refused)) {
                remove(filter);
            } else {
                count++;
                first = first == null || filter.end < first.end ? filter : first;
            }
            filter = older;
        }
        if (first != null && count >= MAXIMUM_ON_AGENT) {
            remove(first);
        }
    }

    void remove(DeclineFilter filter) {
        filter.agent.filters.remove(filter);
        DeclineFilter previous = filter.previousOfClient;
        DeclineFilter next = filter.nextOfClient;
        if (previous == null) {
            filter.client.filters = next;
        } else {
            previous.nextOfClient = next;
        }
        if (next != null) {
            next.previousOfClient = previous;
        }
        DeclineFilter before = filter.previousAtEnd;
        DeclineFilter after = filter.nextAtEnd;
        if (before != null) {
            before.nextAtEnd = after;
        } else if (after != null) {
            byEnd.put(filter.end, after);
        } else {
            byEnd.remove(filter.end);
        }
        if (after != null) {
            after.previousAtEnd = before;
        }
        size--;
    }

    void removeAll(Client client) {
        for (DeclineFilter filter = client.filters; filter != null; filter = client.filters) {
            remove(filter);
        }
    }

    void removeAll(AgentEntry agent) {
        for (DeclineFilter filter = agent.filters.any(); filter != null; filter = agent.filters.any()) {
            remove(filter);
        }
    }

    /** Ends those whose time is over, and names the agent of each. */
    void expire(long now, Consumer<AgentEntry> ended) {
        while (!byEnd.isEmpty() && byEnd.firstKey() * TICK_NANOS <= now) {
            DeclineFilter filter = byEnd.firstEntry().getValue();
            remove(filter);
            ended.accept(filter.agent);
        }
    }

    /** When the next one ends, in nanoseconds, or null if there is none. */
    @Nullable
    Long nextEnd() {
        return byEnd.isEmpty() ? null : byEnd.firstKey() * TICK_NANOS;
    }
}
