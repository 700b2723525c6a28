// SPDX-License-Identifier: Apache-2.0
package org.tepui.api.resources;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.tepui.api.Role;

/**
 * A bundle of resources with exact arithmetic: {@code a.add(b).subtract(b)} equals {@code a}, as long as ranges and
 * sets of the two do not overlap (the sum of those is their union).
 *
 * <p>Immutable and safe to share between threads. Resources of equal {@linkplain ResourceIdentity identity} are added
 * up, empty ones left out, and the rest kept in an order of their own, so that bundles that hold the same are equal.
 * Operations cost a pass over both bundles; those that change nothing return the bundle itself.
 */
public final class Resources implements Iterable<Resource> {
    /** How many different resources a bundle may have when it comes from outside. */
    public static final int MAXIMUM_ENTRIES = 4096;

    private static final Resources EMPTY = new Resources(new Resource[0]);

    private final Resource[] entries;
    private final int flags;
    private int hash;
    private @Nullable Quantities quantities;

    /** Takes over an array that is sorted, without duplicates and without empty entries. */
    private Resources(Resource[] entries) {
        this.entries = entries;
        int union = 0;
        for (Resource entry : entries) {
            union |= entry.identity().flags();
        }
        this.flags = union;
    }

    /** No resources. */
    public static Resources empty() {
        return EMPTY;
    }

    /**
     * The sum of the given resources.
     *
     * @throws IllegalArgumentException if there are more than {@value #MAXIMUM_ENTRIES} different ones
     */
    public static Resources of(Collection<Resource> resources) {
        Resource[] sorted = resources.stream().filter(r -> !r.isEmpty()).toArray(Resource[]::new);
        Arrays.sort(sorted, Resource::compareKind);
        Resource[] sums = sumRuns(sorted);
        if (sums.length > MAXIMUM_ENTRIES) {
            throw new IllegalArgumentException(
                    sums.length + " different resources are too many: at most " + MAXIMUM_ENTRIES);
        }
        return wrap(sums, sums.length);
    }

    /**
     * The sum of the given resources.
     *
     * @throws IllegalArgumentException as {@link #of(Collection)}
     */
    public static Resources of(Resource... resources) {
        return of(Arrays.asList(resources));
    }

    /**
     * Reads the text form: {@code cpus:4;mem:4096;ports:[31000-32000];disks(ads):{a,b}}, where a role in brackets
     * stands for a static reservation.
     *
     * @throws IllegalArgumentException naming the position, what is there and what is allowed
     */
    public static Resources parse(String text) {
        return ResourceText.parse(text, Role.ANY);
    }

    /**
     * Reads the text form with a role for what names none.
     *
     * @throws IllegalArgumentException as {@link #parse(String)}
     */
    public static Resources parse(String text, Role defaultRole) {
        return ResourceText.parse(text, defaultRole);
    }

    private static Resource[] sumRuns(Resource[] sorted) {
        int size = 0;
        for (Resource next : sorted) {
            if (size > 0 && sorted[size - 1].compareKind(next) == 0) {
                sorted[size - 1] = sorted[size - 1].plus(next);
            } else {
                sorted[size++] = next;
            }
        }
        return Arrays.copyOf(sorted, size);
    }

    private static Resources wrap(Resource[] entries, int size) {
        if (size == 0) {
            return EMPTY;
        }
        return new Resources(size == entries.length ? entries : Arrays.copyOf(entries, size));
    }

    /** Whether there is nothing in it. */
    public boolean isEmpty() {
        return entries.length == 0;
    }

    /** How many different resources there are. */
    public int size() {
        return entries.length;
    }

    @Override
    public Iterator<Resource> iterator() {
        return Arrays.asList(entries).iterator();
    }

    /** The resources in their own order. */
    public List<Resource> toList() {
        return List.of(entries);
    }

