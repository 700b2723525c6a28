// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;

/**
 * Why a framework gets no (more) offers in a role: each agent counted under one reason, all of them true at the same
 * moment.
 *
 * @param framework whom it is about
 * @param role one of its roles, or one that it does not have
 * @param agents how many agents there are; the counts add up to it
 * @param refusals agents by reason; a reason without agents is absent
 */
public record AllocationDecision(
        FrameworkId framework, Role role, int agents, SortedMap<RefusalReason, Integer> refusals) {
    /** @throws IllegalArgumentException if the counts do not add up */
    public AllocationDecision {
        refusals = Collections.unmodifiableSortedMap(new TreeMap<>(refusals));
        int sum = refusals.values().stream().mapToInt(Integer::intValue).sum();
        if (sum != agents) {
            throw new IllegalArgumentException("reasons for " + sum + " of " + agents + " agents");
        }
    }

    /** The decision in words, the reason with the most agents first. */
    public String sentence() {
        if (agents == 0) {
            return "there are no agents";
        }
        StringBuilder text = new StringBuilder();
        refusals.entrySet().stream()
                .sorted(Map.Entry.<RefusalReason, Integer>comparingByValue().reversed())
                .forEach(entry -> text.append(text.isEmpty() ? "" : "; ")
                        .append(entry.getValue())
                        .append(entry.getValue() == 1 ? " agent: " : " agents: ")
                        .append(entry.getKey().sentence()));
        return text.toString();
    }
}
