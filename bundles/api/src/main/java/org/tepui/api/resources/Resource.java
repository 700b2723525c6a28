// SPDX-License-Identifier: Apache-2.0
package org.tepui.api.resources;

import java.util.ArrayList;
import java.util.List;
import org.tepui.api.Role;

/**
 * An amount of one thing. Immutable.
 *
 * <p>What is given out as a whole (a persistent volume, a mounted disk) keeps its value and has a number of copies:
 * 1, or for a shared volume as many as there are users.
 */
public final class Resource implements Comparable<Resource> {
    private final ResourceIdentity identity;
    private final ResourceValue value;
    private final int copies;

    /** Made by arithmetic on values that were checked when they came in. */
    Resource(ResourceIdentity identity, ResourceValue value, int copies) {
        this.identity = identity;
        this.value = value;
        this.copies = copies;
    }

    /**
     * An amount of one thing.
     *
     * @throws IllegalArgumentException if the value is of another kind than the identity says, too large, or not
     *     whole
     * for GPUs
     */
    public static Resource of(ResourceIdentity identity, ResourceValue value) {
        if (identity.type() != value.type()) {
            throw new IllegalArgumentException("resource '" + identity.name() + "' is of type " + identity.type()
                    + " and cannot have a value of type " + value.type());
        }
        if (value.thousandths() > Scalar.MAXIMUM_THOUSANDTHS) {
            throw new IllegalArgumentException("resource '" + identity.name() + "' is too large: at most "
                    + Scalar.format(Scalar.MAXIMUM_THOUSANDTHS) + " is allowed, it is " + value);
        }
        if (identity.name().equals("gpus") && value.thousandths() % 1000 != 0) {
            throw new IllegalArgumentException("resource 'gpus' is to be a whole number, it is " + value);
        }
        return new Resource(identity, value, 1);
    }

    /**
     * An ordinary amount: not reserved, of the agent itself.
     *
     * @throws IllegalArgumentException if name or value is not allowed
     */
    public static Resource of(String name, ResourceValue value) {
        return of(ResourceIdentity.of(name, value.type()), value);
    }

    /** What it is. */
    public ResourceIdentity identity() {
        return identity;
    }

    /** How much of it there is. */
    public ResourceValue value() {
        return value;
    }

    /** How many copies of a thing that is given out as a whole there are; 1 for everything else. */
    public int copies() {
        return copies;
    }

    /** The name, such as {@code cpus}. */
    public String name() {
        return identity.name();
    }

    /** Whether it is reserved for nobody. */
    public boolean isUnreserved() {
        return identity.reservations().isEmpty();
    }

    /** The amount in thousandths. A shared volume counts once, whatever the number of its users. */
    public long thousandths() {
        return identity.isShared() ? value.thousandths() : value.thousandths() * copies;
    }

    /** The same with another identity, for a change that leaves the amount alone. */
    public Resource withIdentity(ResourceIdentity changed) {
        return new Resource(changed, value, copies);
    }

    /** The same with one more reservation. */
    Resource reserved(Reservation reservation) {
        List<Reservation> stack = new ArrayList<>(identity.reservations());
        stack.add(reservation);
        return withIdentity(identity.withReservations(stack));
    }

    /** The same, allocated to a role. */
    Resource allocatedTo(Role role) {
        return withIdentity(identity.allocatedTo(role));
    }

    /**
     * Orders by identity; things that are given out as a whole also by what they are. 0 means that two can be added
     * up.
     */
    int compareKind(Resource other) {
        int order = identity.compareTo(other.identity);
        if (order != 0 || !identity.isIndivisible()) {
            return order;
        }
        order = Long.compare(value.thousandths(), other.value.thousandths());
        return order != 0 || value.equals(other.value)
                ? order
                : value.toString().compareTo(other.value.toString());
    }

    /** Both together; they are of one kind. */
    Resource plus(Resource other) {
        return identity.isIndivisible()
                ? new Resource(identity, value, Math.addExact(copies, other.copies))
                : new Resource(identity, value.plus(other.value), 1);
    }

    /** This without what both have in common; they are of one kind. May be empty. */
    Resource minus(Resource other) {
        return identity.isIndivisible()
                ? new Resource(identity, value, Math.max(0, copies - other.copies))
                : new Resource(identity, value.minus(other.value), 1);
    }

    /** Whether the other, which is of the same kind, is a part of this. */
    boolean holds(Resource other) {
        return identity.isIndivisible() ? copies >= other.copies : value.contains(other.value);
    }

    boolean isEmpty() {
        return copies == 0 || value.isEmpty();
    }

    @Override
    public int compareTo(Resource other) {
        int order = compareKind(other);
        if (order == 0) {
            order = Integer.compare(copies, other.copies);
        }
        if (order == 0 && !value.equals(other.value)) {
            order = Long.compare(value.thousandths(), other.value.thousandths());
            order = order != 0 ? order : value.toString().compareTo(other.value.toString());
        }
        return order;
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof Resource other
                && copies == other.copies
                && identity.equals(other.identity)
                && value.equals(other.value);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * identity.hashCode() + value.hashCode()) + copies;
    }

    @Override
    public String toString() {
        return identity + (copies == 1 ? "" : "x" + copies) + ":" + value;
    }
}
