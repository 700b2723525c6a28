// SPDX-License-Identifier: Apache-2.0
package org.tepui.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;
import org.tepui.api.resources.Resources;

/**
 * What frameworks declined. A decline holds back what was declined and every part of it, from the framework in that
 * role on that agent, until its time is over or it is forgotten.
 */
public final class DeclineBooks {
    /** So many declines of one framework in one role on one agent are remembered by every policy. */
    public static final int REMEMBERED = 8;

    /** How long after its time a decline may still have effect: one regular round, and the ticks of a timer. */
    public static final Duration TOLERANCE = Duration.ofMillis(1100);

    private static final Duration LONGEST = Duration.ofDays(365);

    private final Map<AgentId, Map<FrameworkId, List<Decline>>> byAgent = new HashMap<>();

    private record Decline(Role role, Resources refused, long end) {}

    DeclineBooks() {}

    /** Books a decline of resources without allocation role, until a time in nanoseconds. */
    void add(FrameworkId framework, Role role, AgentId agent, Resources refused, Duration time, long now) {
        List<Decline> known = byAgent.computeIfAbsent(agent, id -> new HashMap<>())
                .computeIfAbsent(framework, id -> new ArrayList<>());
        known.removeIf(decline -> decline.end() + TOLERANCE.toNanos() < now);
        long nanos = time.compareTo(LONGEST) > 0 ? LONGEST.toNanos() : time.toNanos();
        known.add(new Decline(role, refused, now + nanos));
    }

    void forget(AgentId agent) {
        byAgent.remove(agent);
    }

    void forget(FrameworkId framework, Predicate<Role> roles) {
        for (Map<FrameworkId, List<Decline>> declines : byAgent.values()) {
            List<Decline> known = declines.get(framework);
            if (known != null) {
                known.removeIf(decline -> roles.test(decline.role()));
            }
        }
    }

    private List<Decline> known(FrameworkId framework, Role role, AgentId agent) {
        List<Decline> known = byAgent.getOrDefault(agent, Map.of()).getOrDefault(framework, List.of());
        return known.stream().filter(decline -> decline.role().equals(role)).toList();
    }

    /** Whether an offer has to be held back at a time in nanoseconds. */
    public boolean forbid(FrameworkId framework, Role role, AgentId agent, Resources offer, long now) {
        List<Decline> forbidding = known(framework, role, agent).stream()
                .filter(decline -> decline.end() > now)
                .toList();
        return forbidding.size() <= REMEMBERED
                && forbidding.stream().anyMatch(decline -> decline.refused().contains(offer));
    }

    /** Whether an offer may be held back at a time in nanoseconds: because it has to be, or had to be just before. */
    public boolean allowHolding(FrameworkId framework, Role role, AgentId agent, Resources offer, long now) {
        return known(framework, role, agent).stream()
                .anyMatch(decline -> decline.end() + TOLERANCE.toNanos() > now
                        && decline.refused().contains(offer));
    }
}