    /**
     * Both together.
     *
     * @throws ArithmeticException if a sum does not fit 64 bits
     */
    public Resources add(Resources other) {
        if (isEmpty() || other.isEmpty()) {
            return isEmpty() ? other : this;
        }
        Resource[] a = entries;
        Resource[] b = other.entries;
        Resource[] sum = new Resource[a.length + b.length];
        int i = 0;
        int j = 0;
        int size = 0;
        while (i < a.length && j < b.length) {
            int order = a[i].compareKind(b[j]);
            if (order == 0) {
                sum[size++] = a[i++].plus(b[j++]);
            } else {
                sum[size++] = order < 0 ? a[i++] : b[j++];
            }
        }
        while (i < a.length) {
            sum[size++] = a[i++];
        }
        while (j < b.length) {
            sum[size++] = b[j++];
        }
        return wrap(sum, size);
    }

    /** Both together. */
    public Resources add(Resource other) {
        return other.isEmpty() ? this : add(new Resources(new Resource[] {other}));
    }

    /**
     * This without the other, which has to be a part of it.
     *
     * @throws IllegalArgumentException if it is not, naming both
     */
    public Resources subtract(Resources other) {
        if (!contains(other)) {
            throw new IllegalArgumentException("cannot take " + other + " from " + this + ": it does not hold that");
        }
        return subtractAvailable(other);
    }

    /** This without what both have in common. What only the other has does not matter. */
    public Resources subtractAvailable(Resources other) {
        if (isEmpty() || other.isEmpty()) {
            return this;
        }
        Resource[] a = entries;
        Resource[] b = other.entries;
        Resource[] rest = new Resource[a.length];
        int size = 0;
        int j = 0;
        for (Resource entry : a) {
            while (j < b.length && b[j].compareKind(entry) < 0) {
                j++;
            }
            Resource left = j < b.length && b[j].compareKind(entry) == 0 ? entry.minus(b[j]) : entry;
            if (!left.isEmpty()) {
                rest[size++] = left;
            }
        }
        return wrap(rest, size);
    }

    /** Whether the other is a part of this. Everything contains nothing. */
    public boolean contains(Resources other) {
        Resource[] a = entries;
        if (a == other.entries) {
            return true;
        }
        int i = 0;
        for (Resource wanted : other.entries) {
            while (i < a.length && a[i].compareKind(wanted) < 0) {
                i++;
            }
            if (i == a.length || a[i].compareKind(wanted) != 0 || !a[i].holds(wanted)) {
                return false;
            }
        }
        return true;
    }

    /** Those that pass a test. */
    public Resources filter(Predicate<Resource> test) {
        Resource[] passed = new Resource[entries.length];
        int size = 0;
        for (Resource entry : entries) {
            if (test.test(entry)) {
                passed[size++] = entry;
            }
        }
        return size == entries.length ? this : wrap(passed, size);
    }

    /** Those that are reserved for nobody. */
    public Resources unreserved() {
        return has(ResourceIdentity.RESERVED) ? filter(Resource::isUnreserved) : this;
    }

    /** Those that are reserved for somebody. */
    public Resources reserved() {
        return has(ResourceIdentity.RESERVED) ? filter(r -> !r.isUnreserved()) : EMPTY;
    }

    /** Those that a framework in this role may be given: reserved for nobody, for the role or for a role above it. */
    public Resources allocatableTo(Role role) {
        return has(ResourceIdentity.RESERVED) ? filter(r -> r.identity().isAllocatableTo(role)) : this;
    }

    /** Those that cannot be taken back at any time. */
    public Resources nonRevocable() {
        return has(ResourceIdentity.REVOCABLE) ? filter(r -> !r.identity().isRevocable()) : this;
    }

    /** Those that may be taken back at any time. */
    public Resources revocable() {
        return has(ResourceIdentity.REVOCABLE) ? filter(r -> r.identity().isRevocable()) : EMPTY;
    }

    /** Those that only one task may use. */
    public Resources nonShared() {
        return has(ResourceIdentity.SHARED) ? filter(r -> !r.identity().isShared()) : this;
    }

    /** Those whose reservation is not refined for a child role. */
    public Resources unrefined() {
        return has(ResourceIdentity.REFINED)
                ? filter(r -> r.identity().reservations().size() < 2)
                : this;
    }

