// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.tepui.api.Role;
import org.tepui.v1.FrameworkInfo;
import org.tepui.v1.scheduler.Call;
import org.tepui.v1.scheduler.OfferConstraints;

/** What a framework may say about itself. Problems are values: a sentence for its ERROR event. */
final class FrameworkRules {
    /** What a double holds without loss, in seconds: beyond it a timeout means nothing. */
    private static final double MAXIMUM_FAILOVER_SECONDS = 9e9;

    /** Bytes of one serialized FrameworkInfo: it is recorded, and goes to agents with the framework's tasks. */
    static final int MAXIMUM_BYTES = 256 << 10;

    static final int MAXIMUM_ROLES = 1000;
    static final int MAXIMUM_TEXT = 4096;
    private static final int SHOWN_CHARACTERS = 60;

    private FrameworkRules() {}

    static boolean has(FrameworkInfo info, FrameworkInfo.Capability.Type capability) {
        return info.getCapabilitiesList().stream().anyMatch(c -> c.getType() == capability);
    }

    /**
     * The roles of a framework: one in {@code role}, or with MULTI_ROLE those in {@code roles}.
     *
     * @throws IllegalArgumentException if one is not a role
     */
    static SortedSet<Role> roles(FrameworkInfo info) {
        SortedSet<Role> roles = new TreeSet<>();
        roleNames(info).forEach(name -> roles.add(new Role(name)));
        return roles;
    }

    // frameworks without MULTI_ROLE say their role in the older field
    @SuppressWarnings("deprecation")
    private static List<String> roleNames(FrameworkInfo info) {
        return has(info, FrameworkInfo.Capability.Type.MULTI_ROLE) ? info.getRolesList() : List.of(info.getRole());
    }

    /** What is wrong with a subscription, seen for itself. */
    static Optional<String> problem(Call.Subscribe subscribe, Optional<String> principal) {
        FrameworkInfo info = subscribe.getFrameworkInfo();
        Optional<String> problem = sizeProblem(info);
        if (problem.isEmpty()) {
            problem = rolesProblem(info);
        }
        if (problem.isEmpty()) {
            problem = suppressedProblem(info, subscribe.getSuppressedRolesList());
        }
        if (problem.isEmpty()) {
            problem = fieldsProblem(info, principal);
        }
        return problem.isPresent() ? problem : constraintsProblem(info, subscribe.getOfferConstraints());
    }

    /** What is wrong with a change of a framework that its scheduler asked for, seen for itself and beside the old. */
    static Optional<String> updateProblem(
            FrameworkInfo known, Call.UpdateFramework update, Optional<String> principal) {
        FrameworkInfo claimed = update.getFrameworkInfo();
        Optional<String> problem = problem(
                Call.Subscribe.newBuilder()
                        .setFrameworkInfo(claimed)
                        .addAllSuppressedRoles(update.getSuppressedRolesList())
                        .setOfferConstraints(update.getOfferConstraints())
                        .build(),
                principal);
        if (problem.isEmpty()) {
            problem = changeProblem(known, claimed);
        }
        if (problem.isEmpty() && !known.getUser().equals(claimed.getUser())) {
            problem = Optional.of("Changing framework's user from '" + shown(known.getUser()) + "' to '"
                    + shown(claimed.getUser()) + "' is not allowed");
        }
        if (problem.isEmpty() && known.getCheckpoint() != claimed.getCheckpoint()) {
            problem = Optional.of("Changing framework's checkpoint from " + known.getCheckpoint() + " to "
                    + claimed.getCheckpoint() + " is not allowed");
        }
        return problem;
    }

    private static Optional<String> sizeProblem(FrameworkInfo info) {
        if (info.getSerializedSize() > MAXIMUM_BYTES) {
            return Optional.of("'FrameworkInfo' has " + info.getSerializedSize() + " bytes: at most " + MAXIMUM_BYTES
                    + " are allowed");
        }
        if (info.getRolesCount() > MAXIMUM_ROLES) {
            return Optional.of("'FrameworkInfo.roles' has " + info.getRolesCount() + " entries: at most "
                    + MAXIMUM_ROLES + " are allowed");
        }
        return lengthProblem("name", info.getName())
                .or(() -> lengthProblem("user", info.getUser()))
                .or(() -> lengthProblem("hostname", info.getHostname()))
                .or(() -> lengthProblem("principal", info.getPrincipal()))
                .or(() -> lengthProblem("webui_url", info.getWebuiUrl()));
    }

