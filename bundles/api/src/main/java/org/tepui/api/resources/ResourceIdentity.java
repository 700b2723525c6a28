// SPDX-License-Identifier: Apache-2.0
package org.tepui.api.resources;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tepui.api.Role;

/**
 * What a resource is, apart from how much of it there is. Two resources can be added up if their identities are
 * equal, and otherwise stand side by side.
 *
 * <p>Immutable. Made from {@link #of} and the {@code with} methods. Identities of common resources are shared
 * objects, so that comparing them costs nothing.
 */
public final class ResourceIdentity implements Comparable<ResourceIdentity> {
    static final int RESERVED = 1;
    static final int REFINED = 2;
    static final int REVOCABLE = 4;
    static final int SHARED = 8;
    static final int ALLOCATED = 16;

    private static final int MAXIMUM_NAME_LENGTH = 255;
    private static final int MAXIMUM_RESERVATIONS = 64;

    private static final Map<String, ResourceIdentity> COMMON = Map.of(
            "cpus", new ResourceIdentity("cpus", ValueType.SCALAR),
            "gpus", new ResourceIdentity("gpus", ValueType.SCALAR),
            "mem", new ResourceIdentity("mem", ValueType.SCALAR),
            "disk", new ResourceIdentity("disk", ValueType.SCALAR),
            "ports", new ResourceIdentity("ports", ValueType.RANGES));

    private final String name;
    private final ValueType type;
    private final Details details;
    private final @Nullable Role allocationRole;

    /** This identity without its allocation role: itself if it has none. */
    private final ResourceIdentity unallocated;

    /** Orders and compares what lies beyond name and role; built when two identities of one name meet. */
    private @Nullable String detailsKey;

    /** The identity last made from this one for a role. A race makes an equal one twice and does no harm. */
    private @Nullable ResourceIdentity lastAllocated;

    private final int flags;
    private final int hash;

    /** What most resources have none of. */
    private record Details(
            List<Reservation> reservations,
            @Nullable DiskInfo disk,
            boolean revocable,
            boolean shared,
            @Nullable String providerId) {
        private static final Details NONE = new Details(List.of(), null, false, false, null);
    }

    private ResourceIdentity(String name, ValueType type) {
        this(name, type, Details.NONE);
    }

    private ResourceIdentity(String name, ValueType type, Details details) {
        this.name = name;
        this.type = type;
        this.details = details;
        this.allocationRole = null;
        this.unallocated = this;
        boolean plain = details.equals(Details.NONE);
        this.detailsKey = plain ? "" : null;
        this.flags = (details.reservations.isEmpty() ? 0 : RESERVED)
                | (details.reservations.size() > 1 ? REFINED : 0)
                | (details.revocable ? REVOCABLE : 0)
                | (details.shared ? SHARED : 0);
        this.hash = 31 * name.hashCode() + (plain ? 0 : details.hashCode());
    }

    private ResourceIdentity(ResourceIdentity unallocated, Role role) {
        this.name = unallocated.name;
        this.type = unallocated.type;
        this.details = unallocated.details;
        this.allocationRole = role;
        this.unallocated = unallocated;
        this.flags = unallocated.flags | ALLOCATED;
        this.detailsKey = null;
        this.hash = 31 * unallocated.hash + role.hashCode();
    }

    /**
     * An ordinary resource: not reserved, of the agent itself.
     *
     * @param name 1 to 255 characters, without white space, control characters and {@code ( ) : ;}
     * @param type any but TEXT
     * @throws IllegalArgumentException if name or type is not allowed, or does not fit the other for a name that has
     *     a
     * meaning
     */
    public static ResourceIdentity of(String name, ValueType type) {
        ResourceIdentity common = COMMON.get(name);
        if (common != null && common.type == type) {
            return common;
        }
        if (common != null || type == ValueType.TEXT) {
            ValueType allowed = common == null ? ValueType.SCALAR : common.type;
            throw new IllegalArgumentException(
                    "resource '" + name + "' cannot be of type " + type + ": it is to be of type " + allowed);
        }
        checkName(name);
        return new ResourceIdentity(name, type);
    }

