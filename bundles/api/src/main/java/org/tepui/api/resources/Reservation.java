// SPDX-License-Identifier: Apache-2.0
package org.tepui.api.resources;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tepui.api.Role;

/**
 * Sets resources aside for one role and the roles below it.
 *
 * @param type how it came about
 * @param role whom it is for; never {@code *}
 * @param principal who made it, if known
 * @param labels tell reservations of one role apart, sorted
 */
public record Reservation(Type type, Role role, @Nullable String principal, List<Label> labels) {
    /** How a reservation came about, with the numbers of the v1 API. */
    public enum Type {
        /** By the configuration of the agent: it lasts as long as that. */
        STATIC(1),
        /** By a call: it lasts until another takes it back. */
        DYNAMIC(2);

        private final int number;

        Type(int number) {
            this.number = number;
        }

        /** The value of this type in the v1 API. */
        public int number() {
            return number;
        }
    }

    /** @throws IllegalArgumentException if it is for everybody, or has too many labels */
    public Reservation {
        if (role.equals(Role.ANY)) {
            throw new IllegalArgumentException("a reservation for role '*' is not allowed: that role is everybody's");
        }
        labels = Label.sorted(labels);
    }

    /** A reservation by the agent's configuration. */
    public static Reservation fixed(Role role) {
        return new Reservation(Type.STATIC, role, null, List.of());
    }

    /** A reservation by a call, without principal and labels. */
    public static Reservation dynamic(Role role) {
        return new Reservation(Type.DYNAMIC, role, null, List.of());
    }

    /** Whether it may stand on top of the other one in a stack: for a role strictly below, and made by a call. */
    public boolean refines(Reservation other) {
        return type == Type.DYNAMIC && other.role.isAncestorOf(role);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("(").append(type).append(',').append(role);
        if (principal != null) {
            text.append(',').append(principal);
        }
        if (!labels.isEmpty()) {
            text.append(',').append(labels);
        }
        return text.append(')').toString();
    }
}