    /** Whether any of them is reserved. */
    public boolean hasReserved() {
        return has(ResourceIdentity.RESERVED);
    }

    private boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** The same amounts without reservations and persistent volumes. */
    public Resources toUnreserved() {
        if (!has(ResourceIdentity.RESERVED)) {
            return this;
        }
        return map(r -> {
            DiskInfo disk = r.identity().disk();
            ResourceIdentity plain = r.identity().withShared(false);
            if (disk != null) {
                DiskInfo.Source source = disk.source();
                plain = plain.withDisk(source == null ? null : new DiskInfo(null, null, source));
            }
            return r.withIdentity(plain.withReservations(List.of()));
        });
    }

    /**
     * The same amounts with one more reservation on each.
     *
     * @throws IllegalArgumentException if it cannot refine one that is there
     */
    public Resources pushReservation(Reservation reservation) {
        return map(r -> r.reserved(reservation));
    }

    /**
     * The same amounts without the innermost reservation of each. Those without reservation stay as they are.
     *
     * @throws IllegalArgumentException if that would leave a persistent volume without any
     */
    public Resources popReservation() {
        return map(r -> {
            List<Reservation> stack = r.identity().reservations();
            return stack.isEmpty()
                    ? r
                    : r.withIdentity(r.identity().withReservations(stack.subList(0, stack.size() - 1)));
        });
    }

    /** All of it, allocated to a role. */
    public Resources allocate(Role role) {
        // one role for all keeps the order, unless some were allocated before and differ in nothing else
        return has(ResourceIdentity.ALLOCATED) ? map(r -> r.allocatedTo(role)) : mapInOrder(r -> r.allocatedTo(role));
    }

    /** All of it, allocated to nobody. */
    public Resources unallocate() {
        return has(ResourceIdentity.ALLOCATED)
                ? map(r -> r.withIdentity(r.identity().unallocated()))
                : this;
    }

    /** The parts by the role that they are allocated to. What is not allocated is left out. */
    public SortedMap<Role, Resources> allocations() {
        SortedMap<Role, Resources> parts = new TreeMap<>();
        for (Resource entry : entries) {
            Role role = entry.identity().allocationRole();
            if (role != null && !parts.containsKey(role)) {
                parts.put(role, filter(r -> role.equals(r.identity().allocationRole())));
            }
        }
        return parts;
    }

    /** Each resource changed; they are added up and ordered again. */
    private Resources map(UnaryOperator<Resource> change) {
        List<Resource> changed = new ArrayList<>(entries.length);
        boolean inOrder = true;
        for (Resource entry : entries) {
            Resource next = change.apply(entry);
            int last = changed.size() - 1;
            inOrder = inOrder && (last < 0 || changed.get(last).compareKind(next) < 0);
            changed.add(next);
        }
        return inOrder ? wrap(changed.toArray(Resource[]::new), entries.length) : of(changed);
    }

    private Resources mapInOrder(UnaryOperator<Resource> change) {
        Resource[] changed = new Resource[entries.length];
        for (int i = 0; i < changed.length; i++) {
            changed[i] = change.apply(entries[i]);
        }
        return wrap(changed, changed.length);
    }

    /** The amounts by name, whoever they are reserved for. Computed once. */
    public Quantities quantities() {
        Quantities known = quantities;
        if (known == null) {
            known = Quantities.of(this);
            quantities = known;
        }
        return known;
    }

    /** The amount of a name in thousandths, whoever it is reserved for. */
    public long thousandths(String name) {
        return quantities().thousandths(name);
    }

    @Override
    public boolean equals(Object other) {
        return this == other || (other instanceof Resources resources && Arrays.equals(entries, resources.entries));
    }

    @Override
    public int hashCode() {
        if (hash == 0) {
            hash = Arrays.hashCode(entries);
        }
        return hash;
    }

    /** The text form; that of ordinary and of statically reserved resources can be read again. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Resource entry : entries) {
            text.append(text.isEmpty() ? "" : ";").append(entry);
        }
        return text.toString();
    }
}