    private static void checkName(String name) {
        String shown = name.substring(0, Math.min(40, name.length())).replaceAll("\\p{Cntrl}", "?");
        if (name.isEmpty() || name.length() > MAXIMUM_NAME_LENGTH) {
            throw new IllegalArgumentException("resource name '" + shown + "' has " + name.length()
                    + " characters: 1 to " + MAXIMUM_NAME_LENGTH + " are allowed");
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isWhitespace(c) || Character.isISOControl(c) || "():;".indexOf(c) >= 0) {
                throw new IllegalArgumentException(
                        "resource name '" + shown + "' has a character that is not allowed at" + " position " + i
                                + ": white space, control characters and ( ) : ; are excluded");
            }
        }
    }

    /**
     * The same with another stack of reservations, the outermost role first.
     *
     * @throws IllegalArgumentException if one does not refine the one before it, if there are more than 64, or if the
     * resource is revocable
     */
    public ResourceIdentity withReservations(List<Reservation> reservations) {
        if (reservations.size() > MAXIMUM_RESERVATIONS) {
            throw new IllegalArgumentException(reservations.size()
                    + " reservations on top of each other are too many: at most " + MAXIMUM_RESERVATIONS);
        }
        for (int i = 1; i < reservations.size(); i++) {
            if (!reservations.get(i).refines(reservations.get(i - 1))) {
                throw new IllegalArgumentException("reservation " + reservations.get(i) + " cannot refine "
                        + reservations.get(i - 1) + ": it is to be dynamic and for a role below");
            }
        }
        return with(new Details(
                List.copyOf(reservations), details.disk, details.revocable, details.shared, details.providerId));
    }

    /**
     * The same with another disk description.
     *
     * @throws IllegalArgumentException if the resource is not named {@code disk}, or is a persistent volume without
     * reservation
     */
    public ResourceIdentity withDisk(@Nullable DiskInfo disk) {
        return with(new Details(details.reservations, disk, details.revocable, details.shared, details.providerId));
    }

    /**
     * The same, to be taken back at any time or not.
     *
     * @throws IllegalArgumentException if it is reserved
     */
    public ResourceIdentity withRevocable(boolean revocable) {
        return with(new Details(details.reservations, details.disk, revocable, details.shared, details.providerId));
    }

    /**
     * The same, usable by several tasks at once or not.
     *
     * @throws IllegalArgumentException if it is not a persistent volume
     */
    public ResourceIdentity withShared(boolean shared) {
        return with(new Details(details.reservations, details.disk, details.revocable, shared, details.providerId));
    }

    /** The same from another resource provider, or with null from the agent itself. */
    public ResourceIdentity withProvider(@Nullable String providerId) {
        return with(new Details(details.reservations, details.disk, details.revocable, details.shared, providerId));
    }

    private ResourceIdentity with(Details changed) {
        boolean persistent = changed.disk != null && changed.disk.persistence() != null;
        if (changed.disk != null && !name.equals("disk")) {
            throw refused("only disk has a disk description");
        }
        if (persistent && changed.reservations.isEmpty()) {
            throw refused("a persistent volume is to be reserved");
        }
        if (changed.shared && !persistent) {
            throw refused("only persistent volumes can be shared");
        }
        if (changed.revocable && (persistent || !changed.reservations.isEmpty())) {
            throw refused("a revocable resource cannot be reserved");
        }
        ResourceIdentity made =
                changed.equals(Details.NONE) ? of(name, type) : new ResourceIdentity(name, type, changed);
        return allocationRole == null ? made : made.allocatedTo(allocationRole);
    }

    private IllegalArgumentException refused(String rule) {
        return new IllegalArgumentException("resource '" + name + "' is not allowed: " + rule);
    }

    /** The same, allocated to a role. */
    public ResourceIdentity allocatedTo(Role role) {
        if (role.equals(allocationRole)) {
            return this;
        }
        ResourceIdentity cached = unallocated.lastAllocated;
        if (cached != null && role.equals(cached.allocationRole)) {
            return cached;
        }
        ResourceIdentity made = new ResourceIdentity(unallocated, role);
        unallocated.lastAllocated = made;
        return made;
    }

    /** The same without allocation role. */
    public ResourceIdentity unallocated() {
        return unallocated;
    }

    /** The name, such as {@code cpus}. */
    public String name() {
        return name;
    }

    /** The kind of value. */
    public ValueType type() {
        return type;
    }

    /** The reservations, the outermost role first; empty if it is nobody's. */
    public List<Reservation> reservations() {
        return details.reservations;
    }

    /** The disk description, if there is one. */
    public @Nullable DiskInfo disk() {
        return details.disk;
    }

    /** Whether it may be taken back at any time. */
    public boolean isRevocable() {
        return details.revocable;
    }

    /** Whether several tasks may use it at once. */
    public boolean isShared() {
        return details.shared;
    }

    /** The resource provider it comes from, or null if that is the agent itself. */
    public @Nullable String providerId() {
        return details.providerId;
    }

    /** The role it is allocated to, or null if it is not. */
    public @Nullable Role allocationRole() {
        return allocationRole;
    }

    /** The role it is reserved for: that of the innermost reservation, or {@code *}. */
    public Role reservationRole() {
        List<Reservation> stack = details.reservations;
        return stack.isEmpty() ? Role.ANY : stack.get(stack.size() - 1).role();
    }

    /**
     * Whether a framework in this role may be given it: it is reserved for nobody, for the role or for a role above.
     */
    public boolean isAllocatableTo(Role role) {
        return details.reservations.isEmpty() || reservationRole().covers(role);
    }

    /** Whether it is given out as a whole or not at all, so that two of the same identity stay two. */
    public boolean isIndivisible() {
        return details.shared || (details.disk != null && details.disk.isIndivisible());
    }

    int flags() {
        return flags;
    }

    /** Name, type, details, role. */
    @Override
    public int compareTo(ResourceIdentity other) {
        if (this == other) {
            return 0;
        }
        int order = name.compareTo(other.name);
        if (order == 0) {
            order = type.compareTo(other.type);
        }
        if (order == 0) {
            order = detailsKey().compareTo(other.detailsKey());
        }
        if (order == 0) {
            order = allocationName().compareTo(other.allocationName());
        }
        return order;
    }

    private String allocationName() {
        return allocationRole == null ? "" : allocationRole.name();
    }

    private String detailsKey() {
        if (allocationRole != null) {
            return unallocated.detailsKey();
        }
        String key = detailsKey;
        if (key == null) {
            key = DetailsKey.of(this);
            detailsKey = key;
        }
        return key;
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof ResourceIdentity identity && hash == identity.hash && compareTo(identity) == 0);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** The name with what sets the resource apart in brackets: {@code cpus(ads)} for a static reservation alone. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(name);
        if (allocationRole != null) {
            text.append("(allocated: ").append(allocationRole).append(')');
        }
        List<Reservation> stack = details.reservations;
        if (stack.size() == 1
                && stack.get(0).equals(Reservation.fixed(stack.get(0).role()))) {
            text.append('(').append(stack.get(0).role()).append(')');
        } else if (!stack.isEmpty()) {
            text.append("(reservations: ").append(stack).append(')');
        }
        if (details.disk != null) {
            text.append('(').append(details.disk).append(')');
        }
        if (details.providerId != null) {
            text.append("(provider: ").append(details.providerId).append(')');
        }
        return text.append(details.revocable ? "{REV}" : "")
                .append(details.shared ? "<SHARED>" : "")
                .toString();
    }
}
