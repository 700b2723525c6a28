// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.tepui.allocator.AgentConstraint;
import org.tepui.allocator.AgentProfile;
import org.tepui.api.Role;
import org.tepui.v1.scheduler.AttributeConstraint;
import org.tepui.v1.scheduler.OfferConstraints;

/**
 * Which agents a framework wants to be offered in one role: those that satisfy all constraints of one group. Two of
 * them are equal if they were said in the same words.
 */
final class RoleConstraints implements AgentConstraint {
    /** Constraints of one framework, and bytes of them all: they are looked at for each agent that has room. */
    static final int MAXIMUM_CONSTRAINTS = 1000;

    static final int MAXIMUM_BYTES = 256 << 10;

    private final OfferConstraints.RoleConstraints message;
    private final List<List<Predicate<AgentProfile>>> groups;

    private RoleConstraints(OfferConstraints.RoleConstraints message, List<List<Predicate<AgentProfile>>> groups) {
        this.message = message;
        this.groups = groups;
    }

    /**
     * The constraints by role.
     *
     * @throws IllegalArgumentException naming the role and what is wrong: a group that is empty, no or no known
     *     selector or predicate, an expression that is none or too complex
     */
    static Map<Role, AgentConstraint> parse(OfferConstraints constraints) {
        if (constraints.getSerializedSize() > MAXIMUM_BYTES) {
            throw new IllegalArgumentException("they have " + constraints.getSerializedSize() + " bytes: at most "
                    + MAXIMUM_BYTES + " are allowed");
        }
        long count = constraints.getRoleConstraintsMap().values().stream()
                .flatMap(role -> role.getGroupsList().stream())
                .mapToLong(OfferConstraints.RoleConstraints.Group::getAttributeConstraintsCount)
                .sum();
        if (count > MAXIMUM_CONSTRAINTS) {
            throw new IllegalArgumentException(
                    "there are " + count + " constraints: at most " + MAXIMUM_CONSTRAINTS + " are allowed");
        }
        Map<Role, AgentConstraint> parsed = new TreeMap<>();
        constraints.getRoleConstraintsMap().forEach((name, message) -> {
            Role role = new Role(name);
            try {
                parsed.put(role, new RoleConstraints(message, groups(message)));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("role '" + role + "': " + e.getMessage(), e);
            }
        });
        return parsed;
    }

    private static List<List<Predicate<AgentProfile>>> groups(OfferConstraints.RoleConstraints message) {
        if (message.getGroupsCount() == 0) {
            throw new IllegalArgumentException("'groups' is empty: such a role would never be offered anything");
        }
        List<List<Predicate<AgentProfile>>> groups = new ArrayList<>();
        for (OfferConstraints.RoleConstraints.Group group : message.getGroupsList()) {
            if (group.getAttributeConstraintsCount() == 0) {
                throw new IllegalArgumentException("a group has no 'attribute_constraints'");
            }
            List<Predicate<AgentProfile>> all = new ArrayList<>();
            for (AttributeConstraint constraint : group.getAttributeConstraintsList()) {
                all.add(ConstraintPredicate.of(constraint));
            }
            groups.add(all);
        }
        return groups;
    }

    @Override
    public boolean admits(AgentProfile agent) {
        for (List<Predicate<AgentProfile>> group : groups) {
            if (group.stream().allMatch(constraint -> constraint.test(agent))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RoleConstraints constraints && message.equals(constraints.message);
    }

    @Override
    public int hashCode() {
        return message.hashCode();
    }

    @Override
    public String toString() {
        return message.toString();
    }
}