    private static Optional<String> lengthProblem(String field, String text) {
        return text.length() <= MAXIMUM_TEXT
                ? Optional.empty()
                : Optional.of("'FrameworkInfo." + field + "' has " + text.length() + " characters: at most "
                        + MAXIMUM_TEXT + " are allowed");
    }

    @SuppressWarnings("deprecation")
    private static Optional<String> rolesProblem(FrameworkInfo info) {
        boolean multiRole = has(info, FrameworkInfo.Capability.Type.MULTI_ROLE);
        if (multiRole && info.hasRole()) {
            return Optional.of("'FrameworkInfo.role' must not be set when the framework is MULTI_ROLE capable");
        }
        if (!multiRole && info.getRolesCount() > 0) {
            return Optional.of("'FrameworkInfo.roles' must not be set when the framework is not MULTI_ROLE capable");
        }
        if (info.getRolesCount() != new TreeSet<>(info.getRolesList()).size()) {
            return Optional.of("'FrameworkInfo.roles' has duplicates: " + shown(info.getRolesList()));
        }
        if (multiRole && info.getRolesCount() == 0) {
            return Optional.of("'FrameworkInfo.roles' is empty: at least one role is needed");
        }
        try {
            roles(info);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of("Framework has an invalid role: " + e.getMessage());
        }
    }

    private static Optional<String> suppressedProblem(FrameworkInfo info, List<String> suppressed) {
        Set<String> roles = new TreeSet<>(roleNames(info));
        return suppressed.stream()
                .filter(role -> !roles.contains(role))
                .findFirst()
                .map(role ->
                        "Suppressed role '" + shown(role) + "' is not one of the framework's roles " + shown(roles));
    }

    private static Optional<String> fieldsProblem(FrameworkInfo info, Optional<String> principal) {
        double failover = info.getFailoverTimeout();
        if (!(failover >= 0 && failover <= MAXIMUM_FAILOVER_SECONDS)) {
            return Optional.of("The framework's failover_timeout (" + failover
                    + " seconds) is invalid: 0 to 9e9 seconds are allowed");
        }
        if (principal.isPresent() && info.hasPrincipal() && !principal.get().equals(info.getPrincipal())) {
            return Optional.of("Framework principal '" + shown(info.getPrincipal())
                    + "' does not match authenticated principal '" + principal.get() + "'");
        }
        return offerFiltersProblem(info);
    }

    private static Optional<String> offerFiltersProblem(FrameworkInfo info) {
        try {
            for (Role role : Profiles.minimumAllocatable(info).keySet()) {
                if (!roles(info).contains(role)) {
                    return Optional.of("'FrameworkInfo.offer_filters' names role '" + role
                            + "', which is not one of the framework's roles " + shown(roleNames(info)));
                }
            }
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of("'FrameworkInfo.offer_filters' is invalid: " + e.getMessage());
        }
    }

    private static Optional<String> constraintsProblem(FrameworkInfo info, OfferConstraints constraints) {
        try {
            for (Role role : RoleConstraints.parse(constraints).keySet()) {
                if (!roles(info).contains(role)) {
                    return Optional.of("'offer_constraints' name role '" + role
                            + "', which is not one of the framework's roles " + shown(roleNames(info)));
                }
            }
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of("'offer_constraints' are invalid: " + e.getMessage());
        }
    }

    private static String shown(Collection<String> texts) {
        return shown(texts.toString());
    }

    /** A text of somebody else's, cut to a readable length. */
    static String shown(String text) {
        String start = text.length() > SHOWN_CHARACTERS ? text.substring(0, SHOWN_CHARACTERS) + "..." : text;
        return start.replaceAll("\\p{Cntrl}", "?");
    }

    /** What a framework that comes back may not change. */
    static Optional<String> changeProblem(FrameworkInfo known, FrameworkInfo claimed) {
        if (!known.getPrincipal().equals(claimed.getPrincipal())) {
            return Optional.of("Changing framework's principal from '" + shown(known.getPrincipal()) + "' to '"
                    + shown(claimed.getPrincipal()) + "' is not allowed");
        }
        return Optional.empty();
    }

    /** The new description of a framework that comes back: user and checkpoint stay as they were. */
    static FrameworkInfo merged(FrameworkInfo known, FrameworkInfo claimed) {
        return claimed.toBuilder()
                .setId(known.getId())
                .setUser(known.getUser())
                .setCheckpoint(known.getCheckpoint())
                .build();
    }
}
