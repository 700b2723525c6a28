// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tepui.api.FrameworkCapability;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;
import org.tepui.api.resources.Quantities;

/**
 * What an allocator knows of a framework.
 *
 * @param id its identity
 * @param name what its scheduler calls it
 * @param roles the roles it wants resources in, at least one
 * @param capabilities what it can handle
 * @param minimumAllocatable for a role, the bundles of which an offer has to hold at least one; an empty list means
 *     that any offer will do, and a role that
 *     is absent has the cluster's own minimum
 * @param constraints for a role, which agents it wants to be offered; a role that is absent takes any
 */
public record FrameworkProfile(
        FrameworkId id,
        String name,
        SortedSet<Role> roles,
        Set<FrameworkCapability> capabilities,
        Map<Role, List<Quantities>> minimumAllocatable,
        Map<Role, AgentConstraint> constraints) {
    /** One that takes any agent. */
    public FrameworkProfile(
            FrameworkId id,
            String name,
            SortedSet<Role> roles,
            Set<FrameworkCapability> capabilities,
            Map<Role, List<Quantities>> minimumAllocatable) {
        this(id, name, roles, capabilities, minimumAllocatable, Map.of());
    }

    /** @throws IllegalArgumentException if there is no role */
    public FrameworkProfile {
        if (roles.isEmpty()) {
            throw new IllegalArgumentException("framework '" + id + "' has no role: at least one is needed");
        }
        roles = Collections.unmodifiableSortedSet(new TreeSet<>(roles));
        Set<FrameworkCapability> copy = EnumSet.noneOf(FrameworkCapability.class);
        copy.addAll(capabilities);
        capabilities = Collections.unmodifiableSet(copy);
        minimumAllocatable = Collections.unmodifiableMap(new TreeMap<>(minimumAllocatable));
        constraints = Collections.unmodifiableMap(new TreeMap<>(constraints));
    }
}
