// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.tepui.api.Quota;
import org.tepui.api.Quotas;
import org.tepui.api.Role;
import org.tepui.api.resources.Quantities;
import org.tepui.api.resources.Scalar;
import org.tepui.proto.convert.QuotaConversion;
import org.tepui.v1.quota.QuotaConfig;

/**
 * Which quotas are allowed. Problems are values: a sentence for the operator.
 *
 * <p>A role that has guarantees covers those of the roles below it; one that has none is guaranteed what they are
 * together, and no limit on the way up may be lower than that.
 */
final class QuotaRules {
    static final int MAXIMUM_ROLES = 10_000;
    static final int MAXIMUM_NAMES = 100;
    private static final String FORCE = " (use 'force' to bypass this check)";

    private QuotaRules() {}

    /**
     * The quotas of a call by role.
     *
     * @throws IllegalArgumentException saying what is wrong with one of them, seen for itself
     */
    static SortedMap<Role, Quota> parse(List<QuotaConfig> configs) {
        if (configs.size() > MAXIMUM_ROLES) {
            throw new IllegalArgumentException(
                    configs.size() + " roles at once: at most " + MAXIMUM_ROLES + " are allowed");
        }
        SortedMap<Role, Quota> quotas = new TreeMap<>();
        for (QuotaConfig config : configs) {
            Role role = new Role(config.getRole());
            if (Math.max(config.getGuaranteesCount(), config.getLimitsCount()) > MAXIMUM_NAMES) {
                throw new IllegalArgumentException(
                        "role '" + role + "' has more than " + MAXIMUM_NAMES + " guarantees or limits");
            }
            Quota quota;
            try {
                quota = QuotaConversion.toApi(config);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("role '" + role + "': " + e.getMessage(), e);
            }
            if (quotas.put(role, quota) != null) {
                throw new IllegalArgumentException("role '" + role + "' is named twice");
            }
        }
        return quotas;
    }

    /** What is wrong with quotas, seen together. */
    static Optional<String> treeProblem(Quotas quotas) {
        if (quotas.byRole().size() > MAXIMUM_ROLES) {
            return Optional.of("there would be quotas for " + quotas.byRole().size() + " roles: at most "
                    + MAXIMUM_ROLES + " are allowed");
        }
        SortedMap<Role, Quantities> children = childGuarantees(quotas);
        for (Map.Entry<Role, Quantities> entry : children.entrySet()) {
            Role role = entry.getKey();
            Quota quota = quotas.of(role);
            if (!quota.guarantees().isEmpty() && !quota.guarantees().contains(entry.getValue())) {
                return Optional.of("the roles below '" + role + "' are guaranteed " + entry.getValue()
                        + " together, which is more than its own guarantee of " + quota.guarantees());
            }
            Optional<String> exceeded = exceeded(entry.getValue(), quota);
            if (exceeded.isPresent()) {
                return Optional.of("the roles below '" + role + "' are guaranteed " + entry.getValue()
                        + " together, which is more than its limit of " + exceeded.get());
            }
        }
        return Optional.empty();
    }

    /** By role that has children with guarantees: what these are guaranteed together. */
    private static SortedMap<Role, Quantities> childGuarantees(Quotas quotas) {
        SortedMap<Role, Quantities> children = new TreeMap<>();
        // names that begin with another come after it: in the opposite order each role comes before its parent
        SortedMap<Role, Quantities> deepestFirst = new TreeMap<>(QuotaRules::deepestFirst);
        quotas.byRole().forEach((role, quota) -> deepestFirst.put(role, quota.guarantees()));
        while (!deepestFirst.isEmpty()) {
            Role role = deepestFirst.firstKey();
            Quantities own = Objects.requireNonNullElse(deepestFirst.remove(role), Quantities.empty());
            Quantities below = children.getOrDefault(role, Quantities.empty());
            Quantities effective = own.isEmpty() ? below : own;
            @Nullable Role parent = role.parent();
            if (parent != null && !effective.isEmpty()) {
                children.merge(parent, effective, Quantities::add);
                deepestFirst.putIfAbsent(parent, Quantities.empty());
            }
        }
        return children;
    }

    private static int deepestFirst(Role one, Role other) {
        int depth = Long.compare(depth(other), depth(one));
        return depth != 0 ? depth : one.compareTo(other);
    }

    private static long depth(Role role) {
        return role.name().chars().filter(c -> c == '/').count();
    }

    /** The first limit that is lower than an amount. */
    private static Optional<String> exceeded(Quantities amounts, Quota quota) {
        return quota.limits().entrySet().stream()
                .filter(limit -> amounts.thousandths(limit.getKey()) > limit.getValue())
                .findFirst()
                .map(limit -> limit.getKey() + ":" + Scalar.format(limit.getValue()));
    }

    /** What contradicts what the cluster has and uses at present. An operator may insist. */
    static Optional<String> stateProblem(Quotas quotas, Map<Role, Quota> changes, RoleUsage usage) {
        for (Map.Entry<Role, Quota> change : changes.entrySet()) {
            Quantities consumed = usage.consumed(change.getKey());
            Optional<String> exceeded = exceeded(consumed, change.getValue());
            if (exceeded.isPresent()) {
                return Optional.of("role '" + change.getKey() + "' is already consuming " + consumed
                        + ", which is more than the limit of " + exceeded.get() + FORCE);
            }
        }
        boolean raises =
                changes.values().stream().anyMatch(quota -> !quota.guarantees().isEmpty());
        Quantities total = totalGuarantees(quotas);
        if (raises && !usage.capacity().contains(total)) {
            return Optional.of("total quota guarantees of " + total + " exceed the cluster's capacity of "
                    + usage.capacity() + FORCE);
        }
        return Optional.empty();
    }

    private static Quantities totalGuarantees(Quotas quotas) {
        SortedMap<Role, Quantities> children = childGuarantees(quotas);
        SortedMap<Role, Quantities> top = new TreeMap<>();
        quotas.byRole().forEach((role, quota) -> {
            if (role.parent() == null) {
                top.put(role, quota.guarantees());
            }
        });
        children.forEach((role, below) -> {
            if (role.parent() == null
                    && top.getOrDefault(role, Quantities.empty()).isEmpty()) {
                top.put(role, below);
            }
        });
        return top.values().stream().reduce(Quantities.empty(), Quantities::add);
    }

    /** What of the amounts is beyond the limits. */
    static Quantities excess(Quantities amounts, Quota quota) {
        Map<String, Long> excess = new TreeMap<>();
        quota.limits().forEach((name, limit) -> excess.put(name, Math.max(0, amounts.thousandths(name) - limit)));
        return Quantities.of(excess);
    }
}
