// SPDX-License-Identifier: Apache-2.0
package org.tepui.api.resources;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** A set of names, as the value of a resource: disks by label, licences by key. In ascending order, immutable. */
public final class ItemSet implements ResourceValue {
    /** How many items one value may have when it comes from outside. */
    public static final int MAXIMUM_ITEMS = 10_000;

    private static final int MAXIMUM_LENGTH = 255;

    private final SortedSet<String> items;

    private ItemSet(SortedSet<String> items) {
        this.items = items;
    }

    /**
     * The set of the given items.
     *
     * @throws IllegalArgumentException if an item is given twice, is empty, longer than 255 characters or has control
     * characters, or if there are
     *     too many
     */
    public static ItemSet of(Collection<String> items) {
        if (items.size() > MAXIMUM_ITEMS) {
            throw new IllegalArgumentException(items.size() + " items are too many: at most " + MAXIMUM_ITEMS);
        }
        SortedSet<String> sorted = new TreeSet<>();
        for (String item : items) {
            if (item.isEmpty() || item.length() > MAXIMUM_LENGTH || item.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException("item '" + item.substring(0, Math.min(40, item.length()))
                        + "' is not allowed: 1 to " + MAXIMUM_LENGTH + " characters, without control characters");
            }
            if (!sorted.add(item)) {
                throw new IllegalArgumentException("item '" + item + "' is given twice");
            }
        }
        return new ItemSet(sorted);
    }

    /**
     * The set of the given items.
     *
     * @throws IllegalArgumentException as {@link #of(Collection)}
     */
    public static ItemSet of(String... items) {
        return of(Arrays.asList(items));
    }

    /** The items in ascending order. */
    public List<String> items() {
        return List.copyOf(items);
    }

    @Override
    public ValueType type() {
        return ValueType.SET;
    }

    @Override
    public boolean isEmpty() {
        return items.isEmpty();
    }

    @Override
    public ItemSet plus(ResourceValue other) {
        SortedSet<String> union = new TreeSet<>(items);
        union.addAll(((ItemSet) other).items);
        return new ItemSet(union);
    }

    @Override
    public ItemSet minus(ResourceValue other) {
        SortedSet<String> rest = new TreeSet<>(items);
        rest.removeAll(((ItemSet) other).items);
        return new ItemSet(rest);
    }

    @Override
    public boolean contains(ResourceValue other) {
        return items.containsAll(((ItemSet) other).items);
    }

    @Override
    public long thousandths() {
        return items.size() * 1000L;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ItemSet set && items.equals(set.items);
    }

    @Override
    public int hashCode() {
        return items.hashCode();
    }

    @Override
    public String toString() {
        return "{" + String.join(", ", items) + "}";
    }
}
